package io.mqcontroller.controller.rpc.agent;

import io.mqcontroller.controller.controller.service.AgentStatus;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.ReplicaReport;
import io.mqcontroller.proto.controller.AgentRole;
import io.mqcontroller.proto.controller.GroupDetails;
import io.mqcontroller.proto.controller.GroupName;
import io.mqcontroller.proto.controller.GroupsReply;
import io.mqcontroller.proto.controller.ReplicaDetails;

/** What is known of groups, as messages. */
final class GroupDetailsAnswers {
    private GroupDetailsAnswers() {}

    static GroupsReply of(io.mqcontroller.controller.controller.service.GroupDetails.Page page) {
        GroupsReply.Builder reply = GroupsReply.newBuilder().setMore(page.more());
        page.groups().forEach(group -> reply.addGroups(of(group)));
        return reply.build();
    }

    static GroupName nameOf(GroupKey key) {
        return GroupName.newBuilder()
                .setCluster(key.cluster())
                .setBrokerName(key.brokerName())
                .build();
    }

    private static GroupDetails of(io.mqcontroller.controller.controller.service.GroupDetails details) {
        BrokerGroup group = details.group();
        GroupDetails.Builder message = GroupDetails.newBuilder()
                .setGroup(nameOf(group.key()))
                .setMaster(group.master().map(BrokerId::value).orElse(0L))
                .setMasterEpoch(group.masterEpoch())
                .setSyncStateSetEpoch(group.syncStateSet().epoch())
                .setEverElected(group.everElected())
                .setLeaseLeftMs(details.leaseLeftMs())
                .setLeaseGivenBack(details.leaseGivenBack())
                .setTrouble(details.trouble());
        group.syncStateSet().members().forEach(id -> message.addSyncStateSet(id.value()));
        details.replicas().forEach(replica -> message.addReplicas(of(replica)));
        return message.build();
    }

    private static ReplicaDetails of(io.mqcontroller.controller.controller.service.GroupDetails.OfReplica details) {
        ReplicaReport report = details.report();
        ReplicaDetails.Builder message = ReplicaDetails.newBuilder()
                .setBrokerId(details.replica().id().value())
                .setAddress(details.replica().address())
                .setHaAddress(details.haAddress())
                .setAgent(details.replica().agent())
                .setAlive(report.alive())
                .setSilentMs(report.silentMs())
                .setTimeoutMs(details.timeoutMs())
                .setLastEpoch(report.epoch())
                .setMaxOffset(report.maxOffset())
                .setConfirmOffset(details.confirmOffset())
                .setPriority(report.priority())
                .setNotElectable(details.notElectable())
                .setDrained(details.replica().drained());
        details.heardThrough().forEach(node -> message.addHeardThrough(node.value()));
        details.agent().ifPresent(agent -> message.setRole(roleOf(agent.role()))
                .setLeaseRemainingMs(agent.status().leaseRemainingMs())
                .setFencings(agent.status().fencings())
                .setZone(agent.status().zone()));
        details.asSlave().ifPresent(slave -> addLag(message, slave));
        return message.build();
    }

    private static void addLag(ReplicaDetails.Builder message, AgentStatus.Slave slave) {
        message.setLagKnown(true)
                .setLagBytes(slave.lagBytes())
                .setLagMs(slave.lagMs())
                .setConnectedToMaster(slave.connected());
    }

    private static AgentRole roleOf(io.mqcontroller.controller.controller.service.AgentRole role) {
        return switch (role) {
            case FENCED -> AgentRole.FENCED;
            case MASTER -> AgentRole.MASTER;
            case SLAVE -> AgentRole.SLAVE;
        };
    }
}
