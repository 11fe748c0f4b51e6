package io.mqcontroller.agent.simulation.invariant;

import io.mqcontroller.controller.liveness.LeaseSettings;
import io.mqcontroller.raft.simulation.invariant.InvariantViolation;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A lease is over for its holder before it is over for the leader that granted it, by true time: that leader can't have begun to
 * count before the heartbeat was sent, and its clock may run fast.
 */
public final class LeaseWithinItsGrant implements Invariant {
    private final long maxDriftPpm;
    private final SortedMap<String, Long> countedUntilUs = new TreeMap<>();

    LeaseWithinItsGrant(long maxDriftPpm) {
        this.maxDriftPpm = maxDriftPpm;
    }

    @Override
    public void onLease(Broker broker, long sentUs, long grantedMs, long untilUs) {
        long countedUs = new LeaseSettings(grantedMs).countedMs() * (1_000_000 - maxDriftPpm) / 1_000;
        String holder = broker.name() + " in its life " + broker.life();
        long overUs = overUs(holder, sentUs + countedUs);
        if (untilUs > overUs) {
            throw new InvariantViolation(
                    getClass(),
                    broker.name() + " has a lease until " + untilUs + " us, with one for a heartbeat of " + sentUs
                            + " us; its leader may stop waiting at " + overUs + " us");
        }
    }

    /** A long lease outlives a short one that was granted after it. */
    private long overUs(String holder, long newUs) {
        return countedUntilUs.merge(holder, newUs, Math::max);
    }
}
