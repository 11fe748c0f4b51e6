package io.mqcontroller.controller.controller;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.NodeId;

/**
 * What the controller asks of Raft. Answers come back as {@link ControllerEvent}s, in the order in which Raft gave them;
 * never from inside these calls.
 */
public interface Consensus {
    NodeId self();

    /** Answered by {@link ControllerEvent.ProposalSettled}, after {@link ControllerEvent.Committed} of the command. */
    void propose(long proposal, Bytes command);

    /** Answered by {@link ControllerEvent.ReadSettled}. */
    void read(long read);

    /** Sends, or loses. */
    void sendApplication(NodeId to, Bytes payload);
}
