package io.mqcontroller.controller.metadata;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** The life of one group's replicas at one moment, immutable, so that decisions stay pure. May know replicas that never registered. */
public record LivenessView(SortedMap<BrokerId, ReplicaReport> reports) {
    public static final LivenessView EMPTY = new LivenessView(new TreeMap<>());

    public LivenessView {
        reports = Collections.unmodifiableSortedMap(new TreeMap<>(reports));
    }

    public ReplicaReport of(BrokerId id) {
        return reports.getOrDefault(id, ReplicaReport.NEVER_HEARD);
    }

    public boolean isAlive(BrokerId id) {
        return of(id).alive();
    }

    /** Whether the group has a master and it is alive. */
    public boolean isMasterAlive(BrokerGroup group) {
        return group.master().isPresent() && isAlive(group.master().get());
    }
}
