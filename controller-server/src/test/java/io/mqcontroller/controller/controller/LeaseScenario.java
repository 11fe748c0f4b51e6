package io.mqcontroller.controller.controller;

import static io.mqcontroller.controller.controller.Agents.COUNTED_MS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mqcontroller.controller.controller.Agents.Agent;
import io.mqcontroller.controller.controller.service.LeaseRefusal;
import io.mqcontroller.controller.metadata.AckRule;
import io.mqcontroller.controller.metadata.BrokerId;
import java.util.List;
import java.util.Optional;

/** A group of two with agents, for the tests of leases. */
abstract class LeaseScenario {
    static final Optional<BrokerId> ONE = Optional.of(new BrokerId(1));
    static final Optional<BrokerId> TWO = Optional.of(new BrokerId(2));

    CoreHarness h = CoreHarness.leading();
    Agents agents = new Agents(h);

    Agent master;
    Agent slave;

    final void pair(AckRule rule) {
        List<Agent> both = agents.group("g", 2);
        master = both.get(0);
        slave = both.get(1);
        master.rule = rule;
        slave.rule = rule;
        // Leases under the rule that held before are over.
        agents.pass(COUNTED_MS + 1_000);
        assertEquals(ONE, h.group("g").master());
    }

    final void isMaster(Optional<BrokerId> id) {
        assertEquals(id, h.group("g").master());
    }

    /** Replica 1 is master for as long as a lease that it got just now must be counted, and not longer. */
    final void isReplacedOnlyWhenTheLeaseIsOver(Optional<BrokerId> next) {
        agents.pass(COUNTED_MS - 10);
        isMaster(ONE);
        agents.pass(10);
        isMaster(next);
    }

    final List<LeaseRefusal> refusals() {
        return h.observer.leaseRefusals;
    }
}
