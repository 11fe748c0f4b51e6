package io.mqcontroller.controller.controller;

import io.mqcontroller.controller.controller.replication.Consensus;
import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.node.RaftNode;

/** A {@link RaftNode} as {@link Consensus}; the node is made after the loop, for it needs the loop's state machine. */
final class LateConsensus implements Consensus {
    private final NodeId self;
    private final Mailbox mailbox;
    private RaftNode node;

    LateConsensus(NodeId self, Mailbox mailbox) {
        this.self = self;
        this.mailbox = mailbox;
    }

    /** Called before the loop's thread starts. */
    void connect(RaftNode connected) {
        node = connected;
    }

    @Override
    public NodeId self() {
        return self;
    }

    @Override
    public void propose(long proposal, Bytes command) {
        node.propose(command, result -> mailbox.put(new ControllerEvent.ProposalSettled(proposal, result)));
    }

    @Override
    public void read(long read) {
        node.read(result -> mailbox.put(new ControllerEvent.ReadSettled(read, result)));
    }

    @Override
    public boolean allKnow(String capability) {
        return node.allHave(capability);
    }

    @Override
    public void sendApplication(NodeId to, Bytes payload) {
        node.sendApplication(to, payload);
    }
}
