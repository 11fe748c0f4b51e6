package io.mqcontroller.controller.liveness;

import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.Fitness;
import io.mqcontroller.controller.metadata.GroupKey;
import java.util.Objects;

/**
 * One heartbeat as a controller heard it.
 *
 * @param epoch the newest entry of the broker's epoch file, or -1
 * @param timeoutMs the replica counts as dead this long after it was heard
 * @param connection of the controller that heard it
 * @param heardAtMs monotonic time here; for a relayed one, when the other controller heard it
 * @param fitness what it says of itself as a candidate
 * @param haAddress from which others copy its log, or "" if it does not say
 * @param knownMasterEpoch the highest masterEpoch that it has been told of, in whatever role, or -1 if it does not say
 */
public record HeartbeatReport(
        GroupKey group,
        BrokerId id,
        String address,
        int epoch,
        long maxOffset,
        long confirmOffset,
        long timeoutMs,
        int priority,
        long connection,
        long heardAtMs,
        Fitness fitness,
        String haAddress,
        int knownMasterEpoch) {
    public HeartbeatReport {
        Objects.requireNonNull(fitness, "fitness");
        Objects.requireNonNull(haAddress, "haAddress");
    }

    /** Of a broker that says neither whether it is fit nor where others copy from. */
    public HeartbeatReport(
            GroupKey group,
            BrokerId id,
            String address,
            int epoch,
            long maxOffset,
            long confirmOffset,
            long timeoutMs,
            int priority,
            long connection,
            long heardAtMs) {
        this(
                group,
                id,
                address,
                epoch,
                maxOffset,
                confirmOffset,
                timeoutMs,
                priority,
                connection,
                heardAtMs,
                Fitness.FIT,
                "",
                -1);
    }
}
