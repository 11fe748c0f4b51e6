package io.mqcontroller.controller.rpc.agent;

import io.mqcontroller.raft.core.MembershipChange;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.node.MemberState;
import io.mqcontroller.raft.node.MembershipResult;
import io.mqcontroller.raft.node.RaftNode;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.CompletionStage;

/** The members as a {@link RaftNode} has them. */
public record NodeMembership(RaftNode node) implements ControllerMembership {
    public NodeMembership {
        Objects.requireNonNull(node, "node");
    }

    @Override
    public RaftStatus status() {
        return node.status();
    }

    @Override
    public SortedSet<NodeId> without(String capability) {
        return node.without(capability);
    }

    @Override
    public MemberState state() {
        return node.memberState();
    }

    @Override
    public CompletionStage<MembershipResult> addLearner(NodeId id, String address) {
        return node.addLearner(id, address);
    }

    @Override
    public CompletionStage<MembershipResult> change(MembershipChange change) {
        return node.changeMembership(change);
    }

    @Override
    public CompletionStage<Boolean> transferLeadership(Optional<NodeId> target) {
        return node.transferLeadership(target);
    }
}
