package io.mqcontroller.controller.liveness;

import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.GroupKey;

/**
 * One heartbeat as a controller heard it.
 *
 * @param epoch the newest entry of the broker's epoch file, or -1
 * @param timeoutMs the replica counts as dead this long after it was heard
 * @param connection of the controller that heard it
 * @param heardAtMs monotonic time here; for a relayed one, when the other controller heard it
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
        long heardAtMs) {}
