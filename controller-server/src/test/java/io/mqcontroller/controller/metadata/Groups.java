package io.mqcontroller.controller.metadata;

import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Groups and lives for tests, in one line each. */
public final class Groups {
    public static final GroupKey KEY = new GroupKey("C", "g");

    private Groups() {}

    public static SortedSet<BrokerId> ids(long... values) {
        SortedSet<BrokerId> ids = new TreeSet<>();
        for (long value : values) {
            ids.add(new BrokerId(value));
        }
        return ids;
    }

    public static BrokerId id(long value) {
        return new BrokerId(value);
    }

    /** Replicas 1 to {@code size}; {@code master} 0 means none; masterEpoch 5, syncStateSetEpoch 8. */
    public static BrokerGroup group(int size, long master, long... syncStateSet) {
        return new BrokerGroup(
                KEY,
                replicas(size),
                size + 1L,
                master == 0 ? Optional.empty() : Optional.of(id(master)),
                5,
                new SyncStateSet(ids(syncStateSet), 8));
    }

    public static BrokerGroup neverElected(int size) {
        return new BrokerGroup(KEY, replicas(size), size + 1L, Optional.empty(), 0, SyncStateSet.EMPTY);
    }

    private static SortedMap<BrokerId, Replica> replicas(int size) {
        SortedMap<BrokerId, Replica> replicas = new TreeMap<>();
        for (long value = 1; value <= size; value++) {
            replicas.put(id(value), new Replica(id(value), "h:" + value, "h:" + value + ";1"));
        }
        return replicas;
    }

    /** These are alive, all alike. */
    public static LivenessView alive(long... values) {
        SortedMap<BrokerId, ReplicaReport> reports = new TreeMap<>();
        for (long value : values) {
            reports.put(id(value), report(5, 100, Integer.MAX_VALUE));
        }
        return new LivenessView(reports);
    }

    public static ReplicaReport report(int epoch, long maxOffset, int priority) {
        return new ReplicaReport(true, epoch, epoch, maxOffset, priority, 0);
    }

    /** {@code live} with one more report. */
    public static LivenessView with(LivenessView live, long id, ReplicaReport report) {
        SortedMap<BrokerId, ReplicaReport> reports = new TreeMap<>(live.reports());
        reports.put(id(id), report);
        return new LivenessView(reports);
    }

    public static <R> Refusal refusalOf(Decision<R> decision) {
        if (decision instanceof Decision.Refused<R> refused) {
            return refused.refusal();
        }
        throw new AssertionError("not refused: " + decision);
    }

    public static <R> Decision.Accepted<R> accepted(Decision<R> decision) {
        if (decision instanceof Decision.Accepted<R> accepted) {
            return accepted;
        }
        throw new AssertionError("not accepted: " + decision);
    }
}
