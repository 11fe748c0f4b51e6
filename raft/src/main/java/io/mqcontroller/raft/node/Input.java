package io.mqcontroller.raft.node;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Event;
import io.mqcontroller.raft.core.MembershipChange;
import io.mqcontroller.raft.core.Message;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.ProposalId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** What waits for the Raft thread. */
sealed interface Input {
    /** The node's own threads report; always taken. */
    record Happened(Event event) implements Input {}

    /** @param roughBytes counted against the bound for messages */
    record FromPeer(NodeId from, Message message, long roughBytes) implements Input {}

    /** @param id empty for a fresh one of this process */
    record Proposal(Optional<ProposalId> id, Bytes command, Consumer<ProposalResult> callback, long sinceNanos)
            implements Input {}

    record Read(Consumer<ReadResult> callback) implements Input {}

    record Change(MembershipChange change, CompletableFuture<MembershipResult> done) implements Input {}

    record Transfer(Optional<NodeId> target, CompletableFuture<Boolean> done) implements Input {}
}
