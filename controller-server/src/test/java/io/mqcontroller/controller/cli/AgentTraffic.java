package io.mqcontroller.controller.cli;

import io.mqcontroller.proto.controller.AckRule;
import io.mqcontroller.proto.controller.AgentRole;
import io.mqcontroller.proto.controller.AlterSyncStateSetRequest;
import io.mqcontroller.proto.controller.ApplyBrokerIdRequest;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.ElectMasterRequest;
import io.mqcontroller.proto.controller.GroupName;
import io.mqcontroller.proto.controller.GroupView;
import io.mqcontroller.proto.controller.HeartbeatRequest;
import io.mqcontroller.proto.controller.RegisterRequest;

/** What the agent of one replica says. {@code timeoutMs}: after which it counts as dead. */
record AgentTraffic(String brokerName, long id, long timeoutMs) {
    private GroupName group() {
        return GroupName.newBuilder().setCluster("C").setBrokerName(brokerName).build();
    }

    private String address() {
        return "10.0.0." + id + ":10911";
    }

    ClientFrame.Builder apply() {
        return ClientFrame.newBuilder()
                .setApplyBrokerId(ApplyBrokerIdRequest.newBuilder()
                        .setGroup(group())
                        .setBrokerId(id)
                        .setRegisterCheckCode(address() + ";1"));
    }

    ClientFrame.Builder register() {
        return ClientFrame.newBuilder()
                .setRegister(RegisterRequest.newBuilder()
                        .setGroup(group())
                        .setBrokerId(id)
                        .setAddress(address())
                        .setHaAddress("10.0.0." + id + ":10912"));
    }

    ClientFrame.Builder elect() {
        return ClientFrame.newBuilder()
                .setElectMaster(
                        ElectMasterRequest.newBuilder().setGroup(group()).setBrokerId(id));
    }

    ClientFrame.Builder alter(GroupView known, long... members) {
        AlterSyncStateSetRequest.Builder request = AlterSyncStateSetRequest.newBuilder()
                .setGroup(group())
                .setBrokerId(id)
                .setMasterEpoch(known.getMasterEpoch())
                .setKnownSetEpoch(known.getSyncStateSetEpoch());
        for (long member : members) {
            request.addNewSet(member);
        }
        return ClientFrame.newBuilder().setAlterSyncStateSet(request);
    }

    /** @param masterEpoch 0: as slave */
    ClientFrame.Builder heartbeat(int masterEpoch, AckRule rule, boolean resigns) {
        return ClientFrame.newBuilder()
                .setHeartbeat(HeartbeatRequest.newBuilder()
                        .setGroup(group())
                        .setBrokerId(id)
                        .setAddress(address())
                        .setHaAddress("10.0.0." + id + ":10912")
                        .setLastEpoch(masterEpoch == 0 ? -1 : masterEpoch)
                        .setKnownMasterEpoch(masterEpoch)
                        .setTimeoutMs(timeoutMs)
                        .setRole(masterEpoch == 0 ? AgentRole.SLAVE : AgentRole.MASTER)
                        .setRoleEpoch(masterEpoch)
                        .setAckRule(rule)
                        .setResigns(resigns));
    }
}
