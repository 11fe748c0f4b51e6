package io.mqcontroller.raft.core;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Settings of a member.
 *
 * @param self this member, one of {@code voters}
 * @param voters all members; 1, 3 or 5 in practice
 * @param electionTimeoutMs a follower that hears nothing for this long, plus a random part of up to the same length, asks
 *     for an election; a leader that hears no majority for this long steps down (CheckQuorum, thesis §6.2)
 * @param heartbeatIntervalMs at most a third of the election timeout
 * @param tickMs longest time between two ticks
 * @param maxEntriesPerAppend and {@code maxBytesPerAppend}: bounds of one AppendEntries message
 * @param maxInflightAppends window per follower: messages sent and not yet answered
 * @param maxUncommittedBytes proposals beyond this are refused as {@link Rejection#OVERLOADED}
 * @param snapshotThresholdEntries and {@code snapshotThresholdBytes}: a snapshot is taken when this much was applied since
 *     the last one
 * @param retainedEntries entries kept behind a snapshot, so that a follower that is a little behind needs no snapshot
 * @param snapshotChunkBytes size of a piece of a snapshot on its way
 * @param maxSessions clients remembered for exactly-once proposals; the longest silent one is forgotten first
 */
public record RaftSettings(
        NodeId self,
        SortedSet<NodeId> voters,
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
        int maxSessions) {
    public RaftSettings {
        voters = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(voters));
        if (!voters.contains(self)) {
            throw new IllegalArgumentException("self " + self + " is not one of the members " + voters);
        }
        if (heartbeatIntervalMs < 1 || heartbeatIntervalMs * 3 > electionTimeoutMs) {
            throw new IllegalArgumentException(
                    "the heartbeat interval is from 1 ms to a third of the election timeout: " + heartbeatIntervalMs
                            + " ms of " + electionTimeoutMs + " ms");
        }
        if (tickMs < 1 || tickMs > heartbeatIntervalMs) {
            throw new IllegalArgumentException("the tick is from 1 ms to the heartbeat interval: " + tickMs + " ms");
        }
    }

    /** Sound values for {@code self} among {@code voters}, with this election timeout. */
    public static RaftSettings defaults(NodeId self, List<NodeId> voters, long electionTimeoutMs) {
        long heartbeatIntervalMs = Math.max(1, electionTimeoutMs / 10);
        return new RaftSettings(
                self,
                new TreeSet<>(voters),
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
                1024);
    }
}
