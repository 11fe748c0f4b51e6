package io.mqcontroller.controller.cli.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.cli.ctl.client.FakeController;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.GroupDetails;
import io.mqcontroller.proto.controller.GroupName;
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

/** Four groups, all with their masters on one of two machines. */
class BalanceCommandTest {
    private final List<SwitchOverRequest> asked = new CopyOnWriteArrayList<>();
    private volatile String refused = "";
    private volatile boolean drained;
    private final CtlHarness ctl = new CtlHarness(this::answer);

    @AfterEach
    void stop() {
        ctl.close();
    }

    private ServerFrame.Builder answer(ClientFrame request) {
        if (request.hasSwitchOver()) {
            asked.add(request.getSwitchOver());
            return request.getSwitchOver().getGroup().getBrokerName().equals(refused)
                    ? FakeController.status(StatusCode.PRECONDITION_FAILED, "TOO_FAR_BEHIND: much")
                    : FakeController.status(StatusCode.OK, "").setSwitchOver(SwitchOverReply.getDefaultInstance());
        }
        GroupsReply.Builder groups = GroupsReply.newBuilder();
        for (int i = 0; i < 4; i++) {
            groups.addGroups(GroupDetails.newBuilder()
                    .setGroup(GroupName.newBuilder().setCluster("C").setBrokerName("g" + i))
                    .setMaster(1)
                    .addAllSyncStateSet(List.of(1L, 2L))
                    .addReplicas(replica(1, "zone-a", "10.0.0.1:10911"))
                    .addReplicas(replica(2, "zone-b", "10.0.0.2:10911").setDrained(drained)));
        }
        return FakeController.status(StatusCode.OK, "")
                .setOperator(OperatorReply.newBuilder().setGroups(groups));
    }

    private static ReplicaDetails.Builder replica(long id, String zone, String address) {
        return ReplicaDetails.newBuilder()
                .setBrokerId(id)
                .setZone(zone)
                .setAddress(address)
                .setAgent(true)
                .setAlive(true);
    }

    @Test
    void whoIsDrainedIsSaidToBeLeftOut() {
        drained = true;
        assertEquals(0, ctl.run("balance", "--dry-run"));
        assertTrue(ctl.output().startsWith("nothing to move"), ctl.output());
        assertTrue(ctl.output().contains("left out: 4 drained replicas"), ctl.output());
    }

    @Test
    void aDryRunOnlySaysWhatWouldMove() {
        assertEquals(0, ctl.run("balance", "--dry-run"));
        assertEquals(
                """
                would move C/g0: broker 1 on 10.0.0.1 -> broker 2 on 10.0.0.2
                would move C/g1: broker 1 on 10.0.0.1 -> broker 2 on 10.0.0.2

                ZONE    MACHINE   MASTERS  WOULD BE
                zone-a  10.0.0.1  4        2
                zone-b  10.0.0.2  0        2
                """,
                ctl.output());
        assertEquals(List.of(), asked);
    }

    @Test
    void nothingMovesUnlessItIsMeant() {
        assertEquals(2, ctl.run("balance"));
        assertTrue(ctl.errors().contains("--yes"), ctl.errors());
        assertEquals(List.of(), asked);
    }

    @Test
    void mastersMoveOneAfterTheOther() {
        assertEquals(0, ctl.run("balance", "--yes"));
        assertEquals(
                List.of("g0", "g1"),
                asked.stream().map(one -> one.getGroup().getBrokerName()).toList());
        assertTrue(asked.stream().allMatch(one -> one.getTo() == 2 && !one.getMayLose()), asked::toString);
        assertTrue(ctl.output().contains("moved C/g1: broker 1 on 10.0.0.1 -> broker 2 on 10.0.0.2"), ctl.output());
    }

    @Test
    void whatIsInTheWayOfOneGroupIsSaidAndTheOthersMove() {
        refused = "g0";
        assertEquals(1, ctl.run("balance", "--yes"));
        assertTrue(
                ctl.output().contains("not moved C/g0: broker 1 on 10.0.0.1 -> broker 2 on 10.0.0.2: "), ctl.output());
        assertTrue(ctl.output().contains("TOO_FAR_BEHIND: much"), ctl.output());
        assertTrue(ctl.output().contains("zone-a  10.0.0.1  4        3"), ctl.output());
    }
}
