package io.mqcontroller.controller.metadata.decide;

import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.Fitness;
import io.mqcontroller.controller.metadata.LivenessView;
import io.mqcontroller.controller.metadata.ReplicaReport;
import io.mqcontroller.controller.metadata.SyncStateSet;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.Collectors;

/** Why nobody can become master, in words for an operator. */
public final class EligibilityReport {
    private EligibilityReport() {}

    /** For instance {@code no eligible replica in C/g: SyncStateSet {1} is dead (1: no heartbeat for 34 s)}. */
    public static String nobodyIn(BrokerGroup group, LivenessView live) {
        String start = "no eligible replica in " + group.key() + ": ";
        if (!group.everElected()) {
            return start + "it has never had a master, and of its replicas none "
                    + (anyAlive(group.replicas().keySet(), live) ? "can be it (" : "is alive (")
                    + lives(group.replicas().keySet(), live) + ")";
        }
        if (group.syncStateSet().members().isEmpty()) {
            return start + "its SyncStateSet is empty: all its members were removed";
        }
        SortedSet<BrokerId> members = group.syncStateSet().members();
        String state = anyAlive(members, live) ? " has nobody who can be master (" : " is dead (";
        return start + "SyncStateSet " + group.syncStateSet().describeMembers() + state + lives(members, live) + ")";
    }

    /** Why this replica can't become master, if it can't, without saying which one it is. */
    public static String whyNot(BrokerGroup group, LivenessView live, BrokerId target) {
        if (!group.has(target)) {
            return "it is not registered; registered are "
                    + SyncStateSet.describe(group.replicas().keySet());
        }
        if (!live.of(target).mayBeMaster()) {
            return life(live.of(target));
        }
        if (live.of(target).fitness() == Fitness.UNFIT && group.syncStateSet().contains(target)) {
            return life(live.of(target)) + ", and others can be master";
        }
        return "it is not in the SyncStateSet "
                + group.syncStateSet().describeMembers()
                + ", so it may lack acknowledged messages";
    }

    /** What an election is decided on, a line a replica, for instance {@code 2, in sync: alive, epoch 3, offset 500}. */
    public static List<String> inputs(BrokerGroup group, LivenessView live) {
        return group.replicas().keySet().stream()
                .map(id -> id + (group.syncStateSet().contains(id) ? ", in sync: " : ", not in sync: ")
                        + life(live.of(id)) + ", epoch " + live.of(id).epoch() + ", offset "
                        + live.of(id).maxOffset())
                .toList();
    }

    private static boolean anyAlive(Collection<BrokerId> ids, LivenessView live) {
        return ids.stream().anyMatch(live::isAlive);
    }

    static String lives(Collection<BrokerId> ids, LivenessView live) {
        return ids.stream().map(id -> id + ": " + life(live.of(id))).collect(Collectors.joining(", "));
    }

    private static String life(ReplicaReport report) {
        if (report.alive()) {
            return switch (report.fitness()) {
                case FIT -> report.silentMs() < 0 ? "alive, but without a heartbeat so far" : "alive";
                case UNFIT -> "alive, but it says that it is unfit to be master";
                case RESIGNED -> "alive, but it has resigned";
                case LEARNER -> "alive, but it only copies data as a learner";
            };
        }
        return report.silentMs() < 0 ? "never heard of" : "no heartbeat for " + report.silentMs() / 1000 + " s";
    }
}
