package io.mqcontroller.controller.liveness;

import io.mqcontroller.controller.metadata.AckRule;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.GroupKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which masters may be taking writes without having heard from this leader again, and until when at the latest. Soft state of
 * the leader; a new one assumes the worst ({@link #assume}). Times in ms of the loop's clock, which is never ahead of real time.
 * Not thread safe.
 *
 * <p>A lease that was granted to a master that acknowledges only what all of its SyncStateSet has is kept apart: while it
 * runs, that master can't acknowledge anything without the member that is elected instead of it, unless that one has lost in a
 * restart what the master counted it for. A stronger rule takes nothing
 * from a lease that was granted under a weaker one: the heartbeat that tells of it may have been overtaken.
 */
public final class Leases {
    /** A moment that is over in any case. */
    public static final long NEVER = Long.MIN_VALUE;

    private final Map<GroupKey, Lease> leases = new HashMap<>();

    private static final class Lease {
        final BrokerId holder;
        int masterEpoch;
        long untilMs = NEVER;
        long weakerUntilMs = NEVER;
        boolean givenBack;

        /** Until when the lease may run that this leader did not grant, but assumes. */
        long assumedUntilMs = NEVER;

        /** Who has not restarted under the lease that is assumed. */
        final Set<BrokerId> steady = new HashSet<>();

        /** Until when it may acknowledge what these had, and lost in a restart. */
        final Map<BrokerId, Long> lackingUntilMs = new HashMap<>();

        Lease(BrokerId holder) {
            this.holder = holder;
        }
    }

    /** The recorded master gets a lease of this length for the heartbeat that was taken in now. */
    public void grant(BrokerGroup group, AckRule rule, LeaseSettings length, long nowMs) {
        Lease lease = underEpochOf(group);
        long untilMs = nowMs + length.countedMs();
        lease.untilMs = Math.max(lease.untilMs, untilMs);
        if (rule == AckRule.WEAKER) {
            lease.weakerUntilMs = Math.max(lease.weakerUntilMs, untilMs);
        }
    }

    /**
     * This member leads from now on: the one before may have granted the longest lease to the recorded master just now, under the
     * weakest rule that is recorded. Who has restarted under that lease is not known: everybody may have.
     */
    public void assume(BrokerGroup group, LeaseSettings longest, long nowMs) {
        grant(group, group.weakestAckRule(), longest, nowMs);
        Lease lease = underEpochOf(group);
        lease.assumedUntilMs = lease.untilMs;
    }

    /** This replica has been registered for so long that no lease that is assumed ran at that moment. */
    public void isSteady(GroupKey group, BrokerId id) {
        Lease lease = leases.get(group);
        if (lease != null && lease.assumedUntilMs != NEVER) {
            lease.steady.add(id);
        }
    }

    /** The recorded master has stopped taking writes for good, under its masterEpoch. */
    public void giveBack(BrokerGroup group) {
        Lease lease = underEpochOf(group);
        lease.untilMs = NEVER;
        lease.weakerUntilMs = NEVER;
        lease.lackingUntilMs.clear();
        lease.assumedUntilMs = NEVER;
        lease.givenBack = true;
    }

    /**
     * This replica has restarted, and may have lost the end of its log; the master may have counted it before as one that has
     * what it is going to acknowledge under the lease that it holds.
     */
    public void restarted(GroupKey group, BrokerId id) {
        Lease lease = leases.get(group);
        if (lease != null && !lease.holder.equals(id)) {
            lease.steady.remove(id);
            lease.lackingUntilMs.put(id, lease.untilMs);
        }
    }

    /** Whether the recorded master has given its lease back under this masterEpoch. */
    public boolean isGivenBack(BrokerGroup group) {
        Lease lease = leases.get(group.key());
        return lease != null
                && group.isMaster(lease.holder)
                && lease.masterEpoch == group.masterEpoch()
                && lease.givenBack;
    }

    /** Whether the recorded master may be acknowledging with less than all of its SyncStateSet. */
    public boolean isHeldWeakly(BrokerGroup group, long nowMs) {
        Lease lease = leases.get(group.key());
        return lease != null && group.isMaster(lease.holder) && lease.weakerUntilMs > nowMs;
    }

    /** Until when somebody other than {@code winner} may be taking writes; {@link #NEVER} if nobody is. */
    public long heldAgainstUntilMs(GroupKey group, BrokerId winner) {
        Lease lease = leases.get(group);
        return lease == null || lease.holder.equals(winner) ? NEVER : lease.untilMs;
    }

    /** Like {@link #heldAgainstUntilMs}, counting only those who acknowledge writes that {@code winner} may not have. */
    public long heldWeaklyAgainstUntilMs(GroupKey group, BrokerId winner) {
        Lease lease = leases.get(group);
        if (lease == null || lease.holder.equals(winner)) {
            return NEVER;
        }
        long lackingUntilMs = Math.max(
                lease.lackingUntilMs.getOrDefault(winner, NEVER),
                lease.steady.contains(winner) ? NEVER : lease.assumedUntilMs);
        return Math.max(lease.weakerUntilMs, lackingUntilMs);
    }

    /** Until when anybody may be taking writes. */
    public long heldUntilMs(GroupKey group) {
        Lease lease = leases.get(group);
        return lease == null ? NEVER : lease.untilMs;
    }

    /** The group is gone. */
    public void forget(GroupKey group) {
        leases.remove(group);
    }

    /** This member does not lead any more. */
    public void clear() {
        leases.clear();
    }

    /** One process may have had leases under two epochs, so those of the same holder stay. */
    private Lease underEpochOf(BrokerGroup group) {
        BrokerId master = group.master().orElseThrow();
        Lease lease = leases.get(group.key());
        if (lease == null || !lease.holder.equals(master)) {
            lease = new Lease(master);
            leases.put(group.key(), lease);
        }
        if (lease.masterEpoch != group.masterEpoch()) {
            lease.masterEpoch = group.masterEpoch();
            lease.givenBack = false;
        }
        return lease;
    }
}
