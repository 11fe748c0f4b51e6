package io.mqcontroller.benchmark;

import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** The load on one target, phase after phase, each into the measurements. */
final class Load {
    private static final int CALLERS = 64;
    private static final int REGISTERING_CALLERS = 64;
    private static final int HEARTBEATS_A_CALLER = 2_500;
    private static final int HEARTBEAT_CALLERS = 8;

    private final Target target;
    private final Measurements measurements;
    private final double seconds;
    private final BrokerCalls calls;
    private final AtomicInteger groups = new AtomicInteger();
    private final Owned[] owned = new Owned[CALLERS];

    /** A group that one caller changes, with what it knows of it. */
    private static final class Owned {
        private final String group;
        private final int masterEpoch;
        private int setEpoch;
        private boolean both;

        private Owned(String group, int[] epochs) {
            this.group = group;
            masterEpoch = epochs[0];
            setEpoch = epochs[1];
        }
    }

    Load(Target target, BrokerCalls calls, Measurements measurements, double seconds) {
        this.target = target;
        this.calls = calls;
        this.measurements = measurements;
        this.seconds = seconds;
    }

    /** Makes the groups that the callers own and runs everything for a while, unmeasured: a cold JVM is many times slower. */
    void warmUp(double warmUpSeconds) throws Exception {
        for (int i = 0; i < CALLERS; i++) {
            String group = "owned-" + i;
            calls.registerGroup(i, group);
            int caller = i;
            calls.registerReplica(i, group, 2, (name, id) -> calls.heartbeat(caller, name, id));
            calls.barrier(i);
            owned[i] = new Owned(group, calls.epochs(i, group));
        }
        Callers.run(target, CALLERS, warmUpSeconds, Long.MAX_VALUE, this::alter);
        Callers.run(target, CALLERS, warmUpSeconds, Long.MAX_VALUE, this::read);
        Callers.run(target, REGISTERING_CALLERS, warmUpSeconds, 2_000, this::register);
        beat();
    }

    void measure() throws Exception {
        changes(CALLERS);
        changes(1);
        Callers.Result reads = Callers.run(target, CALLERS, seconds, Long.MAX_VALUE, this::read);
        add("1004 reads/s, 64 callers", true, reads.perSecond());
        add("1004 read, CPU ms", false, reads.cpuMsPerOp());
        // Nobody answers a heartbeat, so a rate would only say how fast they can be sent; what they cost is the truth.
        add("heartbeat, CPU ms, 500 connections with 10 a second each", false, PacedHeartbeats.cpuMs(target, seconds));
        Callers.Result registered = Callers.run(target, REGISTERING_CALLERS, seconds, 10_000, this::register);
        add("registrations of new groups/s, 64 callers", true, registered.perSecond());
        add("registration, CPU ms", false, registered.cpuMsPerOp());
        add("resident memory of three, MiB", false, target.residentMiB());
    }

    private void changes(int callers) {
        String suffix = callers == 1 ? ", 1 caller" : ", " + callers + " callers";
        Callers.Result changes = Callers.run(target, callers, seconds, Long.MAX_VALUE, this::alter);
        add("SyncStateSet changes/s" + suffix, true, changes.perSecond());
        add("SyncStateSet change, p50 ms" + suffix, false, changes.p50Ms());
        add("SyncStateSet change, p99 ms" + suffix, false, changes.p99Ms());
        add("SyncStateSet change, CPU ms" + suffix, false, changes.cpuMsPerOp());
    }

    /** Each caller sends its heartbeats, then waits until the controller has read them. */
    private void beat() {
        Callers.run(target, HEARTBEAT_CALLERS, 60, HEARTBEAT_CALLERS, caller -> {
            for (int i = 0; i < HEARTBEATS_A_CALLER; i++) {
                calls.heartbeat(caller, owned[(caller * 8 + i) % CALLERS].group, 1);
            }
            calls.barrier(caller);
        });
    }

    private void alter(int caller) throws Exception {
        Owned mine = owned[caller];
        mine.setEpoch = calls.alter(
                caller, mine.group, mine.masterEpoch, mine.both ? Set.of(1L) : Set.of(1L, 2L), mine.setEpoch);
        mine.both = !mine.both;
    }

    private void read(int caller) throws Exception {
        calls.replicaInfo(caller, owned[caller].group);
    }

    private void register(int caller) throws Exception {
        calls.registerGroup(caller, "new-" + groups.incrementAndGet());
    }

    private void add(String metric, boolean moreIsBetter, double value) {
        measurements.add(metric, moreIsBetter, target.kind(), value);
    }
}
