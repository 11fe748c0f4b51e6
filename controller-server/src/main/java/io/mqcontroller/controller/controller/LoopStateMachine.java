package io.mqcontroller.controller.controller;

import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.node.StateMachine;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Passes on what Raft says to the loop, in the same order. */
final class LoopStateMachine implements StateMachine {
    private final Mailbox mailbox;

    LoopStateMachine(Mailbox mailbox) {
        this.mailbox = mailbox;
    }

    @Override
    public void apply(List<Entry> commands) {
        mailbox.put(new ControllerEvent.Committed(commands));
    }

    @Override
    public CompletionStage<SnapshotWriter> capture() {
        CompletableFuture<SnapshotWriter> captured = new CompletableFuture<>();
        mailbox.put(new ControllerEvent.Capture(captured::complete));
        return captured;
    }

    @Override
    public CompletionStage<Void> restore(LogPosition last, InputStream content) {
        CompletableFuture<Void> restored = new CompletableFuture<>();
        mailbox.put(new ControllerEvent.Restore(content, error -> {
            if (error == null) {
                restored.complete(null);
            } else {
                restored.completeExceptionally(error);
            }
        }));
        return restored;
    }

    @Override
    public boolean isBehind() {
        return mailbox.isBehind();
    }

    @Override
    public void onLeading(long term) {
        mailbox.put(new ControllerEvent.Leading(term));
    }

    @Override
    public void onFollowing(long term, Optional<NodeId> leader) {
        mailbox.put(new ControllerEvent.Following(term, leader));
    }
}
