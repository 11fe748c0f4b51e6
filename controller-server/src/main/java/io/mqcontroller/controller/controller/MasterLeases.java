package io.mqcontroller.controller.controller;

import io.mqcontroller.controller.liveness.LeaseSettings;
import io.mqcontroller.controller.liveness.Leases;
import io.mqcontroller.controller.metadata.AckRule;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.ClusterMetadata;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.MetadataRecord;
import io.mqcontroller.controller.metadata.Replica;
import io.mqcontroller.controller.metadata.decide.ChangeMasterLease;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.function.BooleanSupplier;

/**
 * Which decisions must wait for a master's lease to run out. A lease keeps everybody else from becoming master, so that no two
 * acknowledge writes at once; it never keeps its holder from anything.
 *
 * <p>Controllers need not agree on how long leases are: the longest that any of them may have granted is recorded before it is
 * granted, and a shorter one is recorded only when none above it can run any more. So a new leader knows what to wait for.
 */
final class MasterLeases {
    private final LeaseSettings own;
    private final BooleanSupplier mayRecordRules;
    private final Leases leases = new Leases();

    /** When everything is over that leaders before this one granted. */
    private long othersUntilMs = Leases.NEVER;

    /** The longest that may have been granted before this leadership. */
    private LeaseSettings longestBefore;

    /** @param mayRecordRules whether all members know the record of {@link BrokerGroup#weakestAckRule} */
    MasterLeases(LeaseSettings own, BooleanSupplier mayRecordRules) {
        this.own = own;
        this.mayRecordRules = mayRecordRules;
        longestBefore = own;
    }

    /** The leases themselves. */
    Leases table() {
        return leases;
    }

    /**
     * The leases that may be granted now.
     *
     * @param committed what every leader after this one will know of
     */
    LeaseSettings grantable(ClusterMetadata committed) {
        return new LeaseSettings(Math.min(own.leaseMs(), committed.masterLeaseMs()));
    }

    /** What is to be recorded now about the length of leases. */
    List<MetadataRecord> dueRecords(ClusterMetadata state, long nowMs) {
        return ChangeMasterLease.decide(state, own.leaseMs(), nowMs >= othersUntilMs);
    }

    /** When there may be something to record that is not due yet. */
    long recordDueMs(ClusterMetadata state) {
        return own.leaseMs() < state.masterLeaseMs() ? othersUntilMs : Long.MAX_VALUE;
    }

    /**
     * What is to be recorded together with a lease under this rule, before it is handed out: every leader after this one goes by the
     * record. The stronger rule is recorded only when no lease under the weaker one can run any more.
     */
    List<MetadataRecord> recordsFor(BrokerGroup group, AckRule rule, long nowMs) {
        if (rule == group.weakestAckRule()
                || rule == AckRule.ALL_IN_SYNC
                        && (leases.isHeldWeakly(group, nowMs) || !mayRecordRules.getAsBoolean())) {
            return List.of();
        }
        return List.of(new MetadataRecord.WeakestAckRuleChanged(group.key(), rule));
    }

    /**
     * A replica says for how long it has been registered. A lease that ran when it was is over if that is longer ago than the
     * longest lease lasts; the margin is for its clock.
     */
    void onRegisteredFor(GroupKey group, BrokerId id, long registeredMs) {
        if (registeredMs >= new LeaseSettings(longestBefore.countedMs()).countedMs()) {
            leases.isSteady(group, id);
        }
    }

    /** A new leadership begins. Those of members that record nothing are as long as the own ones. */
    void onLeading(ClusterMetadata state, long nowMs) {
        LeaseSettings longest = new LeaseSettings(Math.max(own.leaseMs(), state.masterLeaseMs()));
        longestBefore = longest;
        othersUntilMs = nowMs + longest.countedMs();
        leases.clear();
        state.groups().forEach((key, group) -> {
            if (group.masterReplica().map(Replica::agent).orElse(false)) {
                leases.assume(group, longest, nowMs);
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

    /** For how long the recorded master may be taking writes without being heard. */
    long leftMs(BrokerGroup group, long nowMs) {
        long untilMs = leases.heldUntilMs(group.key());
        return group.master().isPresent() && untilMs > nowMs ? untilMs - nowMs : 0;
    }

    void forget(GroupKey group) {
        leases.forget(group);
    }
}
