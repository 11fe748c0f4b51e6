package io.mqcontroller.agent.core;

import static io.mqcontroller.agent.core.AgentHarness.*;
import static org.junit.jupiter.api.Assertions.*;

import io.mqcontroller.agent.core.ControllerAnswer.Reason;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** From nothing to a registered replica. */
class RegistrationTest {
    private final AgentHarness agent = new AgentHarness();

    @Test
    void newBrokerNotesTheIdBeforeItAppliesAndKeepsItAfterwards() {
        agent.start(null).is(AgentState.DISCOVERING).greetedByLeader();
        agent.answer(ControllerRequest.NextBrokerId.class, new ControllerAnswer.BrokerIdOffered(3));
        assertEquals(
                appliedFor(3, "b1:10911;77"),
                agent.last(AgentAction.StoreIdentity.class).identity());
        assertFalse(agent.asks(ControllerRequest.ApplyBrokerId.class), "applies before the id is on disk");

        agent.on(new AgentEvent.IdentityStored());
        assertEquals(
                new ControllerRequest.ApplyBrokerId(3, "b1:10911;77"),
                agent.request(ControllerRequest.ApplyBrokerId.class));
        agent.answer(ControllerRequest.ApplyBrokerId.class, new ControllerAnswer.BrokerIdTaken());
        assertEquals(identity(3), agent.last(AgentAction.StoreIdentity.class).identity());

        agent.on(new AgentEvent.IdentityStored()).is(AgentState.IDENTIFIED);
        assertEquals(
                new ControllerRequest.Register(3, "b1:10911", "b1:10912"),
                agent.request(ControllerRequest.Register.class));
        agent.answer(ControllerRequest.Register.class, group(view(0, 0, 0))).is(AgentState.REGISTERED);
        assertEquals(3, agent.core.status().brokerId());
    }

    @Test
    void idThatSomebodyElseTookIsAskedForAgain() {
        agent.start(appliedFor(3, "x;1")).greetedByLeader();
        agent.refuse(ControllerRequest.ApplyBrokerId.class, Reason.BROKER_ID_TAKEN);
        assertTrue(agent.asks(ControllerRequest.NextBrokerId.class));
    }

    @Test
    void applicationWithoutAnswerIsRepeatedWithTheSameCheckCode() {
        agent.start(appliedFor(3, "x;1")).greetedByLeader();
        ControllerRequest.ApplyBrokerId first = agent.request(ControllerRequest.ApplyBrokerId.class);
        agent.on(new AgentEvent.ConnectionLost(agent.connection, "reset")).greetedByLeader();
        assertEquals(first, agent.request(ControllerRequest.ApplyBrokerId.class));
    }

    @Test
    void identityOfAnotherGroupIsRefusedWithTheReason() {
        agent.start(new Identity("C", "other", 1, Optional.empty())).is(AgentState.REFUSED);
        assertTrue(
                agent.core.status().problem().contains("C#other#1"),
                agent.core.status().problem());
        assertFalse(agent.did(AgentAction.Dial.class));
        agent.pass(60_000);
        assertFalse(agent.did(AgentAction.Dial.class));
    }

    @Test
    void identityThatCannotBeWrittenIsTriedAgain() {
        agent.start(null).greetedByLeader();
        agent.answer(ControllerRequest.NextBrokerId.class, new ControllerAnswer.BrokerIdOffered(3));
        agent.on(new AgentEvent.IdentityNotStored("disk full"));
        assertTrue(agent.core.status().problem().contains("disk full"));
        agent.after(1_000);
        assertTrue(agent.asks(ControllerRequest.NextBrokerId.class));
    }

    @Test
    void refusedRegistrationIsSaidAndTriedAgain() {
        agent.start(identity(1)).greetedByLeader();
        agent.refuse(ControllerRequest.Register.class, Reason.BROKER_ID_TAKEN);
        assertTrue(agent.core.status().problem().contains("BROKER_ID_TAKEN"));
        agent.is(AgentState.IDENTIFIED).after(999);
        assertFalse(agent.asks(ControllerRequest.Register.class));
        agent.after(1);
        assertTrue(agent.asks(ControllerRequest.Register.class));
    }

    @Test
    void replicaThatTheControllersForgotRegistersAgainAndKeepsItsRole() {
        agent.master(1);
        agent.heartbeat();
        agent.refuse(ControllerRequest.Heartbeat.class, Reason.UNKNOWN_REPLICA).is(AgentState.MASTER);
        agent.answer(ControllerRequest.Register.class, group(view(0, 0, 0))).is(AgentState.MASTER);
    }

    @Test
    void electionIsAskedForWhereThereIsNoMaster() {
        agent.registered(view(0, 0, 0));
        assertEquals(new ControllerRequest.ElectMaster(1), agent.request(ControllerRequest.ElectMaster.class));
        agent.refuse(ControllerRequest.ElectMaster.class, Reason.NO_ELIGIBLE_REPLICA)
                .pass(999);
        assertFalse(agent.asks(ControllerRequest.ElectMaster.class));
        agent.pass(1);
        assertTrue(agent.asks(ControllerRequest.ElectMaster.class));
    }

    @Test
    void learnerNeverAsksForAnElection() {
        AgentHarness learner = new AgentHarness(agent.settings.withRole(1, true, LeaseMode.SAFE));
        learner.registered(view(0, 0, 0));
        assertFalse(learner.asks(ControllerRequest.ElectMaster.class));
        assertTrue(learner.heartbeat().learner());
    }
}
