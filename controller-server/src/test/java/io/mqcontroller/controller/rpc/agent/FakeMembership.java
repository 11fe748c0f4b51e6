package io.mqcontroller.controller.rpc.agent;

import io.mqcontroller.raft.core.Configuration;
import io.mqcontroller.raft.core.ConfiguredMember;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.MembershipChange;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.core.RaftStatus.FollowerStatus;
import io.mqcontroller.raft.core.RoleName;
import io.mqcontroller.raft.core.StoreHealth;
import io.mqcontroller.raft.node.MemberState;
import io.mqcontroller.raft.node.MembershipResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/** Remembers what it was asked, and answers as it is told. */
final class FakeMembership implements ControllerMembership {
    final List<Object> asked = new ArrayList<>();
    MembershipResult result = new MembershipResult.Unknown();
    boolean transferred;
    RoleName role = RoleName.LEADER;
    final SortedSet<NodeId> older = new TreeSet<>();

    /** n0 leads n1, which is on its way out, and n2, which learns. */
    @Override
    public RaftStatus status() {
        NodeId self = AgentChannel.SELF;
        NodeId n1 = new NodeId("n1");
        NodeId n2 = new NodeId("n2");
        Configuration configuration = new Configuration(
                new TreeMap<>(Map.of(
                        self, ConfiguredMember.bootstrapped(self, "10.0.0.1:9877"),
                        n1, ConfiguredMember.bootstrapped(n1, "10.0.0.2:9877,outside:1"),
                        n2, new ConfiguredMember(n2, "10.0.0.3:9877", 7))),
                new TreeSet<>(List.of(self)),
                new TreeSet<>(List.of(self, n1)),
                new TreeSet<>(List.of(n2)),
                new TreeSet<>(List.of(new NodeId("old"))));
        return new RaftStatus(
                self,
                role,
                true,
                3,
                Optional.of(self),
                95,
                95,
                new LogPosition(3, 100),
                100,
                LogPosition.ZERO,
                0,
                List.of(
                        new FollowerStatus(n1, 90, 101, 0, 5, 0, false),
                        new FollowerStatus(n2, 100, 101, 0, 5, 0, false)),
                StoreHealth.SOUND,
                configuration,
                96);
    }

    @Override
    public SortedSet<NodeId> without(String capability) {
        return older;
    }

    @Override
    public MemberState state() {
        return MemberState.VOTER;
    }

    @Override
    public CompletableFuture<MembershipResult> addLearner(NodeId id, String address) {
        asked.add(id + " " + address);
        return CompletableFuture.completedFuture(result);
    }

    @Override
    public CompletableFuture<MembershipResult> change(MembershipChange change) {
        asked.add(change);
        return CompletableFuture.completedFuture(result);
    }

    @Override
    public CompletableFuture<Boolean> transferLeadership(Optional<NodeId> target) {
        asked.add(target);
        return CompletableFuture.completedFuture(transferred);
    }
}
