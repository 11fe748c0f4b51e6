package io.mqcontroller.controller.metadata.decide;

import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.LivenessView;
import io.mqcontroller.controller.metadata.ReplicaReport;
import java.util.Collection;
import java.util.stream.Collectors;

/** Why nobody can become master, in words for an operator. */
public final class EligibilityReport {
    private EligibilityReport() {}

    /** For instance {@code no eligible replica in C/g: SyncStateSet {1} is dead (1: no heartbeat for 34 s)}. */
    public static String nobodyIn(BrokerGroup group, LivenessView live) {
        String start = "no eligible replica in " + group.key() + ": ";
        if (!group.everElected()) {
            return start + "it has never had a master, and of its replicas none is alive ("
                    + lives(group.replicas().keySet(), live) + ")";
        }
        if (group.syncStateSet().members().isEmpty()) {
            return start + "its SyncStateSet is empty: all its members were removed";
        }
        return start + "SyncStateSet " + group.syncStateSet().describeMembers() + " is dead ("
                + lives(group.syncStateSet().members(), live) + ")";
    }

    static String lives(Collection<BrokerId> ids, LivenessView live) {
        return ids.stream().map(id -> id + ": " + life(live.of(id))).collect(Collectors.joining(", "));
    }

    private static String life(ReplicaReport report) {
        if (report.alive()) {
            return "alive";
        }
        return report.silentMs() < 0 ? "never heard of" : "no heartbeat for " + report.silentMs() / 1000 + " s";
    }
}
