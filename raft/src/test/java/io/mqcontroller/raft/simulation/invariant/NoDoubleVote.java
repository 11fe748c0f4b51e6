package io.mqcontroller.raft.simulation.invariant;

import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.HardState;
import io.mqcontroller.raft.core.Message;
import io.mqcontroller.raft.core.NodeId;
import java.util.HashMap;
import java.util.Map;

/**
 * R6: a member votes for at most one candidate in a term, over all its lives (§5.2). One that lost its store has forgotten its
 * votes; that the rules of recovery make up for it is for {@link OneLeaderPerTerm} and {@link LeaderCompleteness} to see.
 */
public final class NoDoubleVote implements Invariant {
    private record Ballot(NodeId voter, int store, long term) {}

    private final Map<Ballot, NodeId> votes = new HashMap<>();

    @Override
    public void onEffect(Member member, Effect effect) {
        if (effect instanceof Effect.Send send) {
            if (send.message() instanceof Message.VoteReply reply && reply.granted()) {
                record(member, reply.term(), send.to());
            } else if (send.message() instanceof Message.RequestVote request) {
                record(member, request.term(), member.id());
            }
        } else if (effect instanceof Effect.Persist persist
                && persist.hardState().isPresent()) {
            HardState hard = persist.hardState().get();
            hard.votedFor().ifPresent(candidate -> checkAgainstKnown(member, hard.term(), candidate));
        }
    }

    /** A vote on its way to the disk may still be lost with nobody knowing: it is compared, but not remembered. */
    private void checkAgainstKnown(Member member, long term, NodeId candidate) {
        NodeId other = votes.get(new Ballot(member.id(), member.stores(), term));
        if (other != null && !other.equals(candidate)) {
            throw new InvariantViolation(
                    getClass(), member.id() + " votes in term " + term + " for " + candidate + " after " + other);
        }
    }

    private void record(Member member, long term, NodeId candidate) {
        checkAgainstKnown(member, term, candidate);
        votes.put(new Ballot(member.id(), member.stores(), term), candidate);
    }
}
