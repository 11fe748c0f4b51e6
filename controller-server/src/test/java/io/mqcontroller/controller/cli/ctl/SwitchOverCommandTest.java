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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SwitchOverCommandTest {
    private static final GroupDetails GROUP = GroupDetails.newBuilder()
            .setGroup(GroupName.newBuilder().setCluster("C").setBrokerName("broker-a"))
            .setMaster(1)
            .setMasterEpoch(4)
            .addAllSyncStateSet(List.of(1L, 2L, 3L))
            .addReplicas(
                    ReplicaDetails.newBuilder().setBrokerId(1).setAlive(true).setAgent(true))
            .addReplicas(ReplicaDetails.newBuilder()
                    .setBrokerId(2)
                    .setAlive(true)
                    .setLagKnown(true)
                    .setLagBytes(70)
                    .setConnectedToMaster(true))
            .addReplicas(ReplicaDetails.newBuilder().setBrokerId(3).setNotElectable("never heard of"))
            .build();

    private volatile GroupDetails group = GROUP;
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
                        .setGroups(GroupsReply.newBuilder().addGroups(group)));
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
    void whereItTakesLossTheRefusalSaysHowToAllowIt() {
        reply = FakeController.status(StatusCode.SWITCH_OVER_REFUSED, "NEEDS_AGENT: the master has none");
        assertEquals(4, ctl.run("group", "switchover", "broker-a", "--to", "2"));
        assertTrue(ctl.errors().contains("; --may-lose --yes allows it"), ctl.errors());
        assertEquals(4, ctl.run("group", "switchover", "broker-a", "--to", "2", "--may-lose", "--yes"));
        assertTrue(!ctl.errors().contains("allows it"), ctl.errors());
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

    private void assertForeseen(String obstacle, ReplicaDetails.Builder target, String... more) {
        group = GROUP.toBuilder().setReplicas(1, target).build();
        String[] command = {"group", "switchover", "broker-a", "--to", "2", "--dry-run"};
        String[] all = Stream.concat(Stream.of(command), Stream.of(more)).toArray(String[]::new);
        assertEquals(4, ctl.run(all), obstacle);
        assertTrue(ctl.errors().startsWith("mqctl: " + obstacle + ":"), ctl.errors());
    }

    @Test
    void aDryRunForeseesWhatTheLeaderWouldRefuse() {
        ReplicaDetails ready = GROUP.getReplicas(1);
        assertForeseen("DRAINED", ready.toBuilder().setDrained(true));
        assertForeseen("NOT_CONNECTED", ready.toBuilder().setConnectedToMaster(false));
        assertForeseen("TOO_FAR_BEHIND", ready.toBuilder().setLagBytes((16 << 20) + 1));
        assertForeseen("TOO_FAR_BEHIND", ready.toBuilder(), "--max-lag", "69");
        group = GROUP.toBuilder().clearSyncStateSet().addSyncStateSet(1).build();
        assertEquals(4, ctl.run("group", "switchover", "broker-a", "--to", "2", "--dry-run"));
        assertTrue(ctl.errors().contains("NOT_IN_SYNC: replica 2 is not in the SyncStateSet [1]"), ctl.errors());
    }

    @Test
    void aDryRunSaysWhatAMasterWithoutAnAgentMeans() {
        ReplicaDetails.Builder unmodified = GROUP.getReplicas(0).toBuilder().setAgent(false);
        group = GROUP.toBuilder().setReplicas(0, unmodified).build();
        assertEquals(4, ctl.run("group", "switchover", "broker-a", "--to", "2", "--dry-run"));
        assertTrue(ctl.errors().contains("NEEDS_AGENT: "), ctl.errors());
        assertEquals(0, ctl.run("group", "switchover", "broker-a", "--to", "2", "--dry-run", "--may-lose"));
        assertEquals(
                "possible: it would be elected at once, and what only the master has would be lost\n", ctl.output());
    }
}
