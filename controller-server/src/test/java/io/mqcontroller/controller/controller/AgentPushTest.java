package io.mqcontroller.controller.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mqcontroller.controller.metadata.AckRule;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What agents are told without asking. */
class AgentPushTest extends LeaseScenario {
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
    void whoWaitsForALeaderIsToldOfIt() {
        h.leaders.clear();
        h.follow(null);
        h.follow(CoreHarness.OTHER);
        h.follow(CoreHarness.OTHER);
        h.lead(3);
        assertEquals(List.of(CoreHarness.OTHER, CoreHarness.SELF), h.leaders);
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
