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
    private final long countedUs;
    private final SortedMap<String, Long> lastSentUs = new TreeMap<>();

    LeaseWithinItsGrant(long maxDriftPpm) {
        countedUs = LeaseSettings.DEFAULT.countedMs() * (1_000_000 - maxDriftPpm) / 1_000;
    }

    @Override
    public void onLease(Broker broker, long sentUs, long untilUs) {
        long newestUs = lastSentUs.merge(broker.name() + " in its life " + broker.life(), sentUs, Math::max);
        if (untilUs > newestUs + countedUs) {
            throw new InvariantViolation(
                    getClass(),
                    broker.name() + " has a lease until " + untilUs + " us for a heartbeat of " + newestUs
                            + " us; its leader may stop waiting after " + countedUs + " us");
        }
    }
}
