package io.mqcontroller.raft.transport;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Message;
import io.mqcontroller.raft.core.NodeId;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;

/**
 * Carries messages between members: in order per peer while a connection lasts, or not at all. Never blocks the caller. At
 * first it reaches those that it was told of when it was made.
 */
public interface Transport extends AutoCloseable {
    /** Capability of members that know entries about members. */
    String MEMBERSHIP = "membership";

    /** Sets who receives; before that nothing is delivered. Called once. */
    void start(Receiver receiver);

    /** Sends, or drops when there is no connection or its queue is full: the protocol repeats what matters. Any thread. */
    void send(NodeId to, Message message);

    /**
     * Sends a message of the application that uses Raft, over the same connection, with the same promise (none). Any thread.
     */
    void sendApplication(NodeId to, Bytes payload);

    /**
     * From now on these are the other members, and where they are reached; links to all others are closed. An empty address
     * stands for the one that was told when the transport was made. Any thread.
     */
    void reach(SortedMap<NodeId, String> members);

    /** These were removed from the cluster for good: they are told so when they dial, and nothing is taken from them. Any thread. */
    void refuse(SortedSet<NodeId> removed);

    /** Dials all members that are not connected, without anything to send. Any thread. */
    void greet();

    /** Members that have answered, and are of a version that does not name this capability. Any thread. */
    SortedSet<NodeId> without(String capability);

    /** Whether all other members have answered, and are of a version that names this capability. Any thread. */
    boolean allHave(String capability);

    /**
     * Asks who listens at an address, to make it a member. The answer is what its store was made with ({@link
     * io.mqcontroller.raft.core.RecoveredState#incarnation}); an {@link java.io.IOException} says why there is none, or that
     * it is not the one that is wanted. Any thread.
     */
    CompletableFuture<Long> incarnationOf(NodeId wanted, String address);

    @Override
    void close();

    /** Called on the transport's threads; must not block. */
    interface Receiver {
        void onMessage(NodeId from, Message message);

        void onApplicationMessage(NodeId from, Bytes payload);

        /** The peer takes what this member sends: it has not met it with another store. */
        void onWelcome(NodeId peer);

        void onRefused(NodeId peer, Refusal refusal);
    }
}
