package io.mqcontroller.controller.metadata;

import java.util.Objects;

/**
 * What is known of a replica's life at one moment; soft state, never replicated.
 *
 * @param alive heard of within its timeout, and not on its way through a restart
 * @param epoch newest entry of its epoch file by its newest heartbeat, or -1
 * @param highestEpoch the highest epoch that it has ever reported to this leader, or -1
 * @param maxOffset end of its log by its newest heartbeat, or -1
 * @param priority lower is preferred
 * @param silentMs time since it was last heard of, or -1 if never
 * @param fitness what it says of itself
 */
public record ReplicaReport(
        boolean alive, int epoch, int highestEpoch, long maxOffset, int priority, long silentMs, Fitness fitness) {
    /** Of a replica that was never heard of. */
    public static final ReplicaReport NEVER_HEARD = new ReplicaReport(false, -1, -1, -1, Integer.MAX_VALUE, -1);

    public ReplicaReport {
        Objects.requireNonNull(fitness, "fitness");
    }

    /** Of a replica that says nothing against itself. */
    public ReplicaReport(boolean alive, int epoch, int highestEpoch, long maxOffset, int priority, long silentMs) {
        this(alive, epoch, highestEpoch, maxOffset, priority, silentMs, Fitness.FIT);
    }

    /** Whether it is alive and may win an election at all. */
    public boolean mayBeMaster() {
        return alive && fitness.mayBeMaster();
    }

    /** Whether it says that it has stored messages. */
    public boolean holdsData() {
        return epoch > 0 || maxOffset > 0;
    }
}
