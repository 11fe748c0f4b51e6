package io.mqcontroller.controller.liveness;

/**
 * How long a master may take writes without hearing from the leader.
 *
 * @param leaseMs counted by the agent from the moment in which it sent its heartbeat
 */
public record LeaseSettings(long leaseMs) {
    public static final LeaseSettings DEFAULT = new LeaseSettings(2_000);

    /** Clocks that differ in speed by a tenth, and some time for the agent to act. */
    private static final long DRIFT_SHARE = 10;

    private static final long DRIFT_MS = 50;

    public LeaseSettings {
        if (leaseMs < 1) {
            throw new IllegalArgumentException("a lease of " + leaseMs + " ms");
        }
    }

    /** How long the leader counts on a lease from the moment in which it took the heartbeat in: never less than the agent does. */
    public long countedMs() {
        return leaseMs + leaseMs / DRIFT_SHARE + DRIFT_MS;
    }
}
