package io.mqcontroller.controller.controller;

import static io.mqcontroller.controller.controller.Agents.COUNTED_MS;
import static io.mqcontroller.controller.controller.Agents.LEASE_MS;
import static io.mqcontroller.controller.controller.CoreHarness.ids;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.controller.Agents.Agent;
import io.mqcontroller.controller.controller.ControllerService.Elected;
import io.mqcontroller.controller.controller.CoreHarness.Answer;
import io.mqcontroller.controller.controller.CoreHarness.Broker;
import io.mqcontroller.controller.election.UncleanPolicy;
import io.mqcontroller.controller.metadata.AckRule;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.Refusal;
import io.mqcontroller.raft.node.ReadResult;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who gets a lease, and who waits for it. */
class LeaseTest {
    private static final Optional<BrokerId> ONE = Optional.of(new BrokerId(1));
    private static final Optional<BrokerId> TWO = Optional.of(new BrokerId(2));

    private CoreHarness h = CoreHarness.leading();
    private Agents agents = new Agents(h);

    private Agent master;
    private Agent slave;

    private void pair(AckRule rule) {
        List<Agent> both = agents.group("g", 2);
        master = both.get(0);
        slave = both.get(1);
        master.rule = rule;
        slave.rule = rule;
        // Leases under the rule that held before are over.
        agents.pass(COUNTED_MS + 1_000);
        assertEquals(ONE, h.group("g").master());
    }

    private void isMaster(Optional<BrokerId> id) {
        assertEquals(id, h.group("g").master());
    }

    private List<LeaseRefusal> refusals() {
        return h.observer.leaseRefusals;
    }

    // ------------------------------------------------------------------------------------------ who gets one

    @Test
    void theMasterOfTheCurrentEpochGetsALeaseAndASlaveNone() {
        pair(AckRule.WEAKER);
        LeaseAnswer answer = master.beat().value();
        assertEquals(LEASE_MS, answer.leaseMs());
        assertEquals(AckRule.WEAKER, answer.ackRule());
        assertEquals(h.group("g"), answer.view().group());
        assertEquals("ha-" + slave.broker.address, answer.view().haAddresses().get(slave.id()));
        assertEquals(0, slave.beat().value().leaseMs());
        assertEquals(List.of(), refusals(), "a slave asks for none");
    }

    @Test
    void noLeaseUnderAnEpochThatIsNotTheRecordedOne() {
        pair(AckRule.WEAKER);
        master.claimedEpoch = h.group("g").masterEpoch() - 1;
        assertEquals(0, master.beat().value().leaseMs());
        master.claimedEpoch = h.group("g").masterEpoch() + 1;
        assertEquals(0, master.beat().value().leaseMs());
        assertEquals(List.of(LeaseRefusal.OTHER_EPOCH, LeaseRefusal.OTHER_EPOCH), refusals());
    }

    @Test
    void noLeaseForWhoIsNotTheRecordedMaster() {
        pair(AckRule.WEAKER);
        slave.claimedEpoch = h.group("g").masterEpoch();
        assertEquals(0, slave.beat().value().leaseMs());
        assertEquals(List.of(LeaseRefusal.NOT_THE_MASTER), refusals());
    }

    @Test
    void noLeaseForWhoKnowsANewerEpochAndTheNextElectionIsAboveIt() {
        pair(AckRule.WEAKER);
        master.knownEpoch = 40;
        assertEquals(0, master.beat().value().leaseMs());
        assertEquals(List.of(LeaseRefusal.NEWER_EPOCH_KNOWN), refusals());
        master.kill();
        agents.pass(COUNTED_MS + 100);
        assertEquals(41, h.group("g").masterEpoch());
    }

    @Test
    void noLeaseForAReplicaThatRegisteredWithoutAnAgent() {
        Broker plain = h.broker("g", 1);
        h.start(plain);
        Agent sameId = agents.unregistered("g", 1);
        sameId.broker.connection = plain.connection;
        sameId.broker.address = plain.address;
        LeaseAnswer answer = sameId.beat().value();
        assertEquals(0, answer.leaseMs());
        assertFalse(answer.view().group().replicas().get(sameId.id()).agent(), "so that it knows to register");
        assertEquals(List.of(LeaseRefusal.NO_AGENT), refusals());
    }

    @Test
    void theFlagComesWithRegistrationAndGoesWhenABrokerWithoutAgentRegisters() {
        Agent agent = agents.start("g", 1);
        assertTrue(h.group("g").replicas().get(agent.id()).agent());
        h.register(agent.broker).value();
        assertFalse(h.group("g").replicas().get(agent.id()).agent());
        agent.register().value();
        assertTrue(h.group("g").replicas().get(agent.id()).agent());
    }

    @Test
    void anUnknownSenderIsToldToRegister() {
        Agent stranger = agents.unregistered("g", 1);
        stranger.claimedEpoch = 1;
        assertEquals(Refusal.UNKNOWN_GROUP, stranger.beat().refusal());
        agents.start("g", 1);
        Agent second = agents.unregistered("g", 2);
        second.claimedEpoch = 1;
        assertEquals(Refusal.UNKNOWN_REPLICA, second.beat().refusal());
    }

    @Test
    void aCopyUnderATakenIdIsRefusedAndDoesNotCountAsItsSignOfLife() {
        pair(AckRule.WEAKER);
        Agent copy = agents.unregistered("g", 1);
        assertEquals(Refusal.BROKER_ID_TAKEN, copy.beat().refusal());
        copy.freeze();
        assertEquals(LEASE_MS, master.beat().value().leaseMs());
    }

    // ------------------------------------------------------------------------------------- proof of leadership

    @Test
    void theAnswerWaitsForAProofThatBeganAfterTheHeartbeatCame() {
        pair(AckRule.WEAKER);
        h.commits = false;
        int reads = h.raft.readCount;
        Answer<LeaseAnswer> answer = master.beat();
        assertFalse(answer.isThere());
        assertEquals(reads + 1, h.raft.readCount);
        h.commits = true;
        h.settle();
        assertEquals(LEASE_MS, answer.value().leaseMs());
    }

    @Test
    void aDeposedLeaderGrantsNothing() {
        pair(AckRule.WEAKER);
        h.commits = false;
        Answer<LeaseAnswer> cutOff = master.beat();
        h.deliver(h.raft.readNext(new ReadResult.NotLeader(Optional.of(CoreHarness.OTHER))));
        assertTrue(cutOff.get() instanceof Reply.NotLeader);
        Answer<LeaseAnswer> waiting = master.beat();
        h.follow(CoreHarness.OTHER);
        assertTrue(waiting.get() instanceof Reply.NotLeader);
        assertTrue(master.beat().get() instanceof Reply.NotLeader);
    }

    @Test
    void noLeaseWhileAnElectionAwayIsOnItsWay() {
        pair(AckRule.ALL_IN_SYNC);
        h.commits = false;
        h.designate("g", 2);
        Answer<LeaseAnswer> answer = master.beat();
        assertFalse(answer.isThere(), "it rests on the election");
        h.commits = true;
        h.settle();
        assertEquals(0, answer.value().leaseMs());
        assertEquals(TWO, answer.value().view().master());
    }

    @Test
    void aHeartbeatCountsAsALifeSignEvenWhereItCannotBeAnswered() {
        pair(AckRule.WEAKER);
        h.commits = false;
        h.designate("g", 1);
        h.apply(h.broker("other", 1));
        h.deliver(h.raft.rejectNext(io.mqcontroller.raft.core.Rejection.OVERLOADED));
        assertTrue(h.core.nextDueMs() < Long.MAX_VALUE);
        assertEquals(Refusal.OVERLOADED, master.beat().refusal());
    }

    // ------------------------------------------------------------------------------------------- who waits

    @Test
    void anElectionAwayWaitsUntilTheLeaseAndTheMarginForDriftAreOver() {
        pair(AckRule.WEAKER);
        master.beat();
        master.kill();
        agents.pass(COUNTED_MS - 10);
        isMaster(ONE);
        agents.pass(10);
        isMaster(TWO);
        assertEquals(1, h.observer.heldUp);
        assertEquals(List.of("g FIRST 1", "g MASTER_DEAD 2"), h.observer.elections);
    }

    @Test
    void aFrozenMasterIsReplacedWhenItsLeaseAndItsTimeoutAreOver() {
        pair(AckRule.WEAKER);
        master.beat();
        master.freeze();
        agents.pass(COUNTED_MS - 10);
        isMaster(ONE);
        agents.pass(10);
        isMaster(TWO);
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
        agents.pass(COUNTED_MS - 10);
        isMaster(ONE);
        agents.pass(10);
        isMaster(TWO);
    }

    @Test
    void aStrongerRuleTakesNothingFromTheLeaseUnderTheWeakerOne() {
        pair(AckRule.WEAKER);
        master.beat();
        master.rule = AckRule.ALL_IN_SYNC;
        master.beat();
        master.kill();
        agents.pass(COUNTED_MS - 10);
        isMaster(ONE);
        agents.pass(10);
        isMaster(TWO);
    }

    @Test
    void aWeakerRuleIsNotAgreedToWithoutALease() {
        pair(AckRule.ALL_IN_SYNC);
        master.rule = AckRule.WEAKER;
        master.claimedEpoch = 0;
        assertEquals(AckRule.ALL_IN_SYNC, master.beat().value().ackRule());
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
        agents.pass(COUNTED_MS - 10);
        isMaster(ONE);
        agents.pass(10);
        isMaster(TWO);
        assertEquals("g MASTER_DEAD 2 unclean", h.observer.elections.get(1));
    }

    @Test
    void nobodyIsRecordedAsMasterBeforeTheLeaseIsOver() {
        pair(AckRule.ALL_IN_SYNC);
        master.beat();
        slave.kill();
        master.kill();
        agents.pass(COUNTED_MS - 10);
        isMaster(ONE);
        agents.pass(10);
        isMaster(Optional.empty());
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
        agents.pass(COUNTED_MS - 10);
        isMaster(ONE);
        agents.pass(10);
        isMaster(TWO);
    }

    // --------------------------------------------------------------------------------------- another leader

    @Test
    void aNewLeaderTakesEveryMasterWithAnAgentToHaveALeaseGrantedJustNow() {
        pair(AckRule.ALL_IN_SYNC);
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

    // --------------------------------------------------------------------------------------------- operators

    @Test
    void aDesignatedElectionWaitsForTheLeaseAndIsAnsweredThen() {
        pair(AckRule.WEAKER);
        master.beat();
        Answer<Elected> answer = h.designate("g", 2);
        assertFalse(answer.isThere());
        assertEquals(0, master.beat().value().leaseMs(), "no new lease for who is to be replaced");
        assertEquals(List.of(LeaseRefusal.BEING_REPLACED), refusals());
        agents.pass(COUNTED_MS - 10);
        assertFalse(answer.isThere());
        agents.pass(10);
        assertEquals(TWO, answer.value().view().master());
        assertTrue(answer.value().changed());
        assertEquals(List.of("g FIRST 1", "g OPERATOR 2"), h.observer.elections);
    }

    @Test
    void aMasterThatIsToBeReplacedMayHastenItByResigning() {
        pair(AckRule.WEAKER);
        master.beat();
        Answer<Elected> answer = h.designate("g", 2);
        assertEquals(0, master.beat().value().leaseMs());
        master.resigns = true;
        master.beat();
        assertEquals(TWO, answer.value().view().master());
    }

    @Test
    void whoWaitsForALeaseIsToldWhenLeadershipGoes() {
        pair(AckRule.WEAKER);
        master.beat();
        Answer<Elected> answer = h.designate("g", 2);
        h.follow(CoreHarness.OTHER);
        assertTrue(answer.get() instanceof Reply.NotLeader);
    }

    @Test
    void aReplicaThatAsksForAnElectionWaitsForTheLeaseToo() {
        pair(AckRule.WEAKER);
        master.beat();
        master.kill();
        agents.pass(100);
        Answer<Elected> answer = h.electFor(slave.broker);
        assertFalse(answer.isThere());
        agents.pass(COUNTED_MS);
        assertEquals(TWO, answer.value().view().master());
    }

    @Test
    void aDeadMasterIsNotRemovedWhileItMayTakeWrites() {
        pair(AckRule.WEAKER);
        master.beat();
        slave.kill();
        master.kill();
        agents.pass(100);
        Answer<?> early = h.clean("g", true, 1);
        assertEquals(Refusal.CLEAN_REFUSED, early.refusal());
        assertTrue(early.message().contains("lease"), early.message());
        assertEquals(Refusal.CLEAN_REFUSED, h.clean("g", true).refusal());
        agents.pass(COUNTED_MS);
        h.clean("g", true, 1).value();
    }

    @Test
    void aRestartedMasterGetsNoLeaseUnderItsOldEpoch() {
        pair(AckRule.WEAKER);
        master.register().value();
        h.commits = false;
        Answer<LeaseAnswer> answer = master.beat();
        h.commits = true;
        h.settle();
        assertEquals(0, answer.value().leaseMs());
        assertEquals(List.of(LeaseRefusal.RESTARTED), refusals());
        isMaster(ONE);
        assertEquals(2, h.group("g").masterEpoch());
        assertEquals(LEASE_MS, master.beat().value().leaseMs());
    }

    // --------------------------------------------------------------------------------------- learner, unfit

    @Test
    void aLearnerIsRefusedInTheSetAndNeverElectedEvenAlone() {
        master = agents.start("g", 1);
        Agent learner = agents.unregistered("g", 2);
        learner.learner = true;
        h.apply(learner.broker).value();
        learner.register().value();
        learner.beat().value();
        Answer<RoleView> refused = h.alter("g", 1, 1, ids(1, 2), 1);
        assertEquals(Refusal.BAD_SYNC_STATE_SET, refused.refusal());
        assertTrue(refused.message().contains("learner"), refused.message());
        master.kill();
        agents.pass(10_000);
        isMaster(Optional.empty());
        assertEquals(Refusal.NO_ELIGIBLE_REPLICA, h.designate("g", 2).refusal());
    }

    @Test
    void aLearnerThatHasNotSaidSoYetIsRefusedInTheSetToo() {
        master = agents.start("g", 1);
        Agent learner = agents.unregistered("g", 2);
        learner.learner = true;
        h.apply(learner.broker).value();
        learner.register().value();
        assertEquals(Refusal.REPLICA_NOT_ALIVE, h.alter("g", 1, 1, ids(1, 2), 1).refusal());
        learner.beat().value();
        assertEquals(
                Refusal.BAD_SYNC_STATE_SET, h.alter("g", 1, 1, ids(1, 2), 1).refusal());
    }

    @Test
    void aLearnerIsNotElectedUncleanlyNorFirst() {
        h = new CoreHarness(new UncleanPolicy());
        h.lead(1);
        agents = new Agents(h);
        Agent learner = agents.unregistered("g", 1);
        learner.learner = true;
        h.apply(learner.broker).value();
        learner.register().value();
        learner.beat();
        assertEquals(Refusal.NO_ELIGIBLE_REPLICA, h.electFor(learner.broker).refusal());
        master = agents.start("g", 2);
        isMaster(TWO);
        master.kill();
        agents.pass(10_000);
        isMaster(Optional.empty());
    }

    @Test
    void aSlaveThatRestartedWaitsEvenForAMasterThatNeedsItsCopies() {
        pair(AckRule.ALL_IN_SYNC);
        master.beat();
        slave.register();
        slave.beat();
        master.kill();
        agents.pass(COUNTED_MS - 10);
        isMaster(ONE);
        agents.pass(10);
        isMaster(TWO);
    }

    @Test
    void aMasterThatTurnsLearnerGetsNoLease() {
        Agent alone = agents.start("g", 1);
        h.commits = false;
        alone.learner = true;
        Answer<LeaseAnswer> answer = alone.beat();
        h.commits = true;
        h.settle();
        assertEquals(0, answer.value().leaseMs());
        assertEquals(List.of(LeaseRefusal.LEARNER), refusals());
    }

    @Test
    void anUnfitMasterIsReplacedWhenItsLeaseIsOverIfSomebodyElseCanBe() {
        pair(AckRule.WEAKER);
        master.beat();
        master.unfit = "the disk is full";
        assertEquals(0, master.beat().value().leaseMs());
        assertEquals(List.of(LeaseRefusal.BEING_REPLACED), refusals());
        agents.pass(COUNTED_MS - 10);
        isMaster(ONE);
        agents.pass(10);
        isMaster(TWO);
        assertEquals("g MASTER_UNFIT 2", h.observer.elections.get(1));
    }

    @Test
    void anUnfitMasterWithNobodyElseStaysAndGetsLeases() {
        Agent alone = agents.start("g", 1);
        alone.unfit = "the disk is full";
        assertEquals(LEASE_MS, alone.beat().value().leaseMs());
        isMaster(ONE);
    }

    @Test
    void anUnfitReplicaIsElectedOnlyWhereNobodyElseIs() {
        List<Agent> three = agents.group("g", 3);
        three.get(1).unfit = "topics are behind";
        three.get(1).broker.maxOffset = 1_000;
        three.get(1).beat();
        assertEquals(Refusal.NO_ELIGIBLE_REPLICA, h.designate("g", 2).refusal());
        three.get(0).kill();
        agents.pass(COUNTED_MS + 100);
        isMaster(Optional.of(new BrokerId(3)));
        agents.inSync("g", 2, 3);
        three.get(2).kill();
        agents.pass(COUNTED_MS + 100);
        isMaster(TWO);
    }

    // ------------------------------------------------------------------------------------------------ pushes

    @Test
    void agentsAreToldOverTheirConnectionsOfMastersAndSetsAndOthersAsBefore() {
        pair(AckRule.ALL_IN_SYNC);
        h.start(h.broker("g", 3));
        h.notified.clear();
        h.pushed.clear();
        agents.inSync("g", 1, 2, 3);
        String set = " g master 1 epoch 1 set {1, 2, 3}";
        assertEquals(List.of(master.broker.connection + set, slave.broker.connection + set), h.pushed);
        assertEquals(List.of(), h.notified);
        h.pushed.clear();
        master.kill();
        agents.pass(100);
        assertEquals(List.of(slave.broker.connection + " g master 2 epoch 2 set {2}"), h.pushed);
        assertEquals(List.of(h.broker("g", 3).address + " g master 2 epoch 2"), h.notified);
    }

    @Test
    void agentsAreToldThatNobodyIsMaster() {
        pair(AckRule.ALL_IN_SYNC);
        agents.inSync("g", 1);
        h.pushed.clear();
        master.kill();
        agents.pass(5_000);
        assertEquals(List.of(slave.broker.connection + " g master none epoch 2 set {1}"), h.pushed);
    }
}
