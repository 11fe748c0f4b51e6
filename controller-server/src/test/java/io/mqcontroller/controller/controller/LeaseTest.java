package io.mqcontroller.controller.controller;

import static io.mqcontroller.controller.controller.Agents.COUNTED_MS;
import static io.mqcontroller.controller.controller.Agents.LEASE_MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.controller.Agents.Agent;
import io.mqcontroller.controller.controller.CoreHarness.Answer;
import io.mqcontroller.controller.controller.CoreHarness.Broker;
import io.mqcontroller.controller.controller.service.LeaseAnswer;
import io.mqcontroller.controller.controller.service.LeaseRefusal;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.metadata.AckRule;
import io.mqcontroller.controller.metadata.Refusal;
import io.mqcontroller.raft.node.ReadResult;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who gets a lease, and on what proof. */
class LeaseTest extends LeaseScenario {
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
}
