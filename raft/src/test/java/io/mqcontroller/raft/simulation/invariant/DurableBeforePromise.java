package io.mqcontroller.raft.simulation.invariant;

import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.HardState;
import io.mqcontroller.raft.core.Message;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RoleName;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What a message promises would survive a crash of its sender at the moment it leaves (§5: "updated on stable storage before"). */
public final class DurableBeforePromise implements Invariant {
    private final List<? extends Member> members;

    public DurableBeforePromise(List<? extends Member> members) {
        this.members = members;
    }

    @Override
    public void onEffect(Member member, Effect effect) {
        if (!(effect instanceof Effect.Send send)) {
            return;
        }
        if (send.message() instanceof Message.VoteReply reply && reply.granted()) {
            requireVote(member, reply.term(), send.to());
        } else if (send.message() instanceof Message.RequestVote request) {
            requireVote(member, request.term(), member.id());
        } else if (send.message() instanceof Message.AppendReply reply && reply.success()) {
            requireEntries(member, reply, send.to());
        } else if (send.message() instanceof Message.InstallSnapshotReply reply && reply.installed()) {
            requireSnapshot(member, reply);
        } else if (send.message() instanceof Message.AppendEntries append) {
            requireTerm(member, append.term());
        }
    }

    private void requireVote(Member member, long term, NodeId candidate) {
        HardState kept = member.store().durableHardState();
        // A higher durable term keeps the promise too: no vote is given in a term that is over.
        boolean safe =
                kept.term() > term || (kept.term() == term && kept.votedFor().equals(Optional.of(candidate)));
        if (!safe) {
            throw new InvariantViolation(
                    getClass(),
                    member.id() + " tells its vote for " + candidate + " in term " + term + " while its disk holds "
                            + kept);
        }
    }

    private void requireTerm(Member member, long term) {
        long kept = member.store().durableHardState().term();
        if (kept < term) {
            throw new InvariantViolation(
                    getClass(), member.id() + " speaks for term " + term + " while its disk holds term " + kept);
        }
    }

    private void requireEntries(Member member, Message.AppendReply reply, NodeId leaderId) {
        requireTerm(member, reply.term());
        if (reply.matchIndex() == 0) {
            return;
        }
        OptionalLong leadersChain = leadersChain(leaderId, reply);
        boolean kept = leadersChain.isPresent()
                ? member.store().holdsDurably(reply.matchIndex(), leadersChain.getAsLong())
                : member.store().durableLast().index() >= reply.matchIndex();
        if (!kept) {
            throw new InvariantViolation(
                    getClass(),
                    member.id() + " acknowledges index " + reply.matchIndex() + " in term " + reply.term()
                            + " while its disk holds another log up to "
                            + member.store().durableLast());
        }
    }

    /** The receiver's log is the measure while it still leads the term of the reply. */
    private OptionalLong leadersChain(NodeId leaderId, Message.AppendReply reply) {
        for (Member other : members) {
            if (other.id().equals(leaderId)
                    && other.running()
                    && other.status().role() == RoleName.LEADER
                    && other.status().term() == reply.term()) {
                return other.store().writtenChain(reply.matchIndex());
            }
        }
        return OptionalLong.empty();
    }

    private void requireSnapshot(Member member, Message.InstallSnapshotReply reply) {
        requireTerm(member, reply.term());
        long kept = Math.max(
                member.store().durableSnapshot().index(),
                member.store().durableLast().index());
        if (kept < reply.snapshot().index()) {
            throw new InvariantViolation(
                    getClass(),
                    member.id() + " reports the snapshot of " + reply.snapshot() + " as installed while its disk holds "
                            + kept);
        }
    }
}
