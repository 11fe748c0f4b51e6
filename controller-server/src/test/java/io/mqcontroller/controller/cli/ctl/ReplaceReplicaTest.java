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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Replica 1 goes, replica 3 takes its place, 2 is there all the time. */
class ReplaceReplicaTest {
    private static final GroupDetails NOT_REGISTERED =
            group(2, List.of(1L, 2L), replica(1, true, 0), replica(2, true, 0));
    private static final GroupDetails COPYING =
            group(2, List.of(2L), replica(1, false, 0), replica(2, true, 5_000), replica(3, true, 2_952));
    private static final GroupDetails OLD_ALIVE =
            group(2, List.of(1L, 2L, 3L), replica(1, true, 0), replica(2, true, 0), replica(3, true, 0));
    private static final GroupDetails OLD_IS_MASTER =
            group(1, List.of(1L, 3L), replica(1, true, 0), replica(3, true, 0));
    private static final GroupDetails POSSIBLE =
            group(2, List.of(2L, 3L), replica(1, false, 0), replica(2, true, 0), replica(3, true, 0));
    private static final GroupDetails DONE = group(2, List.of(2L, 3L), replica(2, true, 0), replica(3, true, 0));

    /** The last one stays. */
    private final Deque<GroupDetails> states = new ArrayDeque<>();

    private final List<List<Long>> removed = new CopyOnWriteArrayList<>();
    private final CtlHarness ctl = new CtlHarness(this::answer);

    @AfterEach
    void stop() {
        ctl.close();
    }

    private static ReplicaDetails replica(long id, boolean alive, long maxOffset) {
        return ReplicaDetails.newBuilder()
                .setBrokerId(id)
                .setAlive(alive)
                .setMaxOffset(maxOffset)
                .build();
    }

    private static GroupDetails group(long master, List<Long> inSync, ReplicaDetails... replicas) {
        return GroupDetails.newBuilder()
                .setGroup(GroupName.newBuilder().setCluster("C").setBrokerName("broker-a"))
                .setMaster(master)
                .addAllSyncStateSet(inSync)
                .addAllReplicas(List.of(replicas))
                .build();
    }

    private synchronized ServerFrame.Builder answer(ClientFrame request) {
        ServerFrame.Builder ok = FakeController.status(StatusCode.OK, "");
        if (request.getOperator().hasGroups()) {
            GroupDetails now = states.size() > 1 ? states.poll() : states.peek();
            return ok.setOperator(OperatorReply.newBuilder()
                    .setGroups(GroupsReply.newBuilder().addGroups(now)));
        }
        removed.add(request.getOperator().getCleanGroup().getBrokerIdsList());
        return ok;
    }

    private void assertInTheWay(GroupDetails state, String what) {
        states.clear();
        states.add(state);
        assertEquals(4, ctl.run("group", "replace", "broker-a", "1", "3", "--yes"));
        assertTrue(ctl.errors().contains(what), ctl.errors());
        assertEquals(4, ctl.run("group", "replace", "broker-a", "1", "3", "--dry-run"));
        assertEquals(List.of(), removed);
    }

    @Test
    void whatIsInTheWayIsSaidAndNothingIsChanged() {
        assertInTheWay(NOT_REGISTERED, "has not registered yet");
        assertInTheWay(COPYING, "not in the SyncStateSet yet: it lacks about 2.0 KiB");
        assertInTheWay(OLD_ALIVE, "stop its broker");
        assertInTheWay(OLD_IS_MASTER, "mqctl group switchover broker-a --to 3");
    }

    @Test
    void itWaitsUntilTheNewOneHasEverythingAndTheOldOneIsGone() {
        states.addAll(List.of(NOT_REGISTERED, NOT_REGISTERED, COPYING, OLD_ALIVE, POSSIBLE));
        assertEquals(0, ctl.run("group", "replace", "broker-a", "1", "3", "--yes", "--wait", "1m"), ctl::errors);
        assertEquals(List.of(List.of(1L)), removed);
        assertTrue(ctl.output().contains("removed: replica 1 of C/broker-a"), ctl.output());
    }

    @Test
    void itWaitsWithoutATimeToo() {
        states.addAll(List.of(COPYING, POSSIBLE));
        assertEquals(0, ctl.run("group", "replace", "broker-a", "1", "3", "--yes", "--wait"), ctl::errors);
        assertEquals(List.of(List.of(1L)), removed);
    }

    @Test
    void askingAgainChangesNothing() {
        states.add(DONE);
        assertEquals(0, ctl.run("group", "replace", "broker-a", "1", "3", "--yes"), ctl::errors);
        assertTrue(ctl.output().contains("was removed before"), ctl.output());
        assertEquals(List.of(), removed);
    }

    @Test
    void nothingIsDoneThatWasNotMeant() {
        states.add(POSSIBLE);
        assertEquals(2, ctl.run("group", "replace", "broker-a", "1", "3"));
        assertEquals(2, ctl.run("group", "replace", "broker-a", "3", "3", "--yes"));
        assertEquals(0, ctl.run("group", "replace", "broker-a", "1", "3", "--dry-run"));
        assertEquals(List.of(), removed);
    }

    @Test
    void aTimeThatIsOverSaysHowFarItIs() {
        states.add(COPYING);
        assertEquals(1, ctl.run("group", "replace", "broker-a", "1", "3", "--yes", "--wait", "1ms"));
        assertTrue(ctl.errors().contains("lacks about 2.0 KiB; nothing is removed"), ctl.errors());
    }
}
