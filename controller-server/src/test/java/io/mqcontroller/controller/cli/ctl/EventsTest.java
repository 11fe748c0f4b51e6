package io.mqcontroller.controller.cli.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.cli.ctl.client.FakeController;
import io.mqcontroller.controller.cli.ctl.output.Format;
import io.mqcontroller.controller.cli.ctl.output.Renderer;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.Event;
import io.mqcontroller.proto.controller.EventKind;
import io.mqcontroller.proto.controller.EventsReply;
import io.mqcontroller.proto.controller.GroupName;
import io.mqcontroller.proto.controller.OperatorReply;
import io.mqcontroller.proto.controller.ServerFrame;
import io.mqcontroller.proto.controller.StatusCode;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventsTest {
    private static final Event ELECTION = Event.newBuilder()
            .setIndex(12)
            .setTerm(3)
            .setAtWallMs(1_700_000_000_123L)
            .setKind(EventKind.MASTER_CHANGED)
            .setGroup(GroupName.newBuilder().setCluster("C").setBrokerName("broker-a"))
            .setMasterBefore(1)
            .setMaster(2)
            .setMasterEpoch(5)
            .addSyncStateSetBefore(1)
            .addSyncStateSetBefore(2)
            .addSyncStateSet(2)
            .setSyncStateSetEpoch(9)
            .setCause("master dead")
            .setDecidedHere(true)
            .addInputs("2, in sync: alive, epoch 4, offset 500")
            .setDurationMs(130)
            .build();
    private static final Event LEADER = Event.newBuilder()
            .setIndex(10)
            .setOrdinal(Integer.MAX_VALUE)
            .setTerm(3)
            .setKind(EventKind.LEADER_CHANGED)
            .setLeader("n1")
            .setCause("elected by the controllers")
            .build();

    private static Event heardOf(long atWallMs) {
        return ELECTION.toBuilder()
                .setAtWallMs(atWallMs)
                .setDecidedHere(false)
                .clearInputs()
                .clearDurationMs()
                .build();
    }

    @Test
    void whatSeveralTellIsToldOnceByTheOneThatKnowsMost() {
        assertEquals(List.of(LEADER, ELECTION), Events.merge(List.of(heardOf(1), ELECTION, heardOf(2), LEADER)));
        assertEquals(List.of(heardOf(3)), Events.merge(List.of(heardOf(0), heardOf(7), heardOf(3))));
        Event later = LEADER.toBuilder().setIndex(11).setAtWallMs(5).build();
        assertEquals(List.of(later), Events.merge(List.of(LEADER, later)));
    }

    @Test
    void theHistoryIsATable() {
        String table = new Renderer(Format.table, false)
                .render(EventReports.list(List.of(LEADER, ELECTION), true, ZoneOffset.UTC));
        assertEquals(
                """
                TIME                     INDEX  EVENT           GROUP       CHANGE                                    CAUSE                       TOOK
                before the start         10     leader changed  -           n1 leads, term 3                          elected by the controllers  -
                2023-11-14 22:13:20.123  12     master changed  C/broker-a  1 -> 2, epoch 5, set [1,2] -> [2]         master dead                 130 ms
                                                                              2, in sync: alive, epoch 4, offset 500
                """,
                table);
    }

    @Test
    void whatOperatorsDidStandsAmongTheRest() {
        Event.Builder asked = Event.newBuilder()
                .setIndex(12)
                .setOrdinal(1_000_000)
                .setAtWallMs(1_700_000_001_000L)
                .setCause("operator")
                .setAskedBy("10.0.0.9:5");
        Event set = asked.setKind(EventKind.CONFIG_CHANGED)
                .setController("n1")
                .setKey("enableElectUncleanMaster")
                .setValueBefore("false")
                .setValue("true")
                .build();
        Event elsewhere = set.toBuilder().setController("n2").build();
        Event drained = heardOf(1_700_000_002_000L).toBuilder()
                .setKind(EventKind.REPLICA_DRAINED)
                .setIndex(13)
                .setBrokerId(2)
                .setCause("operator")
                .build();
        Event members = Event.newBuilder()
                .setKind(EventKind.MEMBERS_CHANGED)
                .setIndex(14)
                .setAtWallMs(1_700_000_003_000L)
                .setCause("operator")
                .setWhat("n3 votes: voters [n0, n1, n3]")
                .build();
        Event sameMembers =
                members.toBuilder().setIndex(20).setAtWallMs(1_700_000_004_000L).build();
        List<Event> merged = Events.merge(List.of(set, elsewhere, drained, drained, members, sameMembers));
        assertEquals(List.of(set, elsewhere, drained, members), merged);
        assertEquals(
                """
                TIME                     INDEX  EVENT            GROUP       CHANGE                                      CAUSE                   TOOK
                2023-11-14 22:13:21.000  12     config changed   -           n1: enableElectUncleanMaster false -> true  operator at 10.0.0.9:5  -
                2023-11-14 22:13:21.000  12     config changed   -           n2: enableElectUncleanMaster false -> true  operator at 10.0.0.9:5  -
                2023-11-14 22:13:22.000  13     replica drained  C/broker-a  replica 2                                   operator                -
                2023-11-14 22:13:23.000  14     members changed  -           n3 votes: voters [n0, n1, n3]               operator                -
                """,
                new Renderer(Format.table, false).render(EventReports.list(merged, false, ZoneOffset.UTC)));
    }

    @Test
    void programsGetWhoAskedForIt() {
        Event asked = Event.newBuilder()
                .setKind(EventKind.OPERATOR_ASKED)
                .setController("n1")
                .setAskedBy("10.0.0.9:5")
                .setWhat("drain machine 10.0.0.1")
                .build();
        try (CtlHarness ctl = new CtlHarness(request -> answer(asked))) {
            assertEquals(0, ctl.run("events", "-o", "json"));
            for (String field : List.of(
                    "\"event\" : \"operator_asked\"",
                    "\"masterEpoch\" : null",
                    "\"controller\" : \"n1\"",
                    "\"askedBy\" : \"10.0.0.9:5\"",
                    "\"what\" : \"drain machine 10.0.0.1\"")) {
                assertTrue(ctl.output().contains(field), ctl.output());
            }
        }
    }

    @Test
    void programsGetTheInputsInAnyCase() {
        try (CtlHarness ctl = new CtlHarness(request -> answer(ELECTION))) {
            assertEquals(0, ctl.run("events", "C/broker-a", "-o", "json"));
            assertTrue(ctl.output().contains("\"durationMs\" : 130"), ctl.output());
            assertTrue(ctl.output().contains("\"2, in sync: alive, epoch 4, offset 500\""), ctl.output());
        }
    }

    @Test
    void watchingTellsOnlyWhatIsNew() {
        AtomicInteger asked = new AtomicInteger();
        try (CtlHarness ctl = new CtlHarness(request ->
                request.hasOperator() && asked.incrementAndGet() > 1 ? answer(LEADER, ELECTION) : answer(LEADER))) {
            assertEquals(0, ctl.run("watch", "--count", "2", "--interval", "1ms"));
            assertEquals(1, ctl.output().lines().count(), ctl.output());
            assertTrue(ctl.output().contains("C/broker-a: 1 -> 2, epoch 5"), ctl.output());
            assertTrue(ctl.output().contains("(master dead, took 130 ms)"), ctl.output());
        }
    }

    private static ServerFrame.Builder answer(Event... events) {
        return FakeController.status(StatusCode.OK, "")
                .setOperator(OperatorReply.newBuilder()
                        .setEvents(EventsReply.newBuilder().addAllEvents(List.of(events))));
    }

    @Test
    void withoutAnyAnswerItIsUnavailable() {
        try (CtlHarness ctl = new CtlHarness(EventsTest::unsupported)) {
            assertEquals(3, ctl.run("events"));
        }
    }

    private static ServerFrame.Builder unsupported(ClientFrame request) {
        return FakeController.status(StatusCode.UNSUPPORTED, "upgrade");
    }
}
