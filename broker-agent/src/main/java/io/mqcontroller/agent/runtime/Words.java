package io.mqcontroller.agent.runtime;

import io.mqcontroller.agent.core.AckRule;
import io.mqcontroller.agent.core.AgentSettings;
import io.mqcontroller.agent.core.ControllerAnswer;
import io.mqcontroller.agent.core.ControllerRequest;
import io.mqcontroller.agent.core.GroupView;
import io.mqcontroller.agent.core.HandOverOrder;
import io.mqcontroller.agent.core.ReplicaView;
import io.mqcontroller.agent.core.SyncStateSet;
import io.mqcontroller.proto.controller.AgentRole;
import io.mqcontroller.proto.controller.AgentStatus;
import io.mqcontroller.proto.controller.AlterSyncStateSetRequest;
import io.mqcontroller.proto.controller.ApplyBrokerIdRequest;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.ClientHello;
import io.mqcontroller.proto.controller.ClusterRequest;
import io.mqcontroller.proto.controller.ControllerMember;
import io.mqcontroller.proto.controller.ElectMasterRequest;
import io.mqcontroller.proto.controller.GroupName;
import io.mqcontroller.proto.controller.GroupRequest;
import io.mqcontroller.proto.controller.HandOverReport;
import io.mqcontroller.proto.controller.HeartbeatReply;
import io.mqcontroller.proto.controller.HeartbeatRequest;
import io.mqcontroller.proto.controller.NextBrokerIdRequest;
import io.mqcontroller.proto.controller.NodeKind;
import io.mqcontroller.proto.controller.RegisterRequest;
import io.mqcontroller.proto.controller.ServerFrame;
import io.mqcontroller.proto.controller.SlaveStatus;
import io.mqcontroller.proto.controller.StatusCode;
import java.util.Optional;

/** The core's values as messages of {@code controller.proto}, and back. */
final class Words {
    private static final int PROTOCOL_VERSION = 1;

    private final GroupName group;
    private final String zone;

    /** @param zone in which the broker stands, or "" */
    Words(AgentSettings settings, String zone) {
        this.zone = zone;
        group = GroupName.newBuilder()
                .setCluster(settings.cluster())
                .setBrokerName(settings.brokerName())
                .build();
    }

    GroupName group() {
        return group;
    }

    static ClientFrame hello(String softwareVersion) {
        return ClientFrame.newBuilder()
                .setRequestId(1)
                .setHello(ClientHello.newBuilder()
                        .setProtocolVersion(PROTOCOL_VERSION)
                        .setKind(NodeKind.AGENT)
                        .setSoftwareVersion(softwareVersion))
                .build();
    }

    ClientFrame frame(long requestId, ControllerRequest request) {
        ClientFrame.Builder frame = ClientFrame.newBuilder().setRequestId(requestId);
        if (request instanceof ControllerRequest.Heartbeat heartbeat) {
            return frame.setHeartbeat(heartbeat(heartbeat)).build();
        } else if (request instanceof ControllerRequest.NextBrokerId) {
            return frame.setNextBrokerId(NextBrokerIdRequest.newBuilder().setGroup(group))
                    .build();
        } else if (request instanceof ControllerRequest.ApplyBrokerId apply) {
            return frame.setApplyBrokerId(ApplyBrokerIdRequest.newBuilder()
                            .setGroup(group)
                            .setBrokerId(apply.brokerId())
                            .setRegisterCheckCode(apply.checkCode()))
                    .build();
        } else if (request instanceof ControllerRequest.Register register) {
            return frame.setRegister(RegisterRequest.newBuilder()
                            .setGroup(group)
                            .setBrokerId(register.brokerId())
                            .setAddress(register.address())
                            .setHaAddress(register.haAddress()))
                    .build();
        } else if (request instanceof ControllerRequest.AlterSyncStateSet alter) {
            return frame.setAlterSyncStateSet(AlterSyncStateSetRequest.newBuilder()
                            .setGroup(group)
                            .setBrokerId(alter.brokerId())
                            .setMasterEpoch(alter.masterEpoch())
                            .addAllNewSet(alter.newSet())
                            .setKnownSetEpoch(alter.knownSetEpoch()))
                    .build();
        } else if (request instanceof ControllerRequest.ElectMaster elect) {
            return frame.setElectMaster(
                            ElectMasterRequest.newBuilder().setGroup(group).setBrokerId(elect.brokerId()))
                    .build();
        } else if (request instanceof ControllerRequest.GetGroup) {
            return frame.setGroup(GroupRequest.newBuilder().setGroup(group)).build();
        } else if (request instanceof ControllerRequest.GetCluster) {
            return frame.setCluster(ClusterRequest.getDefaultInstance()).build();
        }
        throw new AssertionError("unhandled " + request);
    }

    private HeartbeatRequest heartbeat(ControllerRequest.Heartbeat heartbeat) {
        AgentStatus.Builder status = AgentStatus.newBuilder()
                .setLeaseRemainingMs(heartbeat.status().leaseRemainingMs())
                .setFencings(heartbeat.status().fencings())
                .setZone(zone);
        heartbeat
                .status()
                .slaves()
                .forEach(slave -> status.addSlaves(SlaveStatus.newBuilder()
                        .setBrokerId(slave.brokerId())
                        .setLagBytes(slave.lagBytes())
                        .setLagMs(slave.lagMs())
                        .setConnected(slave.connected())));
        return HeartbeatRequest.newBuilder()
                .setGroup(group)
                .setBrokerId(heartbeat.brokerId())
                .setAddress(heartbeat.address())
                .setHaAddress(heartbeat.haAddress())
                .setLastEpoch(heartbeat.lastEpoch())
                .setKnownMasterEpoch(heartbeat.knownMasterEpoch())
                .setMaxOffset(heartbeat.maxOffset())
                .setConfirmOffset(heartbeat.confirmOffset())
                .setTimeoutMs(heartbeat.timeoutMs())
                .setPriority(heartbeat.priority())
                .setRole(AgentRole.valueOf(heartbeat.role().name()))
                .setRoleEpoch(heartbeat.roleEpoch())
                .setAckRule(io.mqcontroller.proto.controller.AckRule.valueOf(
                        heartbeat.ackRule().name()))
                .setLearner(heartbeat.learner())
                .setResigns(heartbeat.resigns())
                .setUnfit(heartbeat.unfit())
                .setStatus(status)
                .setHandOver(HandOverReport.newBuilder()
                        .setOrder(heartbeat.handOver().order())
                        .setTo(heartbeat.handOver().to())
                        .setFailed(heartbeat.handOver().failed()))
                .setRegisteredMs(heartbeat.registeredMs())
                .setMasterGone(heartbeat.masterGone())
                .build();
    }

    /** What an answer says. An answer of a kind that is not known counts as "not done". */
    static ControllerAnswer answer(ServerFrame frame) {
        if (frame.getStatus().getCode() != StatusCode.OK) {
            return new ControllerAnswer.NotDone(
                    reason(frame.getStatus().getCode()),
                    frame.getStatus().getMessage(),
                    frame.getLeader().getAddress());
        }
        return switch (frame.getKindCase()) {
            case NEXT_BROKER_ID ->
                new ControllerAnswer.BrokerIdOffered(frame.getNextBrokerId().getBrokerId());
            case APPLY_BROKER_ID -> new ControllerAnswer.BrokerIdTaken();
            case GROUP -> new ControllerAnswer.Group(view(frame.getGroup().getGroup()));
            case ELECT_MASTER ->
                new ControllerAnswer.Group(view(frame.getElectMaster().getGroup()));
            case HEARTBEAT ->
                new ControllerAnswer.Heartbeat(
                        view(frame.getHeartbeat().getGroup()),
                        frame.getHeartbeat().getLeaseMs(),
                        ackRule(frame.getHeartbeat().getAckRule()),
                        order(frame.getHeartbeat()));
            case CLUSTER ->
                new ControllerAnswer.Members(frame.getCluster().getMembersList().stream()
                        .map(ControllerMember::getAddress)
                        .toList());
            default ->
                new ControllerAnswer.NotDone(
                        ControllerAnswer.Reason.OTHER, "an answer of kind " + frame.getKindCase(), "");
        };
    }

    private static Optional<HandOverOrder> order(HeartbeatReply reply) {
        io.mqcontroller.proto.controller.HandOverOrder order = reply.getHandOver();
        return reply.hasHandOver()
                ? Optional.of(
                        new HandOverOrder(order.getOrder(), order.getTo(), order.getLimitMs(), order.getMaxLagBytes()))
                : Optional.empty();
    }

    static GroupView view(io.mqcontroller.proto.controller.GroupView view) {
        return new GroupView(
                view.getMaster(),
                view.getMasterEpoch(),
                SyncStateSet.of(view.getSyncStateSetEpoch(), view.getSyncStateSetList()),
                view.getReplicasList().stream().map(Words::replica).toList());
    }

    private static ReplicaView replica(io.mqcontroller.proto.controller.ReplicaView replica) {
        return new ReplicaView(
                replica.getBrokerId(),
                replica.getAddress(),
                replica.getHaAddress(),
                replica.getAlive(),
                replica.getAgent());
    }

    private static AckRule ackRule(io.mqcontroller.proto.controller.AckRule rule) {
        // The stronger one is the safe one to keep when the leader does not say.
        return rule == io.mqcontroller.proto.controller.AckRule.WEAKER ? AckRule.WEAKER : AckRule.ALL_IN_SYNC;
    }

    private static ControllerAnswer.Reason reason(StatusCode code) {
        try {
            return ControllerAnswer.Reason.valueOf(code.name());
        } catch (IllegalArgumentException noSuchReason) {
            return ControllerAnswer.Reason.OTHER;
        }
    }
}
