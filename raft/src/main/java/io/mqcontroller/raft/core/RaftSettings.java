package io.mqcontroller.raft.core;

import java.util.List;

/**
 * Settings of a member.
 *
 * @param self this member
 * @param bootstrap the members of the cluster at its first boot; 1, 3 or 5 in practice. Of meaning only while the log holds
 *     no other configuration, and only to a member whose store was made then ({@link RecoveredState#incarnation}), which is
 *     one of them
 * @param electionTimeoutMs a follower that hears nothing for this long, plus a random part of up to the same length, asks
 *     for an election; a leader that hears no majority for this long steps down (CheckQuorum, thesis §6.2)
 * @param heartbeatIntervalMs at most a third of the election timeout
 * @param tickMs longest time between two ticks
 * @param maxEntriesPerAppend and {@code maxBytesPerAppend}: bounds of one AppendEntries message
 * @param maxInflightAppends window per follower: messages sent and not yet answered
 * @param maxUncommittedBytes proposals beyond this, not committed or not yet durable on the leader, are refused as {@link
 *     Rejection#OVERLOADED}
 * @param snapshotThresholdEntries and {@code snapshotThresholdBytes}: a snapshot is taken when this much was applied since
 *     the last one
 * @param retainedEntries entries kept behind a snapshot, so that a follower that is a little behind needs no snapshot
 * @param snapshotChunkBytes size of a piece of a snapshot on its way
 * @param maxSessions clients remembered for exactly-once proposals; the longest silent one is forgotten first
 * @param readLeaseMs 0: each read is confirmed by a round to the others (ReadIndex). Otherwise a leader that a majority has
 *     answered serves reads alone for this long after it asked (thesis §6.4.1), at most 0.8 of the election timeout, of one
 *     below 100 ms a little less ({@link #longestReadLeaseMs}): sound
 *     while monotonic clocks differ by less than a tenth from true time and never stand still, as those of suspended virtual
 *     machines do. On all members or on none
 */
public record RaftSettings(
        NodeId self,
        Configuration bootstrap,
        long electionTimeoutMs,
        long heartbeatIntervalMs,
        long tickMs,
        int maxEntriesPerAppend,
        int maxBytesPerAppend,
        int maxInflightAppends,
        long maxUncommittedBytes,
        int maxEntryBytes,
        long snapshotThresholdEntries,
        long snapshotThresholdBytes,
        long retainedEntries,
        int snapshotChunkBytes,
        int maxSessions,
        long readLeaseMs) {
    public RaftSettings {
        if (bootstrap.isJoint() || !bootstrap.learners().isEmpty()) {
            throw new IllegalArgumentException("at first all members vote: " + bootstrap);
        }
        if (heartbeatIntervalMs < 1 || heartbeatIntervalMs * 3 > electionTimeoutMs) {
            throw new IllegalArgumentException(
                    "the heartbeat interval is from 1 ms to a third of the election timeout: " + heartbeatIntervalMs
                            + " ms of " + electionTimeoutMs + " ms");
        }
        if (tickMs < 1 || tickMs > heartbeatIntervalMs) {
            throw new IllegalArgumentException("the tick is from 1 ms to the heartbeat interval: " + tickMs + " ms");
        }
        if (readLeaseMs < 0 || 10 * readLeaseMs > 8 * electionTimeoutMs) {
            throw new IllegalArgumentException("the lease of reads is at most 0.8 of the election timeout: "
                    + readLeaseMs + " ms of " + electionTimeoutMs + " ms");
        }
        // Clocks are read in whole milliseconds: one is lost at each end, which of a short timeout is more than drift
        // may take.
        if (readLeaseMs > 0 && 11 * (readLeaseMs + 1) > 9 * (electionTimeoutMs - 1)) {
            throw new IllegalArgumentException("with clocks that differ by a tenth from true time and are read in whole"
                    + " milliseconds, the lease of reads is at most " + longestReadLeaseMs(electionTimeoutMs)
                    + " ms where"
                    + " the election timeout is " + electionTimeoutMs + " ms, and not " + readLeaseMs + " ms");
        }
    }

    /** The longest lease of reads that is sound with this election timeout; not positive if there is none. */
    public static long longestReadLeaseMs(long electionTimeoutMs) {
        return Math.min(8 * electionTimeoutMs / 10, 9 * (electionTimeoutMs - 1) / 11 - 1);
    }

    /** Sound values for {@code self} among {@code voters}, with this election timeout. */
    public static RaftSettings defaults(NodeId self, List<NodeId> voters, long electionTimeoutMs) {
        return defaults(self, Configuration.ofVoters(voters), electionTimeoutMs);
    }

    /** Likewise, with their addresses; {@link Configuration#NONE} for a member that joins. */
    public static RaftSettings defaults(NodeId self, Configuration bootstrap, long electionTimeoutMs) {
        long heartbeatIntervalMs = Math.max(1, electionTimeoutMs / 10);
        return new RaftSettings(
                self,
                bootstrap,
                electionTimeoutMs,
                heartbeatIntervalMs,
                Math.max(1, heartbeatIntervalMs / 4),
                1024,
                1 << 20,
                64,
                64L << 20,
                8 << 20,
                50_000,
                16L << 20,
                5_000,
                256 << 10,
                1024,
                0);
    }

    /** The same, but for how often a leader speaks and how often it looks at the clock. */
    public RaftSettings withPace(long otherHeartbeatIntervalMs, long otherTickMs) {
        return with(
                otherHeartbeatIntervalMs,
                otherTickMs,
                snapshotThresholdEntries,
                snapshotThresholdBytes,
                retainedEntries,
                snapshotChunkBytes,
                readLeaseMs);
    }

    /** The same, but for when snapshots are taken, what is kept behind them, and in which pieces they travel. */
    public RaftSettings withSnapshots(
            long thresholdEntries, long thresholdBytes, long otherRetainedEntries, int chunkBytes) {
        return with(
                heartbeatIntervalMs,
                tickMs,
                thresholdEntries,
                thresholdBytes,
                otherRetainedEntries,
                chunkBytes,
                readLeaseMs);
    }

    /** The same, but for reads under a lease of so long; 0: none. */
    public RaftSettings withReadLease(long otherReadLeaseMs) {
        return with(
                heartbeatIntervalMs,
                tickMs,
                snapshotThresholdEntries,
                snapshotThresholdBytes,
                retainedEntries,
                snapshotChunkBytes,
                otherReadLeaseMs);
    }

    private RaftSettings with(
            long otherHeartbeatIntervalMs,
            long otherTickMs,
            long thresholdEntries,
            long thresholdBytes,
            long otherRetainedEntries,
            int chunkBytes,
            long otherReadLeaseMs) {
        return new RaftSettings(
                self,
                bootstrap,
                electionTimeoutMs,
                otherHeartbeatIntervalMs,
                otherTickMs,
                maxEntriesPerAppend,
                maxBytesPerAppend,
                maxInflightAppends,
                maxUncommittedBytes,
                maxEntryBytes,
                thresholdEntries,
                thresholdBytes,
                otherRetainedEntries,
                chunkBytes,
                maxSessions,
                otherReadLeaseMs);
    }
}
