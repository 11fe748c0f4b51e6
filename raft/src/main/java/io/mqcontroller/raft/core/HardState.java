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
 */
public record HardState(long term, Optional<NodeId> votedFor, long commitIndex) {
    public static final HardState INITIAL = new HardState(0, Optional.empty(), 0);

    public HardState {
        Objects.requireNonNull(votedFor, "votedFor");
    }

    public boolean canVoteFor(NodeId candidate) {
        return votedFor.isEmpty() || votedFor.get().equals(candidate);
    }

    public HardState withVote(NodeId candidate) {
        return new HardState(term, Optional.of(candidate), commitIndex);
    }

    public HardState withTerm(long newTerm) {
        return new HardState(newTerm, Optional.empty(), commitIndex);
    }

    public HardState withCommitIndex(long newCommitIndex) {
        return new HardState(term, votedFor, newCommitIndex);
    }
}
