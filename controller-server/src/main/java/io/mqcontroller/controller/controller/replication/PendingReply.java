package io.mqcontroller.controller.controller.replication;

import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.metadata.Refusal;
import io.mqcontroller.raft.core.NodeId;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * An answer that is known and waits to become true.
 *
 * @param changes whether it stands for a record on its way; without one, nothing can have happened
 */
record PendingReply<T>(Consumer<Reply<T>> answer, Reply<T> reply, boolean changes) {
    void done() {
        answer.accept(reply);
    }

    void notTaken(String message) {
        answer.accept(new Reply.Refused<>(Refusal.OVERLOADED, message));
    }

    void notLeader(Optional<NodeId> leader) {
        answer.accept(new Reply.NotLeader<>(leader));
    }

    /** Leadership went while it was under way. */
    void leadershipLost(Optional<NodeId> leader) {
        if (changes) {
            answer.accept(new Reply.Indeterminate<>("leadership was lost while the change was on its way; ask again"));
        } else {
            notLeader(leader);
        }
    }
}
