package io.mqcontroller.controller.rpc.agent;

import io.mqcontroller.controller.controller.service.ControllerService.Elected;
import io.mqcontroller.controller.controller.service.Drained;
import io.mqcontroller.controller.controller.service.LeaseAnswer;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.controller.service.RoleView;
import io.mqcontroller.controller.metadata.AckRule;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.Refusal;
import io.mqcontroller.controller.metadata.Replica;
import io.mqcontroller.proto.controller.DrainReply;
import io.mqcontroller.proto.controller.DrainedReplica;
import io.mqcontroller.proto.controller.ElectMasterReply;
import io.mqcontroller.proto.controller.GroupName;
import io.mqcontroller.proto.controller.GroupReply;
import io.mqcontroller.proto.controller.GroupView;
import io.mqcontroller.proto.controller.HandOverOrder;
import io.mqcontroller.proto.controller.HeartbeatReply;
import io.mqcontroller.proto.controller.ReplicaView;
import io.mqcontroller.proto.controller.ServerFrame;
import io.mqcontroller.proto.controller.Status;
import io.mqcontroller.proto.controller.StatusCode;
import io.mqcontroller.proto.controller.SwitchOverReply;
import java.util.function.BiConsumer;

/** Replies and groups as messages. */
final class AgentAnswers {
    private AgentAnswers() {}

    /** @param show puts the content of a reply that is done into the frame */
    static <T> ServerFrame.Builder of(Reply<T> reply, BiConsumer<ServerFrame.Builder, T> show) {
        if (reply instanceof Reply.Done<T> done) {
            ServerFrame.Builder frame = failed(StatusCode.OK, "");
            show.accept(frame, done.value());
            return frame;
        }
        if (reply instanceof Reply.Refused<T> refused) {
            return failed(codeOf(refused.refusal()), refused.message());
        }
        if (reply instanceof Reply.NotLeader<T>) {
            return failed(StatusCode.NOT_LEADER, "this controller does not lead; nothing was changed");
        }
        if (reply instanceof Reply.Indeterminate<T> unknown) {
            return failed(StatusCode.UNKNOWN_OUTCOME, unknown.message());
        }
        throw new AssertionError("unhandled " + reply);
    }

    static ServerFrame.Builder failed(StatusCode code, String message) {
        return ServerFrame.newBuilder()
                .setStatus(Status.newBuilder().setCode(code).setMessage(message));
    }

    private static StatusCode codeOf(Refusal refusal) {
        return switch (refusal) {
            case BAD_REQUEST, AMBIGUOUS_GROUP -> StatusCode.BAD_REQUEST;
            case CLEAN_REFUSED -> StatusCode.PRECONDITION_FAILED;
            case UNKNOWN_GROUP -> StatusCode.UNKNOWN_GROUP;
            case UNKNOWN_REPLICA -> StatusCode.UNKNOWN_REPLICA;
            case BROKER_ID_TAKEN -> StatusCode.BROKER_ID_TAKEN;
            case NOT_THE_MASTER -> StatusCode.NOT_THE_MASTER;
            case STALE_MASTER_EPOCH -> StatusCode.STALE_MASTER_EPOCH;
            case STALE_SYNC_STATE_SET_EPOCH -> StatusCode.STALE_SYNC_STATE_SET_EPOCH;
            case REPLICA_NOT_ALIVE -> StatusCode.REPLICA_NOT_ALIVE;
            case BAD_SYNC_STATE_SET -> StatusCode.BAD_SYNC_STATE_SET;
            case NO_ELIGIBLE_REPLICA -> StatusCode.NO_ELIGIBLE_REPLICA;
            case SWITCH_OVER_REFUSED -> StatusCode.SWITCH_OVER_REFUSED;
            case OVERLOADED -> StatusCode.OVERLOADED;
        };
    }

    static void group(ServerFrame.Builder frame, RoleView view) {
        frame.setGroup(GroupReply.newBuilder().setGroup(of(view)));
    }

    static void elected(ServerFrame.Builder frame, Elected elected) {
        frame.setElectMaster(
                ElectMasterReply.newBuilder().setGroup(of(elected.view())).setChanged(elected.changed()));
    }

    static void switchedOver(ServerFrame.Builder frame, Elected elected) {
        frame.setSwitchOver(
                SwitchOverReply.newBuilder().setGroup(of(elected.view())).setChanged(elected.changed()));
    }

    static void drained(ServerFrame.Builder frame, Drained drained) {
        DrainReply.Builder reply = DrainReply.newBuilder();
        for (Drained.One one : drained.replicas()) {
            reply.addReplicas(DrainedReplica.newBuilder()
                    .setGroup(GroupName.newBuilder()
                            .setCluster(one.group().cluster())
                            .setBrokerName(one.group().brokerName()))
                    .setBrokerId(one.id().value())
                    .setAddress(one.address())
                    .setDrained(one.drained())
                    .setMaster(one.master())
                    .setHindrance(one.hindrance()));
        }
        frame.setDrain(reply);
    }

    static void heartbeat(ServerFrame.Builder frame, LeaseAnswer answer) {
        HeartbeatReply.Builder reply = HeartbeatReply.newBuilder()
                .setGroup(of(answer.view()))
                .setLeaseMs(answer.leaseMs())
                .setAckRule(
                        answer.ackRule() == AckRule.ALL_IN_SYNC
                                ? io.mqcontroller.proto.controller.AckRule.ALL_IN_SYNC
                                : io.mqcontroller.proto.controller.AckRule.WEAKER);
        answer.handOver()
                .ifPresent(order -> reply.setHandOver(HandOverOrder.newBuilder()
                        .setOrder(order.number())
                        .setTo(order.to().value())
                        .setLimitMs(order.limitMs())
                        .setMaxLagBytes(order.maxLagBytes())));
        frame.setHeartbeat(reply);
    }

    static GroupView of(RoleView view) {
        BrokerGroup group = view.group();
        GroupView.Builder message = GroupView.newBuilder()
                .setGroup(GroupName.newBuilder()
                        .setCluster(group.key().cluster())
                        .setBrokerName(group.key().brokerName()))
                .setMaster(group.master().map(BrokerId::value).orElse(0L))
                .setMasterEpoch(group.masterEpoch())
                .setSyncStateSetEpoch(group.syncStateSet().epoch());
        for (BrokerId member : group.syncStateSet().members()) {
            message.addSyncStateSet(member.value());
        }
        for (Replica replica : group.replicas().values()) {
            message.addReplicas(ReplicaView.newBuilder()
                    .setBrokerId(replica.id().value())
                    .setAddress(replica.address())
                    .setHaAddress(view.haAddresses().getOrDefault(replica.id(), ""))
                    .setAlive(view.alive().getOrDefault(replica.id(), false))
                    .setAgent(replica.agent())
                    .setDrained(replica.drained()));
        }
        return message.build();
    }
}
