package io.mqcontroller.controller.controller;

import io.mqcontroller.controller.liveness.LeaseSettings;
import io.mqcontroller.controller.liveness.Leases;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.ClusterMetadata;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.MetadataRecord;
import io.mqcontroller.controller.metadata.Replica;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;

/**
 * Which decisions must wait for a master's lease to run out. A lease keeps everybody else from becoming master, so that no two
 * acknowledge writes at once; it never keeps its holder from anything.
 */
final class MasterLeases {
    private final LeaseSettings settings;
    private final Leases leases;

    MasterLeases(LeaseSettings settings) {
        this.settings = settings;
        leases = new Leases(settings);
    }

    /** The leases themselves. */
    Leases table() {
        return leases;
    }

    long leaseMs() {
        return settings.leaseMs();
    }

    /** A new leadership begins. */
    void onLeading(ClusterMetadata state, long nowMs) {
        leases.clear();
        state.groups().forEach((key, group) -> {
            if (group.masterReplica().map(Replica::agent).orElse(false)) {
                leases.assume(group, nowMs);
            }
        });
    }

    /** What was granted here is for the next leader to assume. */
    void onFollowing() {
        leases.clear();
    }

    /**
     * Until when this change must wait; empty: it need not. Who acknowledges only what all of the SyncStateSet has can't
     * acknowledge without a member of it that is elected, so then there is nothing to wait for. For one that is not a member
     * there is, and "nobody" waits as well: whoever is elected after it should not have to think of the master before.
     */
    OptionalLong holdsUpUntilMs(MetadataRecord.MasterChanged change, long nowMs) {
        long untilMs;
        if (change.master().isEmpty()) {
            untilMs = leases.heldUntilMs(change.group());
        } else if (change.unclean()) {
            untilMs = leases.heldAgainstUntilMs(change.group(), change.master().get());
        } else {
            untilMs = leases.heldWeaklyAgainstUntilMs(
                    change.group(), change.master().get());
        }
        return untilMs > nowMs ? OptionalLong.of(untilMs) : OptionalLong.empty();
    }

    /** Why an operator can't remove these replicas yet, if one of them is master and may still be taking writes. */
    Optional<String> holdsUpRemoval(BrokerGroup group, SortedSet<BrokerId> ids, long nowMs) {
        boolean takesMaster = group.master().isPresent()
                && (ids.isEmpty() || ids.contains(group.master().get()));
        long leftMs = leases.heldUntilMs(group.key()) - nowMs;
        return takesMaster && leases.heldUntilMs(group.key()) > nowMs
                ? Optional.of("the master " + group.master().get() + " of " + group.key() + " may take writes for "
                        + leftMs + " ms more by its lease; ask again then")
                : Optional.empty();
    }

    void forget(GroupKey group) {
        leases.forget(group);
    }
}
