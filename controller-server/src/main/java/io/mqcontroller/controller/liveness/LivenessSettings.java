package io.mqcontroller.controller.liveness;

/**
 * How long silence lasts before it means something, in ms.
 *
 * @param connectionLossGraceMs from the close of a replica's last connection to its death; covers a reconnect
 * @param defaultTimeoutMs for a replica whose own timeout is not known
 * @param minTimeoutMs and {@code maxTimeoutMs}: bounds of what a broker may ask for
 * @param introductionGraceMs a replica that registered or asked for an election counts as alive this long before its first
 *     heartbeat; a master that restarts has this long to come back, and one with an agent to find a new leader
 * @param maxReplicas that are remembered, registered or not; bounds what strangers can fill
 */
public record LivenessSettings(
        long connectionLossGraceMs,
        long defaultTimeoutMs,
        long minTimeoutMs,
        long maxTimeoutMs,
        long introductionGraceMs,
        int maxReplicas) {
    public static final LivenessSettings DEFAULT = new LivenessSettings(50, 10_000, 1_000, 300_000, 3_000, 200_000);

    public LivenessSettings withConnectionLossGraceMs(long graceMs) {
        return new LivenessSettings(
                graceMs, defaultTimeoutMs, minTimeoutMs, maxTimeoutMs, introductionGraceMs, maxReplicas);
    }
}
