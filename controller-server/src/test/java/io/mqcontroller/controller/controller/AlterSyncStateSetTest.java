package io.mqcontroller.controller.controller;

import static io.mqcontroller.controller.controller.CoreHarness.ids;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.controller.CoreHarness.Broker;
import io.mqcontroller.controller.controller.service.ConnectionId;
import io.mqcontroller.controller.controller.service.ControllerService;
import io.mqcontroller.controller.controller.service.GroupRef;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.controller.service.RoleView;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.Refusal;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.Rejection;
import io.mqcontroller.raft.node.ProposalResult;
import io.mqcontroller.raft.node.ReadResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AlterSyncStateSetTest {
    private final CoreHarness h = CoreHarness.leading();

    @Test
    void retryGetsTheSetInForceAndFencesComeBeforeIt() { // S2 a
        h.group("g", 3);
        int epoch = h.group("g").syncStateSet().epoch();
        assertEquals(epoch + 1, setEpoch(h.alter("g", 1, 1, ids(1, 2), epoch)));
        int entries = h.raft.log.size();
        assertEquals(epoch + 1, setEpoch(h.alter("g", 1, 1, ids(1, 2), epoch)));
        assertEquals(entries, h.raft.log.size());
        assertEquals(
                Refusal.STALE_SYNC_STATE_SET_EPOCH,
                h.alter("g", 1, 1, ids(1, 2, 3), epoch).refusal());
        assertEquals(
                Refusal.NOT_THE_MASTER, h.alter("g", 2, 1, ids(1, 2), epoch + 1).refusal());
        assertEquals(
                Refusal.STALE_MASTER_EPOCH,
                h.alter("g", 1, 0, ids(1, 2), epoch + 1).refusal());
    }

    private static int setEpoch(CoreHarness.Answer<RoleView> answer) {
        return answer.value().group().syncStateSet().epoch();
    }

    @Test
    void silentMemberDoesNotKeepAnotherFromBeingTakenOut() { // S2 b
        h.group("g", 3);
        h.kill(h.broker("g", 3));
        h.pass(100);
        int epoch = h.group("g").syncStateSet().epoch();
        assertEquals(
                ids(1, 3),
                h.alter("g", 1, 1, ids(1, 3), epoch)
                        .value()
                        .group()
                        .syncStateSet()
                        .members());
    }

    @Test
    void expansionByADeadReplicaIsSettledOnceAndRefusedAfterThat() { // S2 c, row 30
        h.start(h.broker("g", 1));
        Broker two = h.broker("g", 2);
        h.start(two);
        h.kill(two);
        h.pass(100);
        RoleView settled = h.alter("g", 1, 1, ids(1, 2), 1).value();
        assertEquals(ids(1), settled.group().syncStateSet().members());
        assertEquals(2, settled.group().syncStateSet().epoch());
        assertEquals(1, h.observer.settled);
        assertEquals(Refusal.REPLICA_NOT_ALIVE, h.alter("g", 1, 1, ids(1, 2), 2).refusal());
        h.pass(2_000);
        assertEquals(3, setEpoch(h.alter("g", 1, 1, ids(1, 2), 2)));
    }

    @Test
    void aliveReplicaThatALeaderChangeForgotIsNotRefused() { // section 5.4
        h.start(h.broker("g", 1));
        h.start(h.broker("g", 2));
        h.follow(CoreHarness.OTHER);
        h.lead(2);
        assertEquals(
                ids(1, 2),
                h.alter("g", 1, 1, ids(1, 2), 1).value().group().syncStateSet().members());
    }

    @Test
    void whatWaitsTogetherIsProposedTogetherAndAnsweredWhenCommitted() {
        for (int i = 0; i < 64; i++) {
            h.group("g" + i, 2);
        }
        h.commits = false;
        List<CoreHarness.Answer<RoleView>> answers = new ArrayList<>();
        List<ControllerEvent> asks = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            CoreHarness.Answer<RoleView> answer = new CoreHarness.Answer<>();
            answers.add(answer);
            asks.add(new ControllerEvent.Ask<>(
                    UseCases::alterSyncStateSet,
                    new ControllerService.AlterSyncStateSet(
                            CoreHarness.ref("g" + i),
                            new io.mqcontroller.controller.metadata.BrokerId(1),
                            1,
                            ids(1),
                            2),
                    answer::set));
        }
        int before = h.raft.proposalCount;
        h.deliver(asks.toArray(ControllerEvent[]::new));
        assertEquals(before + 1, h.raft.proposalCount);
        answers.forEach(answer -> assertFalse(answer.isThere()));
        h.commits = true;
        h.settle();
        answers.forEach(answer -> assertEquals(3, setEpoch(answer)));
    }

    @Test
    void decisionThatRestsOnOneThatDidNotHappenDoesNotHappenEither() { // S6
        h.group("g", 3);
        h.commits = false;
        int epoch = h.group("g").syncStateSet().epoch();
        var first = h.alter("g", 1, 1, ids(1, 2), epoch);
        var second = h.alter("g", 1, 1, ids(1), epoch + 1);
        assertEquals(2, h.raft.proposals.size());
        h.deliver(h.raft.rejectNext(Rejection.OVERLOADED));
        assertEquals(Refusal.OVERLOADED, first.refusal());
        assertEquals(Refusal.OVERLOADED, h.alter("g", 1, 1, ids(1), epoch).refusal(), "nothing is decided meanwhile");
        h.commits = true;
        h.settle();
        assertEquals(Refusal.OVERLOADED, second.refusal());
        assertEquals(ids(1, 2, 3), h.group("g").syncStateSet().members());
        assertEquals(epoch, h.group("g").syncStateSet().epoch());
        h.pass(300);
        assertEquals(epoch + 1, setEpoch(h.alter("g", 1, 1, ids(1, 2), epoch)));
    }

    @Test
    void changeThatFindsTheDiskFullDidNotHappenAndTheLeaderIsNoOther() {
        h.group("g", 2);
        h.commits = false;
        var change = h.alter("g", 1, 1, ids(1), 2);
        h.deliver(h.raft.rejectNext(Rejection.DISK_FULL));
        assertEquals(Refusal.OVERLOADED, change.refusal());
    }

    /** Leases among it: with full disks a master must be able to go on. */
    @Test
    void whatOnlyReadsIsAnsweredBetweenChangesThatFindTheDiskFull() {
        h.group("g", 2);
        h.commits = false;
        for (int i = 0; i < 3; i++) {
            var change = h.alter("g", 1, 1, ids(1), 2);
            h.deliver(h.raft.rejectNext(Rejection.DISK_FULL));
            assertEquals(
                    "the controllers' disks are full; nothing was changed, ask again when there is room",
                    change.message());
            var read = h.info("g");
            h.deliver(h.raft.readNext(new ReadResult.Ready(h.raft.log.size())));
            assertEquals(2, setEpoch(read));
        }
    }

    @Test
    void electionThatFoundTheDiskFullIsMadeWhenThereIsRoomThoughMuchIsReadMeanwhile() {
        h.group("g", 2);
        h.commits = false;
        h.kill(h.broker("g", 1));
        h.pass(5_000);
        h.deliver(h.raft.rejectNext(Rejection.DISK_FULL));
        h.commits = true;
        for (int i = 0; i < 30; i++) {
            h.info("g");
            h.pass(10);
        }
        assertEquals(Optional.of(new BrokerId(2)), h.group("g").master());
    }

    @Test
    void changeUnderWayWhenLeadershipGoesIsIndeterminateAndAReadIsNot() {
        h.group("g", 2);
        h.commits = false;
        var change = h.alter("g", 1, 1, ids(1), 2);
        var read = h.info("g");
        h.follow(CoreHarness.OTHER);
        assertEquals(Reply.Indeterminate.class, change.get().getClass());
        assertEquals(new Reply.NotLeader<RoleView>(Optional.of(CoreHarness.OTHER)), read.get());
    }

    @Test
    void changeThatEndedUnknownIsIndeterminateAndNothingIsDecidedUntilLeadershipIsClear() {
        h.group("g", 2);
        h.commits = false;
        var change = h.alter("g", 1, 1, ids(1), 2);
        h.deliver(new ControllerEvent.ProposalSettled(h.raft.proposals.poll().number(), new ProposalResult.Unknown()));
        assertEquals(Reply.Indeterminate.class, change.get().getClass());
        h.pass(1_000);
        assertEquals(Refusal.OVERLOADED, h.info("g").refusal());
        h.follow(null);
        h.commits = true;
        h.lead(2);
        assertEquals(2, h.info("g").value().group().syncStateSet().epoch());
    }

    @Test
    void cutOffLeaderAnswersNothingFromMemory() { // S7
        h.group("g", 2);
        h.commits = false;
        List<CoreHarness.Answer<?>> answers = List.of(
                h.info("g"),
                h.electFor(h.broker("g", 2)),
                h.ask(UseCases::nextBrokerId, CoreHarness.key("g")),
                h.ask(UseCases::syncStateData, new UseCases.NamedGroups(List.of("g"), new ConnectionId(1))));
        answers.forEach(answer -> assertFalse(answer.isThere()));
        while (!h.raft.reads.isEmpty()) {
            h.deliver(h.raft.readNext(new ReadResult.NotLeader(Optional.of(new NodeId("n2")))));
        }
        answers.forEach(
                answer -> assertEquals(new Reply.NotLeader<Object>(Optional.of(new NodeId("n2"))), answer.get()));
    }

    @Test
    void commitOfWhatWasOnItsWayBeforeTheQuestionIsNoProofOfLeadership() { // S7, a leader that was frozen
        h.group("g", 2);
        h.commits = false;
        CoreHarness.Answer<RoleView> altered = h.alter(
                "g", 1, 1, CoreHarness.ids(1), h.group("g").syncStateSet().epoch());
        CoreHarness.Answer<RoleView> asked = h.info("g");
        h.deliver(h.raft.commitNext().toArray(ControllerEvent[]::new));
        assertTrue(altered.isThere());
        assertFalse(asked.isThere(), "the commit may be older than the question");
        h.deliver(h.raft.readNext(new ReadResult.NotLeader(Optional.of(new NodeId("n2")))));
        assertEquals(new Reply.NotLeader<RoleView>(Optional.of(new NodeId("n2"))), asked.get());
    }

    @Test
    void answerThatShowsWhatIsOnItsWayWaitsForThatAndForTheProofOfLeadership() {
        h.group("g", 2);
        h.commits = false;
        h.alter("g", 1, 1, CoreHarness.ids(1), h.group("g").syncStateSet().epoch());
        CoreHarness.Answer<RoleView> asked = h.info("g");
        h.deliver(h.raft.readNext(new ReadResult.Ready(0)));
        assertFalse(asked.isThere(), "what it shows is not committed");
        h.deliver(h.raft.commitNext().toArray(ControllerEvent[]::new));
        assertEquals(CoreHarness.ids(1), asked.value().group().syncStateSet().members());
    }

    @Test
    void readsOfOneTurnShareOneProofOfLeadership() {
        h.group("g", 1);
        h.commits = false;
        int before = h.raft.readCount;
        List<ControllerEvent> asks = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            asks.add(new ControllerEvent.Ask<GroupRef, RoleView>(
                    UseCases::replicaInfo, CoreHarness.ref("g"), reply -> {}));
        }
        h.deliver(asks.toArray(ControllerEvent[]::new));
        assertEquals(before + 1, h.raft.readCount);
    }

    @Test
    void entryOfALeadershipThatIsOverTakesNoEffect() {
        h.group("g", 2);
        h.commits = false;
        h.alter("g", 1, 1, ids(1), 2);
        h.follow(CoreHarness.OTHER);
        h.raft.term = 2;
        h.deliver(h.raft.commitNextSilently());
        assertEquals(ids(1, 2), h.group("g").syncStateSet().members());
    }
}
