package io.mqcontroller.controller.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.controller.Agents.Agent;
import io.mqcontroller.controller.controller.service.AgentStatus;
import io.mqcontroller.controller.controller.service.HandOverOrder;
import io.mqcontroller.controller.controller.service.HandOverReport;
import io.mqcontroller.controller.election.InSyncFirstPolicy;
import io.mqcontroller.controller.metadata.BrokerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The role goes back to whom an operator prefers, when that one could have had it for a while. */
class PreferredMastersTest {
    private static final long HOLD_MS = 30_000;
    /** The leader looks once a second. */
    private static final long LOOK_MS = 1_000;

    private CoreHarness h;
    private Agents agents;

    /** Three agents that know how to hand over, all equal, the first one being master and the second one preferred. */
    private List<Agent> group(long holdMs) {
        h = new CoreHarness(new InSyncFirstPolicy(), ControllerSettings.DEFAULT.withPreferredMasterHoldMs(holdMs));
        h.lead(1);
        agents = new Agents(h);
        List<Agent> members = agents.group("g", 3);
        members.get(1).broker.priority = 1;
        members.get(2).broker.priority = 2;
        for (Agent agent : members) {
            agent.status = equal(members, agent);
            agent.handOver = new HandOverReport(true, 0, Optional.empty(), "");
            agent.beat();
        }
        return members;
    }

    private static AgentStatus equal(List<Agent> members, Agent master) {
        List<AgentStatus.Slave> slaves = new ArrayList<>();
        members.stream()
                .filter(other -> other != master)
                .forEach(other -> slaves.add(new AgentStatus.Slave(other.id(), 0, 0, true)));
        return new AgentStatus(0, 0, slaves);
    }

    private static Optional<BrokerId> toldToHandOverTo(Agent master) {
        return master.beat().value().handOver().map(HandOverOrder::to);
    }

    @Test
    void theBestOneTakesOverWhenItCouldForLongEnough() {
        Agent master = group(HOLD_MS).get(0);
        agents.pass(HOLD_MS - LOOK_MS);
        assertEquals(Optional.empty(), toldToHandOverTo(master));
        agents.pass(2 * LOOK_MS);
        assertEquals(Optional.of(new BrokerId(2)), toldToHandOverTo(master));
    }

    @Test
    void whoCouldNotInBetweenWaitsAnew() {
        List<Agent> members = group(HOLD_MS);
        members.get(2).kill();
        agents.pass(HOLD_MS - LOOK_MS);
        members.get(1).unfit = "its disk is full";
        agents.pass(2 * LOOK_MS);
        members.get(1).unfit = "";
        agents.pass(HOLD_MS - LOOK_MS);
        assertEquals(Optional.empty(), toldToHandOverTo(members.get(0)));
        agents.pass(3 * LOOK_MS);
        assertEquals(Optional.of(new BrokerId(2)), toldToHandOverTo(members.get(0)));
    }

    @Test
    void whoIsTooFarBehindWaits() {
        List<Agent> members = group(HOLD_MS);
        Agent master = members.get(0);
        master.status = new AgentStatus(
                0,
                0,
                List.of(
                        new AgentStatus.Slave(new BrokerId(2), 1L << 40, 0, true),
                        new AgentStatus.Slave(new BrokerId(3), 0, 0, true)));
        agents.pass(HOLD_MS + 3 * LOOK_MS);
        assertEquals(Optional.of(new BrokerId(3)), toldToHandOverTo(master), "better than the master, too");
    }

    @Test
    void afterAnAttemptThatWasGivenUpItWaitsAnew() {
        Agent master = group(HOLD_MS).get(0);
        agents.pass(HOLD_MS + 2 * LOOK_MS);
        HandOverOrder order = master.beat().value().handOver().orElseThrow();
        master.handOver = new HandOverReport(true, order.number(), Optional.empty(), "NOT_EQUAL: it lacked 5 bytes");
        master.beat();
        agents.pass(HOLD_MS - 2 * LOOK_MS);
        assertEquals(Optional.empty(), toldToHandOverTo(master));
        agents.pass(4 * LOOK_MS);
        assertTrue(toldToHandOverTo(master).isPresent());
    }

    @Test
    void nobodyIsPreferredUnlessThatIsWanted() {
        Agent master = group(0).get(0);
        agents.pass(2 * HOLD_MS);
        assertEquals(Optional.empty(), toldToHandOverTo(master));
    }
}
