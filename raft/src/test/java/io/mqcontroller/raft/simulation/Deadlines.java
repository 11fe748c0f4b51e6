package io.mqcontroller.raft.simulation;

/**
 * How long a healed cluster may take, in virtual time: some election timeouts, and what it takes to send snapshots to members
 * that are far behind.
 */
final class Deadlines {
    private static final int LEADER_TIMEOUTS = 20;
    private static final int REST_TIMEOUTS = 200;
    /** What was received before the faults ended may be damaged, which shows only when all of it is there. */
    private static final int TRANSFERS = 2;
    /** As large as snapshots get in most runs; one that is taken later may be larger than those there are. */
    private static final long USUAL_SNAPSHOT_BYTES = 4_096;

    private final FaultPlan plan;

    Deadlines(FaultPlan plan) {
        this.plan = plan;
    }

    /** Until a leader is ready: it may need one that must have its snapshot before its vote or its word counts. */
    long leaderUs(long snapshotBytes) {
        return LEADER_TIMEOUTS * timeoutUs() + snapshotsUs(snapshotBytes);
    }

    /** Until all are in the same state. */
    long restUs(long snapshotBytes) {
        return REST_TIMEOUTS * timeoutUs() + snapshotsUs(snapshotBytes);
    }

    private long timeoutUs() {
        return 1_000 * plan.tuning().electionTimeoutMs();
    }

    private long snapshotsUs(long snapshotBytes) {
        FaultPlan.Disk disk = plan.disk();
        long bytes = Math.max(snapshotBytes, USUAL_SNAPSHOT_BYTES);
        long chunks = bytes / plan.tuning().chunkBytes() + 1;
        // One at a time: read on one disk, written to another after what is being written there, on average one and a
        // half times as long as a write may take; there and back on the network; four times handed to a member.
        long chunkUs = 2 * disk.maxSyncUs()
                + 2 * SimNetwork.healedDelayUs(plan.network())
                + 4 * plan.tuning().thinkUs();
        return TRANSFERS * (chunks * chunkUs + 2 * disk.snapshotSlowness() * disk.maxSyncUs());
    }
}
