package io.mqcontroller.controller.controller;

import io.mqcontroller.controller.liveness.LeaseSettings;
import io.mqcontroller.controller.liveness.LivenessSettings;
import java.util.Objects;

/**
 * Settings of the loop.
 *
 * @param lease of masters with an agent
 * @param mailboxCapacity requests and heartbeats that may wait for the loop; more are refused by name
 * @param maxTurnEvents that one turn takes in
 * @param maxInflightProposals batches on their way at once; while all are under way the next batch grows
 * @param maxBatchRecords of one batch
 * @param maxWaitingAnswers answers that may wait for commits and reads; more requests are refused by name
 * @param relayIntervalMs between two messages of a follower about its brokers
 * @param firstElectionWaitMs a group whose replicas hold data from before waits this long for more of them before its first
 *     election; brokers look for the controller every 5 s
 * @param heartbeatWaitMs an asked-for election waits this long for the first heartbeat of who asks
 * @param settleIntervalMs a refused expansion of a SyncStateSet is settled with a new epoch at most this often per group
 * @param preferredMasterHoldMs a better replica takes over when it could for so long; 0: never
 * @param stallMs longest time between two turns that counts against brokers: a controller that was frozen did not hear them
 */
public record ControllerSettings(
        LivenessSettings liveness,
        LeaseSettings lease,
        int mailboxCapacity,
        int maxTurnEvents,
        int maxInflightProposals,
        int maxBatchRecords,
        int maxWaitingAnswers,
        long relayIntervalMs,
        long firstElectionWaitMs,
        long heartbeatWaitMs,
        long settleIntervalMs,
        long preferredMasterHoldMs,
        long stallMs) {
    public static final ControllerSettings DEFAULT = new ControllerSettings(
            LivenessSettings.DEFAULT,
            LeaseSettings.DEFAULT,
            65_536,
            4_096,
            2,
            2_048,
            65_536,
            50,
            6_000,
            500,
            2_000,
            0,
            1_000);

    public ControllerSettings {
        Objects.requireNonNull(liveness, "liveness");
        Objects.requireNonNull(lease, "lease");
    }

    public ControllerSettings withLiveness(LivenessSettings other) {
        return with(other, lease, preferredMasterHoldMs);
    }

    public ControllerSettings withLease(LeaseSettings other) {
        return with(liveness, other, preferredMasterHoldMs);
    }

    public ControllerSettings withPreferredMasterHoldMs(long other) {
        return with(liveness, lease, other);
    }

    private ControllerSettings with(LivenessSettings otherLiveness, LeaseSettings otherLease, long otherHoldMs) {
        return new ControllerSettings(
                otherLiveness,
                otherLease,
                mailboxCapacity,
                maxTurnEvents,
                maxInflightProposals,
                maxBatchRecords,
                maxWaitingAnswers,
                relayIntervalMs,
                firstElectionWaitMs,
                heartbeatWaitMs,
                settleIntervalMs,
                otherHoldMs,
                stallMs);
    }
}
