package io.mqcontroller.controller.controller;

import static io.mqcontroller.controller.controller.Agents.COUNTED_MS;
import static io.mqcontroller.controller.controller.Agents.LEASE_MS;
import static io.mqcontroller.controller.controller.CoreHarness.ids;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.controller.Agents.Agent;
import io.mqcontroller.controller.controller.CoreHarness.Answer;
import io.mqcontroller.controller.controller.service.LeaseAnswer;
import io.mqcontroller.controller.controller.service.LeaseRefusal;
import io.mqcontroller.controller.controller.service.RoleView;
import io.mqcontroller.controller.election.UncleanPolicy;
import io.mqcontroller.controller.metadata.AckRule;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.Refusal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Replicas with agents that are not to be master: learners, and those that call themselves unfit. */
class LearnerAndUnfitTest extends LeaseScenario {
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
        isReplacedOnlyWhenTheLeaseIsOver(TWO);
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
}
