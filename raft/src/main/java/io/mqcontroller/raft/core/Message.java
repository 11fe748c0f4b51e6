package io.mqcontroller.raft.core;

import java.util.List;
import java.util.Objects;

/** What travels between members. The transport says who sent it. */
public sealed interface Message {
    /** The sender's term; of a {@link PreVote} and a granted {@link PreVoteReply} the term that the candidate would start. */
    long term();

    /** Asks whether an election could be won, without disturbing anybody (thesis §9.6). */
    record PreVote(long term, LogPosition lastEntry) implements Message {}

    record PreVoteReply(long term, boolean granted) implements Message {}

    /**
     * §5.2.
     *
     * @param leadershipTransfer the leader asked for this election: members that hear a leader still answer (thesis §3.10)
     */
    record RequestVote(long term, LogPosition lastEntry, boolean leadershipTransfer) implements Message {}

    record VoteReply(long term, boolean granted) implements Message {}

    /**
     * §5.3; without entries a heartbeat.
     *
     * @param previous the entry before the first of {@code entries}
     * @param previousChain chain value at {@code previous}: a member whose log has the same position with another chain is
     *     damaged
     * @param round number of the leader's confirmation round; echoed, so that an answer proves leadership at a moment not
     *     before the round began (§8, ReadIndex)
     */
    record AppendEntries(
            long term, LogPosition previous, long previousChain, List<Entry> entries, long commitIndex, long round)
            implements Message {
        public AppendEntries {
            entries = List.copyOf(entries);
        }
    }

    /**
     * @param success whether the log matched at {@code previous}
     * @param matchIndex with success: the sender holds the leader's log durably up to here
     * @param conflict without success: the leader should go on at or before this place, see §5.3: term of the sender's entry
     *     at {@code previous} and the first index it has of that term, or (0, last index + 1) if its log is too short
     */
    record AppendReply(
            long term, boolean success, long matchIndex, LogPosition conflict, long round, StoreHealth health)
            implements Message {
        public AppendReply {
            Objects.requireNonNull(conflict, "conflict");
            Objects.requireNonNull(health, "health");
        }

        /** From a member whose store is sound. */
        public AppendReply(long term, boolean success, long matchIndex, LogPosition conflict, long round) {
            this(term, success, matchIndex, conflict, round, StoreHealth.SOUND);
        }
    }

    /**
     * §7: one piece of a snapshot.
     *
     * @param offset of {@code chunk} in the content, in bytes
     * @param chunkChecksum CRC32C of {@code chunk}
     */
    record InstallSnapshot(
            long term, SnapshotMetadata snapshot, long offset, Bytes chunk, int chunkChecksum, boolean last, long round)
            implements Message {}

    /**
     * @param nextOffset the first byte that is wanted next
     * @param installed the whole snapshot is durable here, and the log stands at its end
     */
    record InstallSnapshotReply(
            long term, LogPosition snapshot, long nextOffset, boolean installed, long round, StoreHealth health)
            implements Message {
        /** From a member whose store is sound. */
        public InstallSnapshotReply(long term, LogPosition snapshot, long nextOffset, boolean installed, long round) {
            this(term, snapshot, nextOffset, installed, round, StoreHealth.SOUND);
        }
    }

    /**
     * Tells a member that lost its store that it is whole again: it holds the leader's log through {@code throughIndex}, an
     * entry that was made after the loss became known, and is committed without counting that member.
     *
     * @param recoveryId the loss that is meant
     */
    record RecoveryConfirmed(long term, long recoveryId, long throughIndex) implements Message {}

    /** Thesis §3.10: start an election at once. */
    record TimeoutNow(long term) implements Message {}
}
