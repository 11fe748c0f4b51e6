package io.mqcontroller.controller.cli.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.cli.ctl.client.FakeController;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.DrainReply;
import io.mqcontroller.proto.controller.DrainRequest;
import io.mqcontroller.proto.controller.DrainedReplica;
import io.mqcontroller.proto.controller.GroupDetails;
import io.mqcontroller.proto.controller.GroupName;
import io.mqcontroller.proto.controller.GroupsReply;
import io.mqcontroller.proto.controller.OperatorReply;
import io.mqcontroller.proto.controller.ReplicaDetails;
import io.mqcontroller.proto.controller.ServerFrame;
import io.mqcontroller.proto.controller.StatusCode;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DrainCommandTest {
    private static final GroupName GROUP =
            GroupName.newBuilder().setCluster("C").setBrokerName("broker-a").build();

    private static ReplicaDetails replica(long id, boolean agent) {
        return ReplicaDetails.newBuilder()
                .setBrokerId(id)
                .setAddress("10.0.0." + id + ":10911")
                .setAlive(true)
                .setAgent(agent)
                .build();
    }

    private volatile GroupDetails group = GroupDetails.newBuilder()
            .setGroup(GROUP)
            .setMaster(1)
            .addAllSyncStateSet(List.of(1L, 2L))
            .addReplicas(replica(1, true))
            .addReplicas(replica(2, true))
            .build();

    private final List<DrainRequest> asked = new CopyOnWriteArrayList<>();
    private volatile int masterForSoManyAnswers;
    private volatile int leaderlessFrom = Integer.MAX_VALUE;
    private volatile int leaderlessTo = Integer.MAX_VALUE;
    private final CtlHarness ctl = new CtlHarness(this::answer);

    @AfterEach
    void stop() {
        ctl.close();
    }

    private ServerFrame.Builder answer(ClientFrame request) {
        ServerFrame.Builder ok = FakeController.status(StatusCode.OK, "");
        if (!request.hasDrain()) {
            return ok.setOperator(OperatorReply.newBuilder()
                    .setGroups(GroupsReply.newBuilder().addGroups(group)));
        }
        asked.add(request.getDrain());
        if (asked.size() >= leaderlessFrom && asked.size() <= leaderlessTo) {
            return FakeController.status(StatusCode.NOT_LEADER, "an election is on");
        }
        boolean master = asked.size() <= masterForSoManyAnswers;
        return ok.setDrain(DrainReply.newBuilder()
                .addReplicas(DrainedReplica.newBuilder()
                        .setGroup(GROUP)
                        .setBrokerId(1)
                        .setDrained(true)
                        .setMaster(master)
                        .setHindrance(master ? "TOO_FAR_BEHIND: much" : "")));
    }

    @Test
    void oneReplicaOrAMachineIsDrained() {
        assertEquals(0, ctl.run("drain", "--machine", "10.0.0.1"));
        assertEquals("drained: broker 1 of C/broker-a\n", ctl.output());
        assertEquals(0, ctl.run("drain", "--group", "broker-a", "--id", "1"));
        assertEquals(0, ctl.run("undrain", "--group", "broker-a", "--id", "1"));
        assertEquals("undrained: broker 1 of C/broker-a\n", ctl.output());
        assertEquals(
                List.of(
                        DrainRequest.newBuilder()
                                .setMachine("10.0.0.1")
                                .setDrained(true)
                                .build(),
                        DrainRequest.newBuilder()
                                .setGroup(GROUP)
                                .setBrokerId(1)
                                .setDrained(true)
                                .build(),
                        DrainRequest.newBuilder().setGroup(GROUP).setBrokerId(1).build()),
                asked);
    }

    @Test
    void itMustBeClearWhoIsMeant() {
        assertEquals(2, ctl.run("drain"));
        assertEquals(2, ctl.run("drain", "--group", "broker-a"));
        assertEquals(2, ctl.run("drain", "--id", "1"));
        assertEquals(2, ctl.run("drain", "--machine", "m", "--group", "broker-a", "--id", "1"));
        assertEquals(List.of(), asked);
    }

    @Test
    void progressIsShownWhereAPersonWaitsThoughTheOutputGoesElsewhere() {
        masterForSoManyAnswers = 2;
        assertEquals(0, ctl.runIntoPipe("drain", "--machine", "10.0.0.1", "--wait", "-o", "json"));
        assertEquals("still master: broker 1 of C/broker-a (TOO_FAR_BEHIND: much)\n", ctl.errors());
        assertTrue(ctl.output().startsWith("{"), ctl.output());
        masterForSoManyAnswers = 5;
        assertEquals(0, ctl.run("drain", "--machine", "10.0.0.1", "--wait"));
        assertEquals("", ctl.errors());
    }

    @Test
    void waitsUntilNoneIsMasterAndSaysWhatIsInTheWay() {
        masterForSoManyAnswers = 2;
        assertEquals(0, ctl.run("drain", "--machine", "10.0.0.1", "--wait"));
        assertEquals("drained: broker 1 of C/broker-a\n", ctl.output());
        masterForSoManyAnswers = Integer.MAX_VALUE;
        assertEquals(1, ctl.run("drain", "--machine", "10.0.0.1", "--wait", "100ms"));
        assertTrue(ctl.errors().contains("TOO_FAR_BEHIND: much"), ctl.errors());
        assertTrue(ctl.errors().contains("the controllers go on with it"), ctl.errors());
    }

    @Test
    void aDryRunSaysWhichMastersWouldMoveAndChangesNothing() {
        assertEquals(0, ctl.run("drain", "--machine", "10.0.0.1", "--dry-run"), ctl::errors);
        assertEquals(
                "would be drained: broker 1 of C/broker-a; it is master, and could hand over to [2]\n", ctl.output());
        assertEquals(0, ctl.run("drain", "--group", "broker-a", "--id", "2", "--dry-run"), ctl::errors);
        assertEquals("would be drained: broker 2 of C/broker-a\n", ctl.output());
        assertEquals(4, ctl.run("drain", "--machine", "10.0.0.9", "--dry-run"));
        assertEquals(List.of(), asked);
    }

    @Test
    void aDryRunSaysWhatIsInTheWay() {
        group = group.toBuilder().clearSyncStateSet().addSyncStateSet(1).build();
        assertEquals(4, ctl.run("drain", "--machine", "10.0.0.1", "--dry-run"));
        assertTrue(ctl.output().contains("nobody could take over now"), ctl.output());
        group = group.toBuilder().setReplicas(0, replica(1, false)).build();
        assertEquals(4, ctl.run("drain", "--machine", "10.0.0.1", "--dry-run"));
        assertTrue(ctl.output().contains("has no agent that could hand over"), ctl.output());
    }

    @Test
    void thatNobodyLeadsForAWhileDoesNotEndTheWaiting() {
        masterForSoManyAnswers = 12;
        leaderlessFrom = 3;
        // More than are asked within the time of one question.
        leaderlessTo = 11;
        assertEquals(0, ctl.runIntoPipe("drain", "--machine", "10.0.0.1", "--wait", "--timeout", "1s"), ctl::errors);
        assertTrue(ctl.errors().contains("an election is on"), ctl.errors());
        assertEquals("drained: broker 1 of C/broker-a\n", ctl.output());
    }
}
