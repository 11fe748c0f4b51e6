package io.mqcontroller.agent.core;

import static io.mqcontroller.agent.core.AgentHarness.*;
import static org.junit.jupiter.api.Assertions.*;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** No event is forgotten by the core, in no state. */
class DispatchTest {
    private static List<AgentEvent> oneOfEach(AgentHarness agent) {
        return List.of(
                new AgentEvent.Started(Optional.of(identity(1)), "x;1", List.of(LEADER), agent.report()),
                new AgentEvent.Tick(agent.report()),
                new AgentEvent.ControllersResolved(List.of(OTHER)),
                new AgentEvent.Greeted(99, true, ""),
                new AgentEvent.ConnectionLost(99, "reset"),
                new AgentEvent.Answered(99, 1, new ControllerAnswer.BrokerIdTaken()),
                new AgentEvent.Pushed(99, view(2, 9, 9, 2)),
                new AgentEvent.IdentityStored(),
                new AgentEvent.IdentityNotStored("full"),
                new AgentEvent.SwitchDone(99),
                new AgentEvent.SwitchFailed(99, "disk"),
                new AgentEvent.WritesPaused(99),
                new AgentEvent.PeerAsked(1, 2, 5, 1, 2_000, AckRule.WEAKER),
                new AgentEvent.PeerAnswered(99, true, 0),
                new AgentEvent.PeerSilent(99),
                new AgentEvent.Knocked(99, true),
                new AgentEvent.StopRequested());
    }

    @Test
    void everyKindOfEventIsTakenInInEveryState() {
        Set<Class<?>> kinds =
                Arrays.stream(AgentEvent.class.getPermittedSubclasses()).collect(Collectors.toSet());
        assertEquals(
                kinds,
                oneOfEach(new AgentHarness()).stream().map(Object::getClass).collect(Collectors.toSet()));
        for (int i = 0; i < kinds.size(); i++) {
            for (AgentHarness agent : List.of(
                    new AgentHarness().start(null),
                    new AgentHarness().start(identity(1)),
                    new AgentHarness().registered(view(0, 0, 0)),
                    new AgentHarness().master(1),
                    new AgentHarness().registered(view(2, 5, 8, 2)).done(),
                    new AgentHarness().start(new Identity("D", "x", 1, Optional.empty())),
                    new AgentHarness().start(null).on(new AgentEvent.StopRequested()))) {
                AgentEvent event = oneOfEach(agent).get(i);
                if (!(event instanceof AgentEvent.Started)) {
                    agent.on(event);
                    agent.pass(10_000);
                }
            }
        }
    }

    @Test
    void nothingDueMeansNothingDone() {
        AgentHarness agent = new AgentHarness().master(1);
        for (int i = 0; i < 1_000; i++) {
            long dueMs = agent.core.nextDueMs();
            assertTrue(dueMs > agent.nowMs, "due again at once: a driver would spin");
            agent.pass(dueMs - agent.nowMs);
        }
    }
}
