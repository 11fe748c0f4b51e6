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
import io.mqcontroller.proto.controller.ServerFrame;
import io.mqcontroller.proto.controller.StatusCode;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DrainCommandTest {
    private static final GroupName GROUP =
            GroupName.newBuilder().setCluster("C").setBrokerName("broker-a").build();

    private final List<DrainRequest> asked = new CopyOnWriteArrayList<>();
    private volatile int masterForSoManyAnswers;
    private final CtlHarness ctl = new CtlHarness(this::answer);

    @AfterEach
    void stop() {
        ctl.close();
    }

    private ServerFrame.Builder answer(ClientFrame request) {
        ServerFrame.Builder ok = FakeController.status(StatusCode.OK, "");
        if (!request.hasDrain()) {
            return ok.setOperator(OperatorReply.newBuilder()
                    .setGroups(GroupsReply.newBuilder()
                            .addGroups(GroupDetails.newBuilder().setGroup(GROUP))));
        }
        asked.add(request.getDrain());
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
    void waitsUntilNoneIsMasterAndSaysWhatIsInTheWay() {
        masterForSoManyAnswers = 2;
        assertEquals(0, ctl.run("drain", "--machine", "10.0.0.1", "--wait"));
        assertEquals("drained: broker 1 of C/broker-a\n", ctl.output());
        masterForSoManyAnswers = Integer.MAX_VALUE;
        assertEquals(1, ctl.run("drain", "--machine", "10.0.0.1", "--wait", "100ms"));
        assertTrue(ctl.errors().contains("TOO_FAR_BEHIND: much"), ctl.errors());
        assertTrue(ctl.errors().contains("the controllers go on with it"), ctl.errors());
    }
}
