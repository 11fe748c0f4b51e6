package io.mqcontroller.raft.node;

import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.NodeId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * What is replicated. All methods are called on the Raft thread, in the order in which things happened, and must return at
 * once: an implementation that owns a thread of its own passes them on to it in the same order.
 */
public interface StateMachine {
    /** These commands are committed. In index order, each once in this life of the process. */
    void apply(List<Entry> commands);

    /**
     * The state after everything given to {@link #apply} before this call, as something that can be written later on
     * another thread.
     */
    CompletionStage<SnapshotWriter> capture();

    /** Replace the whole state. Called before any {@link #apply} of later entries; may read {@code content} until the stage completes. */
    CompletionStage<Void> restore(LogPosition last, InputStream content);

    /** This member leads {@code term}, and everything committed before has been given to {@link #apply}: it may decide now. */
    void onLeading(long term);

    /** This member does not lead (any more). What was proposed and not yet applied has an unknown outcome. */
    void onFollowing(long term, Optional<NodeId> leader);

    /**
     * Whether so much of what was committed still waits to be applied that no more should come. Then this member takes in
     * neither proposals nor entries; votes, heartbeats and reads pass.
     */
    default boolean isBehind() {
        return false;
    }

    /** Writes a captured state; called on the snapshot thread. */
    interface SnapshotWriter {
        void writeTo(OutputStream out) throws IOException;
    }
}
