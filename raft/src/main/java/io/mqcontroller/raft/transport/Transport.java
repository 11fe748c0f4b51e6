package io.mqcontroller.raft.transport;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Message;
import io.mqcontroller.raft.core.NodeId;

/** Carries messages between members: in order per peer while a connection lasts, or not at all. Never blocks the caller. */
public interface Transport extends AutoCloseable {
    /** Sets who receives; before that nothing is delivered. Called once. */
    void start(Receiver receiver);

    /** Sends, or drops when there is no connection or its queue is full: the protocol repeats what matters. Any thread. */
    void send(NodeId to, Message message);

    /**
     * Sends a message of the application that uses Raft, over the same connection, with the same promise (none). Any thread.
     */
    void sendApplication(NodeId to, Bytes payload);

    @Override
    void close();

    /** Called on the transport's threads; must not block. */
    interface Receiver {
        void onMessage(NodeId from, Message message);

        void onApplicationMessage(NodeId from, Bytes payload);
    }
}
