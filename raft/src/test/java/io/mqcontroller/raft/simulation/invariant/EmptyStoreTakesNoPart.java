package io.mqcontroller.raft.simulation.invariant;

import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Message;

/** A member that took part with another store, of which nothing is left, gives no vote and asks for none under its old id. */
public final class EmptyStoreTakesNoPart implements Invariant {
    @Override
    public void onEffect(Member member, Effect effect) {
        if (member.storeIsLost() && effect instanceof Effect.Send send && isPart(send.message())) {
            throw new InvariantViolation(
                    getClass(), member.id() + " has lost its store and sends " + send.message() + " to " + send.to());
        }
    }

    private static boolean isPart(Message message) {
        return message instanceof Message.PreVote
                || message instanceof Message.RequestVote
                || message instanceof Message.PreVoteReply preVote && preVote.granted()
                || message instanceof Message.VoteReply vote && vote.granted();
    }
}
