package io.mqcontroller.controller.cli.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.cli.ctl.client.FakeController;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.LeaderHint;
import io.mqcontroller.proto.controller.Member;
import io.mqcontroller.proto.controller.MemberPart;
import io.mqcontroller.proto.controller.MembersReply;
import io.mqcontroller.proto.controller.MembershipRequest;
import io.mqcontroller.proto.controller.ServerFrame;
import io.mqcontroller.proto.controller.StatusCode;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NodeCommandTest {
    private final List<MembershipRequest> changes = new CopyOnWriteArrayList<>();
    private final AtomicInteger refusals = new AtomicInteger();
    private volatile String refusal = "NOT_CAUGHT_UP: wait";
    private volatile int committedFromLook;
    private final AtomicInteger looks = new AtomicInteger();
    private final CtlHarness ctl = new CtlHarness(this::answer);

    @AfterEach
    void stop() {
        ctl.close();
    }

    private ServerFrame.Builder answer(ClientFrame request) {
        if (request.hasMembership()) {
            changes.add(request.getMembership());
            if (refusals.getAndDecrement() > 0) {
                return FakeController.status(StatusCode.CHANGE_REFUSED, refusal);
            }
        } else {
            looks.incrementAndGet();
        }
        return FakeController.status(StatusCode.OK, "")
                .setLeader(LeaderHint.newBuilder().setNodeId("n0"))
                .setMembers(MembersReply.newBuilder()
                        .setCommitted(looks.get() >= committedFromLook)
                        .addMembers(
                                member("n0", MemberPart.VOTER).setLeader(true).setLagKnown(true))
                        .addMembers(member("n1", MemberPart.LEARNER)
                                .setLagKnown(true)
                                .setMatchIndex(1)
                                .setLagEntries(looks.get() < 3 ? 5_000 : 7)));
    }

    private static Member.Builder member(String id, MemberPart part) {
        return Member.newBuilder()
                .setNodeId(id)
                .setPart(part)
                .setAddress("10.0.0.1:9877")
                .setAdvertisedAddress("10.0.0.1:9877");
    }

    @Test
    void membersAreShown() {
        assertEquals(0, ctl.run("node", "list"));
        assertEquals(
                """
                ID  PART     LEADER  LAG   ADDRESS        FOR BROKERS
                n0  voter    *       0     10.0.0.1:9877  10.0.0.1:9877
                n1  learner  -       5000  10.0.0.1:9877  10.0.0.1:9877
                """,
                ctl.output());
    }

    @Test
    void aRefusalIsAPreconditionAndWaitingOutlastsOneThatPasses() {
        refusals.set(1);
        assertEquals(4, ctl.run("node", "promote", "n1"));
        assertTrue(ctl.errors().contains("NOT_CAUGHT_UP"), ctl.errors());

        refusals.set(2);
        changes.clear();
        assertEquals(0, ctl.run("node", "promote", "n1", "--wait"));
        assertEquals(3, changes.size());

        refusal = "ALREADY_VOTER: it votes already";
        refusals.set(1);
        assertEquals(4, ctl.run("node", "promote", "n1", "--wait"));
    }

    @Test
    void waitingEndsWhenTheChangeIsCommitted() {
        committedFromLook = 2;
        assertEquals(0, ctl.run("node", "promote", "n1"));
        assertTrue(ctl.output().contains("A change of the members is under way."), ctl.output());
        assertEquals(0, ctl.run("node", "promote", "n1", "--wait"));
        assertFalse(ctl.output().contains("under way"), ctl.output());
        assertEquals(2, looks.get());
    }

    @Test
    void waitingEndsWithTimeAndSaysWhatGoesOn() {
        refusals.set(Integer.MAX_VALUE);
        assertEquals(1, ctl.run("node", "promote", "n1", "--wait", "300ms"));
        assertTrue(ctl.errors().contains("a change is made whole or not at all"), ctl.errors());
    }

    @Test
    void addingWaitsUntilTheLogIsThere() {
        assertEquals(0, ctl.run("node", "add", "n1", "--address", "10.0.0.1:9877", "--wait"));
        assertTrue(looks.get() >= 3);
        assertEquals("n1", changes.get(0).getAddLearner().getNodeId());
        assertTrue(ctl.output().contains("n1  learner  -       7"), ctl.output());
    }

    @Test
    void whatCannotBeUndoneMustBeMeant() {
        assertEquals(2, ctl.run("node", "remove", "n1"));
        assertEquals(2, ctl.run("node", "replace", "n0", "n1"));
        assertEquals(List.of(), changes);
        assertEquals(0, ctl.run("node", "remove", "n1", "--yes"));
        assertEquals(0, ctl.run("node", "replace", "n0", "n1", "--yes"));
        assertEquals("n1", changes.get(1).getReplace().getLearner());
        assertEquals(0, ctl.run("node", "transfer", "n1"));
        assertEquals("n1", changes.get(2).getTransfer().getNodeId());
    }

    @Test
    void aDryRunSaysWhoWouldVoteAndChangesNothing() {
        assertEquals(0, ctl.run("node", "remove", "n1", "--dry-run"));
        assertEquals(
                "possible: n0 would vote, 1 of 1 would have to be up; n1 could never come back under this id\n",
                ctl.output());
        assertEquals(4, ctl.run("node", "remove", "n0", "--dry-run"), "the last one");
        assertEquals(4, ctl.run("node", "remove", "n7", "--dry-run"));
        assertEquals(0, ctl.run("node", "replace", "n0", "n1", "--dry-run"));
        assertTrue(ctl.output().startsWith("possible: n1 would vote"), ctl.output());
        assertEquals(4, ctl.run("node", "replace", "n1", "n0", "--dry-run"));
        assertEquals(4, ctl.run("node", "replace", "n0", "n2", "--dry-run"));
        assertEquals(List.of(), changes);
    }
}
