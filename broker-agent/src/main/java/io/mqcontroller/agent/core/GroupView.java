package io.mqcontroller.agent.core;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The group as a leader has told it; committed when it was told, perhaps outdated by now.
 *
 * @param master 0: none
 */
public record GroupView(long master, int masterEpoch, SyncStateSet syncStateSet, List<ReplicaView> replicas) {
    public GroupView {
        Objects.requireNonNull(syncStateSet, "syncStateSet");
        replicas = List.copyOf(replicas);
    }

    public Optional<ReplicaView> replica(long brokerId) {
        return replicas.stream().filter(r -> r.brokerId() == brokerId).findFirst();
    }

    /** Whether it tells more than {@code other}: a newer master, or under the same one a newer set. */
    public boolean isNewerThan(GroupView other) {
        return masterEpoch != other.masterEpoch
                ? masterEpoch > other.masterEpoch
                : syncStateSet.epoch() > other.syncStateSet.epoch();
    }

    @Override
    public String toString() {
        return "master " + (master == 0 ? "none" : master) + " epoch " + masterEpoch + " set " + syncStateSet;
    }
}
