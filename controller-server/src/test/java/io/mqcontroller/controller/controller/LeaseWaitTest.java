package io.mqcontroller.controller.controller;

import static io.mqcontroller.controller.controller.Agents.COUNTED_MS;
import static io.mqcontroller.controller.controller.Agents.LEASE_MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.controller.Agents.Agent;
import io.mqcontroller.controller.controller.CoreHarness.Answer;
import io.mqcontroller.controller.controller.service.LeaseAnswer;
import io.mqcontroller.controller.election.UncleanPolicy;
import io.mqcontroller.controller.metadata.AckRule;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who waits until a lease is over, and who need not. */
class LeaseWaitTest extends LeaseScenario {
    @Test
    void anElectionAwayWaitsUntilTheLeaseAndTheMarginForDriftAreOver() {
        pair(AckRule.WEAKER);
        master.beat();
        master.kill();
        isReplacedOnlyWhenTheLeaseIsOver(TWO);
        assertEquals(1, h.observer.heldUp);
        assertEquals(List.of("g FIRST 1", "g MASTER_DEAD 2"), h.observer.elections);
    }

    @Test
    void aFrozenMasterIsReplacedWhenItsLeaseAndItsTimeoutAreOver() {
        pair(AckRule.WEAKER);
        master.beat();
        master.freeze();
        isReplacedOnlyWhenTheLeaseIsOver(TWO);
    }

    @Test
    void aMasterThatComesBackInTimeStaysAndGetsLeasesAgain() {
        pair(AckRule.WEAKER);
        master.kill();
        agents.pass(500);
        assertEquals(1, h.observer.heldUp);
        master.broker.connection = 9_999;
        master.broker.beating = true;
        master.beat();
        assertEquals(LEASE_MS, master.beat().value().leaseMs());
        agents.pass(10_000);
        isMaster(ONE);
        assertEquals(1, h.group("g").masterEpoch());
    }

    @Test
    void aMasterThatGivesItsLeaseBackIsReplacedAtOnceAndGetsNoneUnderThatEpoch() {
        pair(AckRule.WEAKER);
        master.beat();
        h.commits = false;
        master.resigns = true;
        Answer<LeaseAnswer> answer = master.beat();
        h.commits = true;
        h.settle();
        isMaster(TWO);
        assertEquals(List.of("g FIRST 1", "g MASTER_RESIGNED 2"), h.observer.elections);
        assertEquals(0, answer.value().leaseMs());
        assertEquals(0, h.observer.heldUp);
    }

    @Test
    void aLateHeartbeatFromBeforeTheResignationBringsTheLeaseNotBack() {
        Agent alone = agents.start("g", 1);
        alone.resigns = true;
        h.commits = false;
        alone.beat();
        alone.resigns = false;
        Answer<LeaseAnswer> late = alone.beat();
        h.commits = true;
        h.settle();
        assertEquals(0, late.value().leaseMs());
    }

    @Test
    void aMasterThatResignsWithNobodyElseLeavesNoMasterAndIsElectedAgainUnderANewEpoch() {
        Agent alone = agents.start("g", 1);
        alone.resigns = true;
        alone.beat();
        isMaster(Optional.empty());
        assertEquals(2, h.group("g").masterEpoch());
        alone.resigns = false;
        alone.beat();
        isMaster(ONE);
        assertEquals(3, h.group("g").masterEpoch());
        assertEquals(LEASE_MS, alone.beat().value().leaseMs());
    }

    @Test
    void aResignationUnderAnOldEpochGivesNothingBack() {
        pair(AckRule.WEAKER);
        master.beat();
        master.resigns = true;
        master.claimedEpoch = 0;
        master.beat();
        isMaster(ONE);
        agents.pass(COUNTED_MS);
        isMaster(TWO);
    }

    @Test
    void nobodyWaitsForAMasterThatAcknowledgesOnlyWhatAllHave() {
        pair(AckRule.ALL_IN_SYNC);
        assertEquals(AckRule.ALL_IN_SYNC, master.beat().value().ackRule());
        master.kill();
        agents.pass(60);
        isMaster(TWO);
        assertEquals(0, h.observer.heldUp);
    }

    @Test
    void aWeakerRuleIsWaitedForFromTheHeartbeatOnThatIsAnsweredWithIt() {
        pair(AckRule.ALL_IN_SYNC);
        master.rule = AckRule.WEAKER;
        assertEquals(AckRule.WEAKER, master.beat().value().ackRule());
        master.kill();
        isReplacedOnlyWhenTheLeaseIsOver(TWO);
    }

    @Test
    void aStrongerRuleTakesNothingFromTheLeaseUnderTheWeakerOne() {
        pair(AckRule.WEAKER);
        master.beat();
        master.rule = AckRule.ALL_IN_SYNC;
        master.beat();
        master.kill();
        isReplacedOnlyWhenTheLeaseIsOver(TWO);
    }

    @Test
    void aWeakerRuleIsNotAgreedToWithoutALease() {
        pair(AckRule.ALL_IN_SYNC);
        master.rule = AckRule.WEAKER;
        master.claimedEpoch = 0;
        assertEquals(AckRule.ALL_IN_SYNC, master.beat().value().ackRule());
    }

    @Test
    void aSlaveThatRestartedWaitsEvenForAMasterThatNeedsItsCopies() {
        pair(AckRule.ALL_IN_SYNC);
        master.beat();
        slave.register();
        slave.beat();
        master.kill();
        isReplacedOnlyWhenTheLeaseIsOver(TWO);
    }

    @Test
    void anUncleanElectionWaitsForEveryLease() {
        h = new CoreHarness(new UncleanPolicy());
        h.lead(1);
        agents = new Agents(h);
        pair(AckRule.ALL_IN_SYNC);
        agents.inSync("g", 1);
        master.beat();
        master.kill();
        isReplacedOnlyWhenTheLeaseIsOver(TWO);
        assertEquals("g MASTER_DEAD 2 unclean", h.observer.elections.get(1));
    }

    @Test
    void nobodyIsRecordedAsMasterBeforeTheLeaseIsOver() {
        pair(AckRule.ALL_IN_SYNC);
        master.beat();
        slave.kill();
        master.kill();
        isReplacedOnlyWhenTheLeaseIsOver(Optional.empty());
    }

    @Test
    void aMasterWithoutAgentHasNoLeaseAndNobodyWaitsForIt() {
        h.start(h.broker("g", 1));
        slave = agents.start("g", 2);
        agents.inSync("g", 1, 2);
        agents.pass(1_000);
        h.kill(h.broker("g", 1));
        agents.pass(60);
        isMaster(TWO);
    }

    @Test
    void aSlaveWithoutAgentWaitsForTheLeaseOfAMasterWithOne() {
        master = agents.start("g", 1);
        h.start(h.broker("g", 2));
        agents.inSync("g", 1, 2);
        agents.pass(1_500);
        assertEquals(1, h.core.view().groupsMixed());
        master.beat();
        master.kill();
        isReplacedOnlyWhenTheLeaseIsOver(TWO);
    }

    @Test
    void aNewLeaderTakesEveryMasterWithAnAgentToHaveALeaseGrantedJustNow() {
        pair(AckRule.WEAKER);
        h.follow(CoreHarness.OTHER);
        master.kill();
        slave.freeze();
        agents.pass(5_000);
        h.raft.term = 3;
        h.lead(3);
        slave.broker.beating = true;
        slave.beat();
        long leadsSinceMs = h.nowMs;
        while (h.group("g").master().equals(ONE)) {
            agents.pass(10);
        }
        isMaster(TWO);
        long tookMs = h.nowMs - leadsSinceMs;
        assertTrue(tookMs >= COUNTED_MS, "after " + tookMs + " ms");
        assertTrue(tookMs <= 3_100, "after " + tookMs + " ms");
    }

    /** The leader and the master die at the same time, and the slave finds the new leader, and nobody at its master's address. */
    private void leaderAndMasterDie() {
        h.follow(CoreHarness.OTHER);
        master.kill();
        agents.pass(1_000);
        h.lead(3);
        slave.masterGone = true;
        slave.beat();
    }

    @Test
    void aNewLeaderWaitsForNoLeaseOfAMasterThatAcknowledgesOnlyWhatAllHave() {
        pair(AckRule.ALL_IN_SYNC);
        assertEquals(AckRule.ALL_IN_SYNC, h.group("g").weakestAckRule());
        leaderAndMasterDie();
        isMaster(ONE);
        agents.pass(60);
        isMaster(TWO);
    }

    @Test
    void aNewLeaderWaitsForTheLeaseOfAMasterThatAcknowledgesWithLess() {
        pair(AckRule.WEAKER);
        leaderAndMasterDie();
        isReplacedOnlyWhenTheLeaseIsOver(TWO);
    }

    @Test
    void aNewLeaderWaitsForTheLeaseWithWhichTheOldOneAgreedToTheWeakerRule() {
        pair(AckRule.ALL_IN_SYNC);
        master.rule = AckRule.WEAKER;
        assertEquals(AckRule.WEAKER, master.beat().value().ackRule());
        assertEquals(AckRule.WEAKER, h.group("g").weakestAckRule());
        leaderAndMasterDie();
        isReplacedOnlyWhenTheLeaseIsOver(TWO);
    }

    @Test
    void aWeakerRuleIsAgreedToOnlyWhenEveryLaterLeaderKnowsOfIt() {
        pair(AckRule.ALL_IN_SYNC);
        master.rule = AckRule.WEAKER;
        h.commits = false;
        Answer<LeaseAnswer> first = master.beat();
        Answer<LeaseAnswer> second = master.beat();
        assertTrue(first.isWaiting() && second.isWaiting());
        h.commits = true;
        h.settle();
        assertEquals(AckRule.WEAKER, first.value().ackRule());
        assertEquals(AckRule.WEAKER, second.value().ackRule());
    }

    @Test
    void theStrongerRuleIsNotRecordedWhileALeaseUnderTheWeakerOneRuns() {
        pair(AckRule.WEAKER);
        master.beat();
        master.rule = AckRule.ALL_IN_SYNC;
        agents.pass(COUNTED_MS - 10);
        assertEquals(AckRule.WEAKER, h.group("g").weakestAckRule());
        agents.pass(Agents.BEAT_MS + 10);
        assertEquals(AckRule.ALL_IN_SYNC, h.group("g").weakestAckRule());
    }

    @Test
    void theStrongerRuleIsNotRecordedWhileAControllerWouldStopAtThat() {
        h.raft.allKnow = false;
        pair(AckRule.ALL_IN_SYNC);
        assertEquals(AckRule.WEAKER, h.group("g").weakestAckRule());
        leaderAndMasterDie();
        isReplacedOnlyWhenTheLeaseIsOver(TWO);
    }

    @Test
    void aSlaveThatMayHaveRestartedBeforeTheNewLeaderCameWaits() {
        pair(AckRule.ALL_IN_SYNC);
        slave.registeredMs = COUNTED_MS;
        leaderAndMasterDie();
        isReplacedOnlyWhenTheLeaseIsOver(TWO);
    }

    @Test
    void aSlaveThatRestartsUnderTheNewLeaderWaits() {
        pair(AckRule.ALL_IN_SYNC);
        leaderAndMasterDie();
        slave.register();
        slave.registeredMs = 0;
        isReplacedOnlyWhenTheLeaseIsOver(TWO);
    }

    @Test
    void whatASlaveSaysOfItsMasterCountsOnlyUntilThatIsHeard() {
        pair(AckRule.ALL_IN_SYNC);
        h.follow(CoreHarness.OTHER);
        h.lead(3);
        master.beat();
        slave.masterGone = true;
        slave.beat();
        agents.pass(10_000);
        isMaster(ONE);
        assertEquals(1, h.group("g").masterEpoch());
    }

    @Test
    void whatASlaveSaysOfAnOlderMasterCountsNothing() {
        pair(AckRule.ALL_IN_SYNC);
        h.follow(CoreHarness.OTHER);
        master.kill();
        h.lead(3);
        slave.masterGone = true;
        slave.claimedEpoch = 0;
        slave.beat();
        agents.pass(1_000);
        isMaster(ONE);
    }

    @Test
    void aMasterThatResignsToTheNewLeaderIsReplacedAtOnce() {
        pair(AckRule.WEAKER);
        h.follow(CoreHarness.OTHER);
        h.lead(3);
        slave.beat();
        master.resigns = true;
        master.beat();
        isMaster(TWO);
    }

    @Test
    void aNewLeaderWaitsForNoLeaseOfAMasterWithoutAgent() {
        h.group("g", 2);
        h.follow(CoreHarness.OTHER);
        h.lead(3);
        h.pass(1_000);
        assertEquals(TWO, h.designate("g", 2).value().view().master());
    }
}
