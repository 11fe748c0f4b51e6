package io.mqcontroller.controller.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.controller.Agents.Agent;
import io.mqcontroller.controller.controller.CoreHarness.Answer;
import io.mqcontroller.controller.controller.service.AgentStatus;
import io.mqcontroller.controller.controller.service.ControllerService.Drain;
import io.mqcontroller.controller.controller.service.Drained;
import io.mqcontroller.controller.controller.service.HandOverOrder;
import io.mqcontroller.controller.controller.service.HandOverReport;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Replicas that are to be master only where nobody else can be, and how they stop being it. */
class DrainTest {
    private final CoreHarness h = CoreHarness.leading();
    private final Agents agents = new Agents(h);

    /** Agents that know how to hand over, all equal, the first one being master. */
    private List<Agent> group(String name, int size) {
        List<Agent> members = agents.group(name, size);
        for (Agent agent : members) {
            List<AgentStatus.Slave> slaves = new ArrayList<>();
            for (Agent other : members) {
                if (other != agent) {
                    slaves.add(new AgentStatus.Slave(other.id(), 0, 0, true));
                }
            }
            agent.status = new AgentStatus(0, 0, slaves);
            agent.handOver = new HandOverReport(true, 0, Optional.empty(), "");
            agent.beat();
        }
        return members;
    }

    private Answer<Drained> drain(String name, long id, boolean drained) {
        return h.ask(
                UseCases::drain,
                new Drain(Optional.of(CoreHarness.key(name)), Optional.of(new BrokerId(id)), "", drained));
    }

    private Answer<Drained> drainMachine(String machine) {
        return h.ask(UseCases::drain, new Drain(Optional.empty(), Optional.empty(), machine, true));
    }

    private void isMaster(String name, long id) {
        assertEquals(Optional.of(new BrokerId(id)), h.group(name).master());
    }

    /** The master does as it is told, if it is told anything. */
    private boolean handsOver(Agent master) {
        Optional<HandOverOrder> order = master.beat().value().handOver();
        order.ifPresent(to -> {
            master.resigns = true;
            master.handOver = new HandOverReport(true, to.number(), Optional.of(to.to()), "");
            master.beat();
            master.resigns = false;
            master.handOver = new HandOverReport(true, to.number(), Optional.empty(), "");
        });
        return order.isPresent();
    }

    @Test
    void theMasterIsSwitchedOverAndAskingAgainTellsSo() {
        List<Agent> members = group("g", 3);
        Drained.One first = drain("g", 1, true).value().replicas().get(0);
        assertTrue(first.drained() && first.master());
        h.pass(600);
        assertTrue(handsOver(members.get(0)));
        isMaster("g", 2);
        assertEquals(false, drain("g", 1, true).value().replicas().get(0).master());
        h.pass(600);
        assertEquals(Optional.empty(), members.get(1).beat().value().handOver(), "it is not drained");
    }

    @Test
    void aDrainedReplicaIsNotElectedWhileAnotherOneCanBe() {
        List<Agent> members = group("g", 3);
        drain("g", 2, true).value();
        members.get(1).broker.maxOffset = 10_000;
        members.get(1).beat();
        members.get(0).kill();
        agents.pass(Agents.COUNTED_MS + 100);
        isMaster("g", 3);
    }

    @Test
    void aDrainedReplicaIsElectedWhereNobodyElseCanBe() {
        List<Agent> members = group("g", 2);
        drain("g", 2, true).value();
        members.get(0).kill();
        agents.pass(Agents.COUNTED_MS + 100);
        isMaster("g", 2);
    }

    @Test
    void whatKeepsAMasterIsTold() {
        List<Agent> members = group("g", 2);
        drain("g", 2, true).value();
        drain("g", 1, true).value();
        agents.pass(1_100);
        isMaster("g", 1);
        String hindrance = drain("g", 1, true).value().replicas().get(0).hindrance();
        assertTrue(hindrance.startsWith("DRAINED: "), hindrance);
        assertEquals(Optional.empty(), members.get(0).beat().value().handOver());
    }

    @Test
    void aMachineIsAllThatListensThere() {
        group("a", 2);
        group("b", 1);
        Agent elsewhere = agents.unregistered("b", 2);
        elsewhere.broker.address = "10.9.9.9:10911";
        h.apply(elsewhere.broker).value();
        elsewhere.register().value();
        assertEquals(3, drainMachine("127.0.0.1").value().replicas().size());
        Drained.One other = drainMachine("10.9.9.9").value().replicas().get(0);
        assertEquals(CoreHarness.key("b"), other.group());
        assertEquals(new BrokerId(2), other.id());
    }

    @Test
    void oneSwitchOverAtATime() {
        List<Agent> a = group("a", 2);
        List<Agent> b = group("b", 2);
        drain("a", 1, true).value();
        drain("b", 1, true).value();
        h.pass(600);
        boolean first = a.get(0).beat().value().handOver().isPresent();
        boolean second = b.get(0).beat().value().handOver().isPresent();
        assertTrue(first != second, "one of the two is told");
        assertTrue(handsOver(first ? a.get(0) : b.get(0)));
        h.pass(600);
        assertTrue(handsOver(first ? b.get(0) : a.get(0)));
        isMaster("a", 2);
        isMaster("b", 2);
    }

    @Test
    void anotherLeaderGoesOnWithIt() {
        List<Agent> members = group("g", 2);
        drain("g", 1, true).value();
        h.follow(CoreHarness.OTHER);
        h.lead(7);
        members.forEach(Agent::beat);
        h.pass(600);
        assertTrue(handsOver(members.get(0)));
        isMaster("g", 2);
    }

    @Test
    void whoIsNotDrainedAnyMoreTakesOverAgain() {
        List<Agent> members = group("g", 2);
        drain("g", 2, true).value();
        drain("g", 2, false).value();
        drain("g", 1, true).value();
        h.pass(600);
        assertTrue(handsOver(members.get(0)));
        isMaster("g", 2);
    }

    @Test
    void whoIsNotRegisteredCannotBeDrained() {
        group("g", 2);
        assertEquals(Refusal.UNKNOWN_REPLICA, drain("g", 9, true).refusal());
        assertEquals(Refusal.UNKNOWN_REPLICA, drainMachine("nowhere").refusal());
    }

    @Test
    void anOperatorCannotDesignateWhoIsDrained() {
        group("g", 2);
        drain("g", 2, true).value();
        assertEquals(Refusal.NO_ELIGIBLE_REPLICA, h.designate("g", 2).refusal());
    }
}
