package io.mqcontroller.raft.core;

import java.util.Objects;
import java.util.Optional;

/**
 * What a member must not forget (§5, figure 2), and its commit index.
 *
 * @param term the newest term seen
 * @param votedFor whom this member voted for in {@code term}
 * @param commitIndex a lower bound of what is committed: written along with other things, never waited for, so that a
 *     restarted member applies at once what it knew to be committed
 * @param recoveryId not 0: what stood here before was lost, so this member may have voted in any term and acknowledged any
 *     entry; it promises nothing until a leader has confirmed that it is whole again ({@link Recovery})
 */
public record HardState(long term, Optional<NodeId> votedFor, long commitIndex, long recoveryId) {
    public static final HardState INITIAL = new HardState(0, Optional.empty(), 0);

    /** Of a member whose store holds all that it has promised. */
    public HardState(long term, Optional<NodeId> votedFor, long commitIndex) {
        this(term, votedFor, commitIndex, 0);
    }

    public HardState {
        Objects.requireNonNull(votedFor, "votedFor");
    }

    /**
     * Of a member that begins anew because its store was lost.
     *
     * @param recoveryId not 0, and another one for each loss
     */
    public static HardState afterLoss(long recoveryId) {
        return new HardState(0, Optional.empty(), 0, recoveryId);
    }

    public boolean isRecovering() {
        return recoveryId != 0;
    }

    public boolean canVoteFor(NodeId candidate) {
        return votedFor.isEmpty() || votedFor.get().equals(candidate);
    }

    public HardState withVote(NodeId candidate) {
        return new HardState(term, Optional.of(candidate), commitIndex, recoveryId);
    }

    public HardState withTerm(long newTerm) {
        return new HardState(newTerm, Optional.empty(), commitIndex, recoveryId);
    }

    public HardState withCommitIndex(long newCommitIndex) {
        return new HardState(term, votedFor, newCommitIndex, recoveryId);
    }

    /** Whole again, by the word of this term's {@code leader}, which has this member's vote for the term if anybody has. */
    HardState recoveredUnder(NodeId leader) {
        return new HardState(term, Optional.of(leader), commitIndex, 0);
    }
}
