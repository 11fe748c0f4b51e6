package io.mqcontroller.controller.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.controller.Agents.Agent;
import io.mqcontroller.controller.controller.CoreHarness.Answer;
import io.mqcontroller.controller.controller.service.AgentStatus;
import io.mqcontroller.controller.controller.service.ControllerService.Elected;
import io.mqcontroller.controller.controller.service.ControllerService.SwitchOver;
import io.mqcontroller.controller.controller.service.HandOverOrder;
import io.mqcontroller.controller.controller.service.HandOverReport;
import io.mqcontroller.controller.controller.service.LeaseAnswer;
import io.mqcontroller.controller.metadata.AckRule;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.Refusal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Planned switch-overs: ordered, carried out, given up, overtaken. */
class SwitchOverTest {
    private static final long LIMIT_MS = 3_000;
    private static final long MAX_LAG = 1_000;

    private final CoreHarness h = CoreHarness.leading();
    private final Agents agents = new Agents(h);
    private List<Agent> members;
    private Agent master;

    private void group(int size) {
        members = agents.group("g", size);
        master = members.get(0);
        knows(0, 0);
    }

    /** The master knows how to hand over, and its slaves lack so much. */
    private void knows(long lagOfTwo, long lagOfThree) {
        master.handOver = new HandOverReport(true, 0, Optional.empty(), "");
        master.status = new AgentStatus(
                0,
                0,
                List.of(
                        new AgentStatus.Slave(new BrokerId(2), lagOfTwo, 0, true),
                        new AgentStatus.Slave(new BrokerId(3), lagOfThree, 0, true)));
        master.beat();
    }

    private Answer<Elected> switchOver(long to) {
        return switchOver(to, false);
    }

    private Answer<Elected> switchOver(long to, boolean mayLose) {
        return h.ask(
                UseCases::switchOver,
                new SwitchOver(CoreHarness.ref("g"), new BrokerId(to), LIMIT_MS, MAX_LAG, mayLose));
    }

    private HandOverOrder ordered() {
        return master.beat().value().handOver().orElseThrow();
    }

    private void resignsFor(HandOverOrder order) {
        master.resigns = true;
        master.handOver = new HandOverReport(true, order.number(), Optional.of(order.to()), "");
    }

    private void isMaster(long id) {
        assertEquals(Optional.of(new BrokerId(id)), h.group("g").master());
    }

    private void refused(String reason, Answer<Elected> answer) {
        assertEquals(Refusal.SWITCH_OVER_REFUSED, answer.refusal());
        assertTrue(answer.message().startsWith(reason + ": "), answer.message());
        isMaster(1);
    }

    @Test
    void theMasterIsToldAndTheOneThatItNamesIsElected() {
        group(3);
        master.rule = AckRule.WEAKER;
        int epoch = h.group("g").masterEpoch();
        // By its log the other one would win.
        members.get(1).broker.maxOffset = 10_000;
        members.get(1).beat();
        Answer<Elected> answer = switchOver(3);
        HandOverOrder order = ordered();
        assertEquals(new HandOverOrder(order.number(), new BrokerId(3), LIMIT_MS, MAX_LAG), order);
        assertEquals(order, ordered(), "until the outcome is told");
        assertFalse(answer.isThere());
        resignsFor(order);
        master.beat();
        isMaster(3);
        assertEquals(epoch + 1, h.group("g").masterEpoch());
        assertTrue(answer.value().changed());
        assertEquals(0, h.observer.heldUp, "the lease was given back");
    }

    @Test
    void aSlaveIsToldNothing() {
        group(2);
        switchOver(2);
        assertEquals(Optional.empty(), members.get(1).beat().value().handOver());
    }

    @Test
    void whatTheMasterCouldNotDoIsAnsweredAndNothingHasChanged() {
        group(2);
        Answer<Elected> answer = switchOver(2);
        HandOverOrder order = ordered();
        master.handOver = new HandOverReport(true, order.number(), Optional.empty(), "NOT_EQUAL: it lacked 7 bytes");
        LeaseAnswer next = master.beat().value();
        assertEquals(Optional.empty(), next.handOver());
        assertEquals(Agents.LEASE_MS, next.leaseMs());
        refused("NOT_EQUAL", answer);
        assertTrue(switchOver(2).isWaiting(), "another one may be asked for");
        assertTrue(ordered().number() > order.number());
    }

    @Test
    void whoIsNotCloseEnoughOrNotEligibleIsRefusedByName() {
        group(3);
        knows(0, MAX_LAG + 1);
        refused("TOO_FAR_BEHIND", switchOver(3));
        agents.inSync("g", 1, 2);
        refused("NOT_IN_SYNC", switchOver(3));
        members.get(1).unfit = "disk";
        members.get(1).beat();
        refused("NOT_ELIGIBLE", switchOver(2));
        assertEquals(Refusal.UNKNOWN_REPLICA, switchOver(9).refusal());
        members.get(1).unfit = "";
        members.get(1).beat();
        master.status = AgentStatus.NONE;
        master.beat();
        refused("NOT_CONNECTED", switchOver(2));
        knows(0, 0);
        switchOver(2);
        refused("UNDER_WAY", switchOver(2));
    }

    @Test
    void whoIsMasterAlreadyStays() {
        group(2);
        assertFalse(switchOver(1).value().changed());
    }

    @Test
    void aMasterThatCannotHandOverIsReplacedOnlyIfLossIsAllowed() {
        group(2);
        master.handOver = HandOverReport.NONE;
        master.rule = AckRule.ALL_IN_SYNC;
        master.beat();
        refused("NEEDS_AGENT", switchOver(2));
        agents.pass(Agents.COUNTED_MS);
        assertTrue(switchOver(2, true).value().changed());
        isMaster(2);
    }

    @Test
    void theMasterItselfIsElectedAgainIfTheOneThatItNamesIsGone() {
        group(3);
        switchOver(3);
        HandOverOrder order = ordered();
        int epoch = h.group("g").masterEpoch();
        members.get(2).kill();
        agents.pass(60);
        resignsFor(order);
        master.beat();
        isMaster(1);
        assertEquals(epoch + 1, h.group("g").masterEpoch(), "under an epoch under which it has given nothing back");
    }

    @Test
    void aNewLeaderElectsTheOneThatTheMasterNames() {
        group(3);
        Answer<Elected> answer = switchOver(3);
        HandOverOrder order = ordered();
        h.follow(CoreHarness.OTHER);
        assertTrue(answer.isIndeterminate());
        h.lead(7);
        for (Agent agent : members) {
            agent.beat();
        }
        resignsFor(order);
        master.beat();
        isMaster(3);
    }

    @Test
    void ordersOfTwoLeadersAreNeverTheSame() {
        group(2);
        switchOver(2);
        long first = ordered().number();
        h.follow(CoreHarness.OTHER);
        h.lead(7);
        for (Agent agent : members) {
            agent.beat();
        }
        switchOver(2);
        assertTrue(ordered().number() > first);
    }

    @Test
    void whoAskedIsToldWhenAnotherIsElectedOrNothingIsHeard() {
        group(3);
        Answer<Elected> overtaken = switchOver(3);
        master.resigns = true;
        master.handOver = new HandOverReport(true, 0, Optional.empty(), "");
        master.beat();
        isMaster(2);
        assertEquals(Refusal.SWITCH_OVER_REFUSED, overtaken.refusal());
        assertTrue(overtaken.message().startsWith("OVERTAKEN: "), overtaken.message());
    }

    @Test
    void nobodyWaitsForGood() {
        group(2);
        Answer<Elected> answer = switchOver(2);
        agents.pass(LIMIT_MS + 4_000);
        assertTrue(answer.isWaiting());
        agents.pass(1_500);
        assertTrue(answer.isIndeterminate());
        assertEquals(Optional.empty(), master.beat().value().handOver());
    }
}
