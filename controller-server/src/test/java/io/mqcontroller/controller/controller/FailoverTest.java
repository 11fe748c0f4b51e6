package io.mqcontroller.controller.controller;

import static io.mqcontroller.controller.controller.CoreHarness.ids;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.controller.CoreHarness.Broker;
import io.mqcontroller.controller.controller.replication.DecidedBatch;
import io.mqcontroller.controller.controller.replication.RecordCodec;
import io.mqcontroller.controller.election.UncleanPolicy;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.Refusal;
import io.mqcontroller.raft.core.Rejection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FailoverTest {
    private static final Optional<BrokerId> ONE = Optional.of(new BrokerId(1));
    private static final Optional<BrokerId> TWO = Optional.of(new BrokerId(2));

    private final CoreHarness h = CoreHarness.leading();

    @Test
    void killedMasterIsReplacedAFewMomentsAfterItsLastConnectionClosed() {
        h.group("g", 2);
        h.notified.clear();
        h.kill(h.broker("g", 1));
        assertEquals(ONE, h.group("g").master());
        h.pass(50);
        assertEquals(TWO, h.group("g").master());
        assertEquals(2, h.group("g").masterEpoch());
        assertEquals(ids(2), h.group("g").syncStateSet().members());
        assertEquals(3, h.group("g").syncStateSet().epoch());
        assertEquals(List.of(h.broker("g", 2).address + " g master 2 epoch 2"), h.notified);
    }

    @Test
    void frozenMasterIsReplacedWhenItsTimeoutIsDueAndNotBefore() {
        h.group("g", 2);
        h.pass(5_000);
        Broker master = h.broker("g", 1);
        h.beat(master);
        master.beating = false;
        h.pass(9_990);
        assertEquals(ONE, h.group("g").master());
        h.notified.clear();
        h.pass(10);
        assertEquals(TWO, h.group("g").master());
        assertEquals(
                List.of(master.address + " g master 2 epoch 2", h.broker("g", 2).address + " g master 2 epoch 2"),
                h.notified,
                "the frozen one finds the news when it wakes");
    }

    @Test
    void lateCloseOfAnOldConnectionChangesNothingAndThatOfTheNewestShortensTheDeadline() { // S1, row 17
        h.group("g", 3);
        Broker master = h.broker("g", 1);
        long old = master.connection;
        master.connection = 77;
        h.pass(2_000);
        h.close(old);
        h.pass(15_000);
        assertEquals(ONE, h.group("g").master());
        assertEquals(1, h.group("g").masterEpoch());
        h.close(77);
        master.beating = false;
        h.pass(60);
        assertEquals(2, h.group("g").masterEpoch());
    }

    @Test
    void reconnectWithinTheGraceIsNoDeath() {
        h.group("g", 2);
        Broker master = h.broker("g", 1);
        h.close(master.connection);
        h.pass(30);
        master.connection = 55;
        h.beat(master);
        h.pass(15_000);
        assertEquals(1, h.group("g").masterEpoch());
    }

    @Test
    void allMastersOnOneClosedConnectionAreReplacedTogether() { // row 22
        for (int i = 0; i < 10; i++) {
            h.group("g" + i, 2);
        }
        for (int i = 0; i < 10; i++) {
            h.broker("g" + i, 1).connection = 500;
        }
        h.pass(1_000);
        for (int i = 0; i < 10; i++) {
            h.broker("g" + i, 1).beating = false;
        }
        int before = h.raft.proposalCount;
        h.close(500);
        h.pass(50);
        for (int i = 0; i < 10; i++) {
            assertEquals(TWO, h.group("g" + i).master());
        }
        assertEquals(before + 1, h.raft.proposalCount, "decided in one batch");
    }

    @Test
    void aThousandGroupsOfWhichNothingIsLeftGetOneNewEpochEachInOneBatch() { // row 20
        for (int i = 0; i < 1000; i++) {
            h.start(h.broker("g" + i, 1));
        }
        h.pass(1_000);
        h.brokers.values().forEach(b -> b.beating = false);
        int before = h.raft.proposalCount;
        h.pass(60_000);
        for (int i = 0; i < 1000; i++) {
            assertEquals(Optional.empty(), h.group("g" + i).master());
            assertEquals(2, h.group("g" + i).masterEpoch());
            assertEquals(ids(1), h.group("g" + i).syncStateSet().members());
        }
        assertEquals(before + 1, h.raft.proposalCount);
        assertEquals(1000, h.observer.nobody.size(), "said once for each group");
        assertTrue(h.observer.nobody.get(0).contains("SyncStateSet {1} is dead (1: no heartbeat for 10 s)"));
    }

    @Test
    void masterThatComesBackAfterNobodyWasLeftIsElectedByItsFirstHeartbeat() {
        h.group("g", 1);
        Broker only = h.broker("g", 1);
        h.kill(only);
        h.pass(100);
        assertEquals(Optional.empty(), h.group("g").master());
        only.connection = 9;
        h.beat(only);
        assertEquals(ONE, h.group("g").master());
        assertEquals(3, h.group("g").masterEpoch());
    }

    @Test
    void slaveOutsideTheSetIsNotElectedUnlessUncleanElectionIsOn() {
        h.start(h.broker("g", 1));
        h.start(h.broker("g", 2));
        h.kill(h.broker("g", 1));
        h.pass(100);
        assertEquals(Optional.empty(), h.group("g").master());
        assertEquals(Refusal.NO_ELIGIBLE_REPLICA, h.electFor(h.broker("g", 2)).refusal());
        assertEquals(2, h.group("g").masterEpoch());

        h.deliver(new ControllerEvent.PolicyChanged(new UncleanPolicy()));
        assertEquals(TWO, h.group("g").master());
        assertEquals("g MASTER_MISSING 2 unclean", h.observer.elections.get(h.observer.elections.size() - 1));
    }

    @Test
    void electionThatRaftDidNotTakeIsDecidedAgainAndHappensOnce() { // row 15
        h.group("g", 2);
        h.commits = false;
        h.kill(h.broker("g", 1));
        h.pass(50);
        assertEquals(1, h.raft.proposals.size());
        h.deliver(h.raft.rejectNext(Rejection.OVERLOADED));
        assertEquals(ONE, h.group("g").master());
        h.commits = true;
        h.pass(300);
        assertEquals(TWO, h.group("g").master());
        assertEquals(2, h.group("g").masterEpoch());
    }

    @Test
    void stalledElectionIsNotDecidedTwice() { // S6
        h.group("g", 3);
        h.commits = false;
        h.kill(h.broker("g", 1));
        h.pass(50);
        h.broker("g", 3).maxOffset = 1_000_000;
        h.pass(7_000);
        var late = h.electFor(h.broker("g", 3));
        assertEquals(1, h.raft.proposals.size());
        assertFalse(late.isThere());
        h.commits = true;
        h.deliver();
        assertEquals(TWO, h.group("g").master());
        assertEquals(2, h.group("g").masterEpoch());
        assertEquals(TWO, late.value().view().master());
        assertEquals(2, late.value().view().group().masterEpoch());
    }

    @Test
    void newLeaderWithOldHeartbeatsElectsNobodyWithinTheFirstTimeout() { // row 16
        h.group("g", 2);
        h.brokers.values().forEach(b -> b.beating = false);
        h.pass(9_000);
        h.follow(CoreHarness.OTHER);
        h.lead(2);
        h.pass(9_900);
        assertEquals(ONE, h.group("g").master());
        assertEquals(1, h.group("g").masterEpoch());
        h.broker("g", 2).beating = true;
        h.pass(200);
        assertEquals(TWO, h.group("g").master());
    }

    @Test
    void masterThatTheNewLeaderSawDieWithTheOldOneIsReplacedBeforeItsTimeout() {
        h.group("g", 2);
        h.follow(CoreHarness.OTHER);
        h.pass(5_000);
        h.kill(h.broker("g", 1));
        h.follow(null);
        h.pass(1_000);
        h.lead(2);
        h.pass(900);
        assertEquals(ONE, h.group("g").master(), "another controller may still hear it");
        h.pass(200);
        assertEquals(TWO, h.group("g").master());
    }

    @Test
    void newLeaderElectsNobodyByPresumption() {
        h.group("g", 2);
        h.brokers.values().forEach(h::kill);
        h.pass(100);
        assertEquals(2, h.group("g").masterEpoch());
        h.follow(CoreHarness.OTHER);
        h.lead(2);
        h.pass(20_000);
        assertEquals(Optional.empty(), h.group("g").master());
        assertEquals(2, h.group("g").masterEpoch());
    }

    @Test
    void newLeaderRepeatsWhatTheOldOneDecidedJustBeforeItDied() {
        h.group("g", 2);
        h.commits = false;
        h.kill(h.broker("g", 1));
        h.pass(50);
        ControllerEvent committed = h.raft.commitNextSilently();
        h.follow(CoreHarness.OTHER);
        h.deliver(committed);
        assertEquals(TWO, h.group("g").master());
        h.notified.clear();
        h.commits = true;
        h.lead(2);
        assertTrue(h.notified.contains(h.broker("g", 2).address + " g master 2 epoch 2"));
    }

    @Test
    void memberThatReadsItsLogBackAndLeadsDoesNotRepeatWhatWasDecidedLongAgo() {
        h.group("g", 2);
        CoreHarness again = new CoreHarness();
        again.deliver(new ControllerEvent.Committed(List.copyOf(h.raft.log)));
        again.lead(2);
        assertEquals(ONE, again.group("g").master());
        assertEquals(List.of(), again.notified);
    }

    @Test
    void frozenControllerDoesNotTakeItsOwnSilenceForThatOfItsBrokers() {
        h.group("g", 2);
        h.pass(3_000);
        h.nowMs += 60_000;
        h.deliver();
        h.pass(5_000);
        assertEquals(1, h.group("g").masterEpoch());
    }

    @Test
    void epochsGivenOutAreAboveWhatAnyReplicaHasSeen() { // section 4.3
        h.group("g", 2);
        h.broker("g", 2).epoch = 40;
        h.pass(2_000);
        h.kill(h.broker("g", 1));
        h.pass(50);
        assertEquals(41, h.group("g").masterEpoch());
    }

    @Test
    void absurdEpochIsNotBelieved() {
        h.group("g", 2);
        h.broker("g", 2).epoch = Integer.MAX_VALUE;
        h.pass(2_000);
        h.kill(h.broker("g", 1));
        h.pass(50);
        assertEquals(2, h.group("g").masterEpoch());
    }

    @Test
    void oneGroupThatCannotBeDecidedDoesNotKeepTheOthersFromFailover() { // row 23
        List<String> names = List.of("a", "b");
        names.forEach(name -> h.group(name, 2));
        h.broker("a", 2).epoch = 0;
        h.follow(CoreHarness.OTHER);
        List<io.mqcontroller.controller.metadata.MetadataRecord> absurd = new ArrayList<>();
        absurd.add(new io.mqcontroller.controller.metadata.MetadataRecord.MasterChanged(
                CoreHarness.key("a"),
                ONE,
                Integer.MAX_VALUE,
                h.group("a").syncStateSet(),
                io.mqcontroller.controller.metadata.ElectionReason.OPERATOR,
                false));
        h.raft.term = 2;
        h.deliver(new ControllerEvent.Committed(
                List.of(h.raft.append(RecordCodec.encode(new DecidedBatch(2, 1, absurd))))));
        h.lead(3);
        h.pass(1_000);
        names.forEach(name -> h.kill(h.broker(name, 1)));
        h.pass(100);
        assertEquals(TWO, h.group("b").master());
        assertEquals(ONE, h.group("a").master());
        assertFalse(h.observer.failures.isEmpty());
    }
}
