package io.mqcontroller.controller.cli.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.cli.ctl.client.FakeController;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.GroupDetails;
import io.mqcontroller.proto.controller.GroupName;
import io.mqcontroller.proto.controller.GroupView;
import io.mqcontroller.proto.controller.GroupsReply;
import io.mqcontroller.proto.controller.OperatorReply;
import io.mqcontroller.proto.controller.ReplicaDetails;
import io.mqcontroller.proto.controller.ServerFrame;
import io.mqcontroller.proto.controller.StatusCode;
import io.mqcontroller.proto.controller.SwitchOverReply;
import io.mqcontroller.proto.controller.SwitchOverRequest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SwitchOverCommandTest {
    private static final GroupDetails GROUP = GroupDetails.newBuilder()
            .setGroup(GroupName.newBuilder().setCluster("C").setBrokerName("broker-a"))
            .setMaster(1)
            .setMasterEpoch(4)
            .addReplicas(ReplicaDetails.newBuilder().setBrokerId(1).setAlive(true))
            .addReplicas(ReplicaDetails.newBuilder()
                    .setBrokerId(2)
                    .setAlive(true)
                    .setLagKnown(true)
                    .setLagBytes(70))
            .addReplicas(ReplicaDetails.newBuilder().setBrokerId(3).setNotElectable("never heard of"))
            .build();

    private final List<SwitchOverRequest> asked = new CopyOnWriteArrayList<>();
    private volatile ServerFrame.Builder reply = FakeController.status(StatusCode.OK, "")
            .setSwitchOver(SwitchOverReply.newBuilder()
                    .setChanged(true)
                    .setGroup(GroupView.newBuilder().setMaster(2).setMasterEpoch(5)));

    private final CtlHarness ctl = new CtlHarness(this::answer);

    @AfterEach
    void stop() {
        ctl.close();
    }

    private ServerFrame.Builder answer(ClientFrame request) {
        if (request.hasSwitchOver()) {
            asked.add(request.getSwitchOver());
            return reply;
        }
        return FakeController.status(StatusCode.OK, "")
                .setOperator(OperatorReply.newBuilder()
                        .setGroups(GroupsReply.newBuilder().addGroups(GROUP)));
    }

    @Test
    void theNextMasterIsNamedAndTold() {
        assertEquals(0, ctl.run("group", "switchover", "broker-a", "--to", "2", "--limit", "500ms"));
        assertEquals("switched over: broker 2 is master under masterEpoch 5\n", ctl.output());
        assertEquals(
                SwitchOverRequest.newBuilder()
                        .setGroup(GROUP.getGroup())
                        .setTo(2)
                        .setLimitMs(500)
                        .build(),
                asked.get(0));
    }

    @Test
    void aRefusalIsTheExitCodeOfAPrecondition() {
        reply = FakeController.status(StatusCode.SWITCH_OVER_REFUSED, "NOT_EQUAL: replica 2 lacked 9 bytes");
        assertEquals(4, ctl.run("group", "switchover", "broker-a", "--to", "2"));
        assertTrue(ctl.errors().contains("NOT_EQUAL: replica 2 lacked 9 bytes"), ctl.errors());
    }

    @Test
    void lossMustBeMeant() {
        assertEquals(2, ctl.run("group", "switchover", "broker-a", "--to", "2", "--may-lose"));
        assertEquals(List.of(), asked);
        assertEquals(0, ctl.run("group", "switchover", "broker-a", "--to", "2", "--may-lose", "--yes"));
        assertTrue(asked.get(0).getMayLose());
    }

    @Test
    void aDryRunOnlySaysWhetherItIsPossible() {
        assertEquals(0, ctl.run("group", "switchover", "broker-a", "--to", "2", "--dry-run"));
        assertEquals("possible: writes would pause until it has everything; it lacks 70 bytes now\n", ctl.output());
        assertEquals(4, ctl.run("group", "switchover", "broker-a", "--to", "3", "--dry-run"));
        assertEquals(4, ctl.run("group", "switchover", "broker-a", "--to", "9", "--dry-run"));
        assertEquals(2, ctl.run("group", "switchover", "broker-a"));
        assertEquals(List.of(), asked);
    }
}
