package io.mqcontroller.agent.simulation;

import io.mqcontroller.agent.core.ControllerAnswer;
import io.mqcontroller.agent.core.ControllerRequest;
import io.mqcontroller.agent.core.GroupView;
import io.mqcontroller.agent.core.HandOverOrder;
import io.mqcontroller.agent.core.ReplicaView;
import io.mqcontroller.agent.core.SyncStateSet;
import io.mqcontroller.controller.controller.service.AgentRole;
import io.mqcontroller.controller.controller.service.AgentStatus;
import io.mqcontroller.controller.controller.service.ConnectionId;
import io.mqcontroller.controller.controller.service.ControllerService;
import io.mqcontroller.controller.controller.service.GroupRef;
import io.mqcontroller.controller.controller.service.HandOverReport;
import io.mqcontroller.controller.controller.service.LeaseAnswer;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.controller.service.RoleView;
import io.mqcontroller.controller.metadata.AckRule;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.raft.core.NodeId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/** What an agent asks, as the controller's use cases, and their answers as the agent's: what the wire does in production. */
final class RequestTranslation {
    private final ControllerService service;
    private final GroupKey group;
    private final ConnectionId connection;
    private final boolean byAgent;
    private final Mutant mutant;

    RequestTranslation(
            ControllerService service, GroupKey group, ConnectionId connection, boolean byAgent, Mutant mutant) {
        this.service = service;
        this.group = group;
        this.connection = connection;
        this.byAgent = byAgent;
        this.mutant = mutant;
    }

    void serve(ControllerRequest request, Consumer<ControllerAnswer> answer) {
        if (request instanceof ControllerRequest.NextBrokerId) {
            reply(service.nextBrokerId(group), ControllerAnswer.BrokerIdOffered::new, answer);
        } else if (request instanceof ControllerRequest.ApplyBrokerId apply) {
            reply(
                    service.applyBrokerId(new ControllerService.ApplyBrokerId(
                            group, new BrokerId(apply.brokerId()), apply.checkCode(), connection)),
                    key -> new ControllerAnswer.BrokerIdTaken(),
                    answer);
        } else if (request instanceof ControllerRequest.Register register) {
            reply(
                    service.register(new ControllerService.Register(
                            group,
                            new BrokerId(register.brokerId()),
                            register.address(),
                            register.haAddress(),
                            byAgent,
                            connection)),
                    byAgent ? RequestTranslation::group : RequestTranslation::livingMaster,
                    answer);
        } else if (request instanceof ControllerRequest.Heartbeat heartbeat && !byAgent) {
            service.heartbeat(plainHeartbeat(heartbeat));
        } else if (request instanceof ControllerRequest.Heartbeat heartbeat) {
            reply(service.agentHeartbeat(heartbeat(heartbeat)), this::lease, answer);
        } else if (request instanceof ControllerRequest.AlterSyncStateSet alter) {
            reply(service.alterSyncStateSet(alter(alter)), RequestTranslation::group, answer);
        } else if (request instanceof ControllerRequest.ElectMaster elect) {
            reply(
                    service.electMaster(new ControllerService.ElectMaster(
                            ref(), Optional.of(new BrokerId(elect.brokerId())), false)),
                    elected -> group(elected.view()),
                    answer);
        } else if (request instanceof ControllerRequest.GetGroup) {
            reply(service.replicaInfo(ref()), RequestTranslation::group, answer);
        } else if (request instanceof ControllerRequest.GetCluster) {
            answer.accept(new ControllerAnswer.Members(List.of()));
        } else {
            throw new AssertionError("unhandled " + request);
        }
    }

    private GroupRef ref() {
        return new GroupRef(Optional.of(group.cluster()), group.brokerName(), connection);
    }

    private ControllerService.AlterSyncStateSet alter(ControllerRequest.AlterSyncStateSet alter) {
        TreeSet<BrokerId> set = new TreeSet<>();
        alter.newSet().forEach(id -> set.add(new BrokerId(id)));
        return new ControllerService.AlterSyncStateSet(
                ref(), new BrokerId(alter.brokerId()), alter.masterEpoch(), set, alter.knownSetEpoch());
    }

    private ControllerService.AgentHeartbeat heartbeat(ControllerRequest.Heartbeat h) {
        return new ControllerService.AgentHeartbeat(
                group,
                new BrokerId(h.brokerId()),
                h.address(),
                h.haAddress(),
                h.lastEpoch(),
                h.knownMasterEpoch(),
                h.maxOffset(),
                h.confirmOffset(),
                h.timeoutMs(),
                h.priority(),
                AgentRole.valueOf(h.role().name()),
                h.roleEpoch(),
                AckRule.valueOf(h.ackRule().name()),
                h.learner(),
                h.resigns(),
                h.unfit(),
                status(h.status()),
                handOver(h.handOver()),
                h.registeredMs(),
                h.masterGone(),
                connection);
    }

    private ControllerService.Heartbeat plainHeartbeat(ControllerRequest.Heartbeat h) {
        return new ControllerService.Heartbeat(
                group,
                new BrokerId(h.brokerId()),
                h.address(),
                h.lastEpoch(),
                h.maxOffset(),
                h.confirmOffset(),
                h.timeoutMs(),
                h.priority(),
                connection);
    }

    private ControllerAnswer lease(LeaseAnswer lease) {
        return new ControllerAnswer.Heartbeat(
                view(lease.view()),
                mutant.leaseTold(lease.leaseMs()),
                io.mqcontroller.agent.core.AckRule.valueOf(lease.ackRule().name()),
                lease.handOver()
                        .map(order -> new HandOverOrder(
                                order.number(), order.to().value(), order.limitMs(), order.maxLagBytes())));
    }

    private static AgentStatus status(ControllerRequest.HeartbeatStatus status) {
        return new AgentStatus(
                status.leaseRemainingMs(),
                status.fencings(),
                status.slaves().stream()
                        .map(slave -> new AgentStatus.Slave(
                                new BrokerId(slave.brokerId()), slave.lagBytes(), slave.lagMs(), slave.connected()))
                        .toList());
    }

    private HandOverReport handOver(io.mqcontroller.agent.core.HandOverReport report) {
        long heir = mutant.heir(report.to());
        return new HandOverReport(
                true, report.order(), heir == 0 ? Optional.empty() : Optional.of(new BrokerId(heir)), report.failed());
    }

    private static ControllerAnswer group(RoleView view) {
        return new ControllerAnswer.Group(view(view));
    }

    /** A broker without an agent that registers is told of a master only while it lives. */
    private static ControllerAnswer livingMaster(RoleView view) {
        GroupView told = view(view);
        return new ControllerAnswer.Group(
                view.masterAlive() ? told : new GroupView(0, told.masterEpoch(), told.syncStateSet(), told.replicas()));
    }

    static GroupView view(RoleView view) {
        return view(view.group(), view.haAddresses(), view.alive());
    }

    /** As a broker without an agent is told. */
    static GroupView view(BrokerGroup group) {
        return view(group, Map.of(), Map.of());
    }

    private static GroupView view(BrokerGroup group, Map<BrokerId, String> haAddresses, Map<BrokerId, Boolean> alive) {
        List<ReplicaView> replicas = new ArrayList<>();
        group.replicas()
                .forEach((id, replica) -> replicas.add(new ReplicaView(
                        id.value(),
                        replica.address(),
                        haAddresses.getOrDefault(id, ""),
                        alive.getOrDefault(id, false),
                        replica.agent())));
        return new GroupView(
                group.master().map(BrokerId::value).orElse(0L),
                group.masterEpoch(),
                SyncStateSet.of(
                        group.syncStateSet().epoch(),
                        group.syncStateSet().members().stream()
                                .map(BrokerId::value)
                                .toList()),
                replicas);
    }

    private static <T> void reply(
            CompletionStage<Reply<T>> stage, Function<T, ControllerAnswer> show, Consumer<ControllerAnswer> answer) {
        stage.whenComplete((reply, failed) -> {
            if (failed != null) {
                throw new AssertionError(failed);
            }
            answer.accept(answerOf(reply, show));
        });
    }

    private static <T> ControllerAnswer answerOf(Reply<T> reply, Function<T, ControllerAnswer> show) {
        if (reply instanceof Reply.Done<T> done) {
            return show.apply(done.value());
        } else if (reply instanceof Reply.Refused<T> refused) {
            String name = refused.refusal().name();
            boolean known = Arrays.stream(ControllerAnswer.Reason.values())
                    .anyMatch(r -> r.name().equals(name));
            return notDone(
                    known ? ControllerAnswer.Reason.valueOf(name) : ControllerAnswer.Reason.OTHER,
                    refused.message(),
                    "");
        } else if (reply instanceof Reply.NotLeader<T> notLeader) {
            return notDone(
                    ControllerAnswer.Reason.NOT_LEADER,
                    "",
                    notLeader.leader().map(NodeId::value).orElse(""));
        } else if (reply instanceof Reply.Indeterminate<T> unknown) {
            return notDone(ControllerAnswer.Reason.UNKNOWN_OUTCOME, unknown.message(), "");
        }
        throw new AssertionError("unhandled " + reply);
    }

    private static ControllerAnswer notDone(ControllerAnswer.Reason reason, String message, String leader) {
        return new ControllerAnswer.NotDone(reason, message, leader);
    }
}
