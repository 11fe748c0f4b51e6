package io.mqcontroller.raft.core;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What must happen, in list order. What may only happen after something is durable is not in the list before
 * {@link Event.Persisted} has said so: the core holds votes and acknowledgements back itself, so an executor may write
 * beside its other work, and a leader's messages leave while its own disk still syncs (thesis §10.2.1).
 */
public sealed interface Effect {
    void executeWith(Executor executor);

    /** Carries effects out: the driver in production, the simulation in tests. A new effect breaks both at compile time. */
    interface Executor {
        void persist(Persist effect);

        void send(Send effect);

        void apply(Apply effect);

        void rejectProposal(ProposalRejected effect);

        void completeRead(ReadReady effect);

        void rejectRead(ReadRejected effect);

        void takeSnapshot(TakeSnapshot effect);

        void compactLog(CompactLog effect);

        void readSnapshotChunk(ReadSnapshotChunk effect);

        void writeSnapshotChunk(WriteSnapshotChunk effect);

        void restoreStateMachine(RestoreStateMachine effect);

        void roleChanged(RoleChanged effect);

        void leaderReady(LeaderReady effect);

        void configurationChanged(ConfigurationChanged effect);

        void membershipChanged(MembershipChanged effect);

        void rejectMembershipChange(MembershipChangeRejected effect);
    }

    /**
     * Write these durably, as one atomic unit: hard state, then truncation, then entries. Persists become durable in the
     * order of their sequence numbers; several may share one sync. Answered by {@link Event.Persisted}.
     *
     * @param truncateFrom entries with this index and above are dropped first
     */
    record Persist(long sequence, Optional<HardState> hardState, OptionalLong truncateFrom, List<Entry> append)
            implements Effect {
        public Persist {
            Objects.requireNonNull(hardState, "hardState");
            Objects.requireNonNull(truncateFrom, "truncateFrom");
            append = List.copyOf(append);
        }

        @Override
        public void executeWith(Executor executor) {
            executor.persist(this);
        }
    }

    /** Send, or lose: the core repeats what matters. */
    record Send(NodeId to, Message message) implements Effect {
        @Override
        public void executeWith(Executor executor) {
            executor.send(this);
        }
    }

    /**
     * These entries are committed and durable here: hand them to the state machine, in order, once in this life of the
     * member.
     *
     * @param duplicates indexes among {@code entries} whose command has taken effect before under the same
     *     {@link ProposalId}: answered as done, not given to the state machine
     */
    record Apply(List<Entry> entries, List<Long> duplicates) implements Effect {
        public Apply {
            entries = List.copyOf(entries);
            duplicates = List.copyOf(duplicates);
        }

        @Override
        public void executeWith(Executor executor) {
            executor.apply(this);
        }
    }

    /** The proposal is not in the log and never will be. */
    record ProposalRejected(ProposalId id, Rejection rejection, Optional<NodeId> leader) implements Effect {
        @Override
        public void executeWith(Executor executor) {
            executor.rejectProposal(this);
        }
    }

    /** Everything that was committed when the read was asked for has been given to {@link Apply}: the read may be served. */
    record ReadReady(long readId, long readIndex) implements Effect {
        @Override
        public void executeWith(Executor executor) {
            executor.completeRead(this);
        }
    }

    /** This member cannot prove that it leads. */
    record ReadRejected(long readId, Optional<NodeId> leader) implements Effect {
        @Override
        public void executeWith(Executor executor) {
            executor.rejectRead(this);
        }
    }

    /**
     * Capture the state machine as it is after the last {@link Apply}, and write it beside the other work. Answered by
     * {@link Event.SnapshotTaken} or {@link Event.SnapshotFailed}.
     *
     * @param sessions the core's own part of the snapshot: sessions, and the configuration as of then; given back in {@link RecoveredState#sessions}
     */
    record TakeSnapshot(LogPosition position, long chain, Bytes sessions) implements Effect {
        @Override
        public void executeWith(Executor executor) {
            executor.takeSnapshot(this);
        }
    }

    /** Entries up to and with this index may be dropped from the store, whenever it suits. */
    record CompactLog(long throughIndex) implements Effect {
        @Override
        public void executeWith(Executor executor) {
            executor.compactLog(this);
        }
    }

    /** Read a piece of the stored snapshot. Answered by {@link Event.SnapshotChunkRead} or {@link Event.SnapshotChunkUnavailable}. */
    record ReadSnapshotChunk(NodeId to, SnapshotMetadata snapshot, long offset, int maxBytes) implements Effect {
        @Override
        public void executeWith(Executor executor) {
            executor.readSnapshotChunk(this);
        }
    }

    /**
     * Store a piece of a snapshot that is being received; offset 0 begins anew. With {@code last} set: check the content and
     * replace snapshot and log by it in one atomic durable write, after all earlier persists.
     */
    record WriteSnapshotChunk(SnapshotMetadata snapshot, long offset, Bytes chunk, boolean last) implements Effect {
        @Override
        public void executeWith(Executor executor) {
            executor.writeSnapshotChunk(this);
        }
    }

    /** Replace the state machine's state by the stored snapshot. */
    record RestoreStateMachine(SnapshotMetadata snapshot) implements Effect {
        @Override
        public void executeWith(Executor executor) {
            executor.restoreStateMachine(this);
        }
    }

    /** Role, term or known leader changed. Proposals of a leader that steps down have an unknown outcome from here on. */
    record RoleChanged(RoleName role, long term, Optional<NodeId> leader, String cause) implements Effect {
        @Override
        public void executeWith(Executor executor) {
            executor.roleChanged(this);
        }
    }

    /** The first own entry of this leader is committed and everything up to it was applied: it may decide from now on. */
    record LeaderReady(long term) implements Effect {
        @Override
        public void executeWith(Executor executor) {
            executor.leaderReady(this);
        }
    }

    /**
     * From now on this member acts by {@code configuration}: it stands in its log, committed or not, or was the one before
     * what was cut off the log. Links to its members must be there; links to others may go. Comes with the first step as
     * well, with what the store held.
     *
     * @param index of the entry that holds it, or of the end of the snapshot; 0 for the first boot's
     */
    record ConfigurationChanged(Configuration configuration, long index) implements Effect {
        @Override
        public void executeWith(Executor executor) {
            executor.configurationChanged(this);
        }
    }

    /** The change is committed: {@code configuration} is what came of it. */
    record MembershipChanged(long changeId, Configuration configuration) implements Effect {
        @Override
        public void executeWith(Executor executor) {
            executor.membershipChanged(this);
        }
    }

    /** The change was not begun and never will be. */
    record MembershipChangeRejected(long changeId, MembershipRejection rejection, Optional<NodeId> leader)
            implements Effect {
        @Override
        public void executeWith(Executor executor) {
            executor.rejectMembershipChange(this);
        }
    }
}
