package io.mqcontroller.controller.cli.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.cli.ctl.client.FakeController;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.Event;
import io.mqcontroller.proto.controller.EventKind;
import io.mqcontroller.proto.controller.EventsReply;
import io.mqcontroller.proto.controller.GroupDetails;
import io.mqcontroller.proto.controller.GroupName;
import io.mqcontroller.proto.controller.GroupsReply;
import io.mqcontroller.proto.controller.NodeRole;
import io.mqcontroller.proto.controller.NodeStatusReply;
import io.mqcontroller.proto.controller.OperatorReply;
import io.mqcontroller.proto.controller.ReplicaDetails;
import io.mqcontroller.proto.controller.ServerFrame;
import io.mqcontroller.proto.controller.StatusCode;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The screen that a person sees, from one look to the next. */
class WatchTest {
    private static final String CLEAR = "\u001b[H\u001b[2J";

    private final AtomicInteger looks = new AtomicInteger();
    private volatile boolean masterDiesAfterTheFirstLook;
    private volatile boolean leaderless;
    private final AtomicInteger history = new AtomicInteger();
    private volatile boolean historyHasAGap;
    private final CtlHarness ctl = new CtlHarness(this::answer);

    @AfterEach
    void stop() {
        ctl.close();
    }

    private ServerFrame.Builder answer(ClientFrame request) {
        ServerFrame.Builder ok = FakeController.status(StatusCode.OK, "");
        return switch (request.getOperator().getKindCase()) {
            case NODE_STATUS -> {
                looks.incrementAndGet();
                yield ok.setOperator(OperatorReply.newBuilder()
                        .setNodeStatus(NodeStatusReply.newBuilder()
                                .setNodeId("n0")
                                .setRole(NodeRole.LEADER)
                                .setReady(true)
                                .setLeader("n0")));
            }
            case GROUPS ->
                leaderless
                        ? FakeController.status(StatusCode.PRECONDITION_FAILED, "nobody leads")
                        : ok.setOperator(OperatorReply.newBuilder()
                                .setGroups(GroupsReply.newBuilder().addGroups(group())));
            case EVENTS ->
                historyHasAGap && history.incrementAndGet() == 2
                        ? FakeController.status(StatusCode.UNSUPPORTED, "not now")
                        : ok.setOperator(OperatorReply.newBuilder()
                                .setEvents(EventsReply.newBuilder()
                                        .addEvents(Event.newBuilder()
                                                .setIndex(looks.get())
                                                .setKind(EventKind.LEADER_CHANGED)
                                                .setLeader("n0"))));
            default -> ok;
        };
    }

    private GroupDetails group() {
        boolean alive = !(masterDiesAfterTheFirstLook && looks.get() > 1);
        return GroupDetails.newBuilder()
                .setGroup(GroupName.newBuilder().setCluster("C").setBrokerName("broker-a"))
                .setMaster(1)
                .setMasterEpoch(1)
                .setEverElected(true)
                .addSyncStateSet(1)
                .addReplicas(ReplicaDetails.newBuilder().setBrokerId(1).setAlive(alive))
                .build();
    }

    private String[] screens() {
        String[] parts = ctl.output().split(CLEAR.replace("[", "\\["), -1);
        assertEquals("", parts[0], "nothing before the screen is cleared");
        return parts;
    }

    @Test
    void eachLookIsAScreenOfItsOwnWithTheStateOfThen() {
        masterDiesAfterTheFirstLook = true;
        assertEquals(0, ctl.runLive("watch", "--count", "2", "--interval", "1ms"), ctl::errors);
        String[] screens = screens();
        assertEquals(3, screens.length, ctl.output());
        assertTrue(screens[1].contains("n0") && screens[1].contains("The only group is ok."), screens[1]);
        assertTrue(screens[2].contains("broker-a") && screens[2].contains("1 of 1 groups are not ok."), screens[2]);
        assertTrue(screens[2].contains("n0 leads"), screens[2]);
    }

    @Test
    void whatCannotBeHadIsSaidAndTheRestIsShown() {
        leaderless = true;
        assertEquals(0, ctl.runLive("watch", "--count", "1", "--interval", "1ms"), ctl::errors);
        assertTrue(screens()[1].contains("nobody leads"), ctl.output());
        assertTrue(screens()[1].contains("n0 leads"), ctl.output());
    }

    @Test
    void whereNobodySeesItNothingIsCleared() {
        assertEquals(0, ctl.run("watch", "--count", "1", "--interval", "1ms"), ctl::errors);
        assertFalse(ctl.output().contains("\u001b"), ctl.output());
        assertEquals(0, ctl.runLive("watch", "--count", "1", "--interval", "1ms", "-o", "json"), ctl::errors);
        assertFalse(ctl.output().contains("\u001b"), ctl.output());
    }

    @Test
    void whoFollowsWhatHappensGoesOnWhenNobodyAnswersForAWhile() {
        historyHasAGap = true;
        assertEquals(0, ctl.run("watch", "--count", "3", "--interval", "1ms"), ctl::errors);
        assertEquals(4, history.get());
        assertEquals(1, ctl.errors().lines().count(), ctl.errors());
        assertTrue(ctl.errors().contains("no controller tells its history"), ctl.errors());
    }
}
