package io.mqcontroller.controller.controller.replication;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.NodeId;

/**
 * What the controller asks of Raft. Answers come back as events of the loop ({@code ControllerEvent}), in the order in which Raft gave them;
 * never from inside these calls.
 */
public interface Consensus {
    NodeId self();

    /** Answered by {@code ControllerEvent.ProposalSettled}, after {@code ControllerEvent.Committed} of the command. */
    void propose(long proposal, Bytes command);

    /** Answered by {@code ControllerEvent.ReadSettled}. */
    void read(long read);

    /**
     * Whether all other members have said that their controller knows this. What only some know must not be recorded: the others
     * would stop at it.
     */
    boolean allKnow(String capability);

    /** Sends, or loses. */
    void sendApplication(NodeId to, Bytes payload);
}
