package io.mqcontroller.raft.core;

import java.util.Objects;
import java.util.Optional;

/** Everything that can happen to a member. */
public sealed interface Event {
    /** Time has gone on; comes at least once in each {@link RaftSettings#tickMs}. */
    record Tick() implements Event {}

    record Received(NodeId from, Message message) implements Event {
        public Received {
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(message, "message");
        }
    }

    /** Somebody wants {@code command} in the log. Answered by {@link Effect.ProposalRejected}, or by its {@link Effect.Apply}. */
    record Proposed(ProposalId id, Bytes command) implements Event {}

    /** Somebody wants to read. Answered by {@link Effect.ReadReady} or {@link Effect.ReadRejected} with the same id. */
    record ReadRequested(long readId) implements Event {}

    /** All {@link Effect.Persist}s up to and with this sequence number are durable. */
    record Persisted(long sequence) implements Event {}

    /** The disk has no room for new commands: votes, and what others commit, are still written as long as it goes. */
    record DiskFull() implements Event {}

    /** There is room again. */
    record DiskHasRoom() implements Event {}

    /** The snapshot asked for by {@link Effect.TakeSnapshot} is durable. */
    record SnapshotTaken(SnapshotMetadata snapshot) implements Event {}

    /** The snapshot asked for could not be taken; the core asks again later. */
    record SnapshotFailed(LogPosition position) implements Event {}

    /** Answer to {@link Effect.ReadSnapshotChunk}. */
    record SnapshotChunkRead(NodeId to, SnapshotMetadata snapshot, long offset, Bytes chunk, boolean last)
            implements Event {}

    /** The snapshot to be read is gone (a newer one replaced it); the core starts over with the newest. */
    record SnapshotChunkUnavailable(NodeId to, SnapshotMetadata snapshot) implements Event {}

    /**
     * Answer to {@link Effect.WriteSnapshotChunk} for all chunks but the last. {@code nextOffset} is farther than that chunk's
     * end if the store had kept more of this snapshot, from before a break or a restart.
     */
    record SnapshotChunkWritten(LogPosition snapshot, long nextOffset) implements Event {}

    /**
     * Answer to the last {@link Effect.WriteSnapshotChunk}: the content matched its checksum, is durable, and the stored log
     * now begins behind it (in one atomic write).
     */
    record SnapshotInstalled(SnapshotMetadata snapshot, Bytes sessions) implements Event {}

    /** The received content did not match its checksum or could not be read; nothing was changed. */
    record SnapshotRefused(LogPosition snapshot) implements Event {}

    /** Hand leadership to {@code target}, or to the most up-to-date follower if empty. Nothing happens on a non-leader. */
    record TransferLeadership(Optional<NodeId> target) implements Event {}

    /**
     * Somebody wants other members. Answered by {@link Effect.MembershipChangeRejected}, or {@link Effect.MembershipChanged}
     * when it is done; by neither if this member ceases to lead meanwhile: then it may happen or not, and the next leader
     * finishes what stands in its log.
     *
     * @param changeId chosen by the caller, for the answer only
     */
    record ChangeMembership(long changeId, MembershipChange change) implements Event {
        public ChangeMembership {
            Objects.requireNonNull(change, "change");
        }
    }
}
