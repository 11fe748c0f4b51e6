package io.mqcontroller.controller.controller;

import static io.mqcontroller.controller.controller.Agents.COUNTED_MS;
import static io.mqcontroller.controller.controller.Agents.LEASE_MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.controller.CoreHarness.Answer;
import io.mqcontroller.controller.controller.service.ControllerService.Elected;
import io.mqcontroller.controller.controller.service.LeaseAnswer;
import io.mqcontroller.controller.controller.service.LeaseRefusal;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.metadata.AckRule;
import io.mqcontroller.controller.metadata.Refusal;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What operators and replicas ask for while a lease runs. */
class LeaseRequestTest extends LeaseScenario {
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
}
