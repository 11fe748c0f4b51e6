package io.mqcontroller.agent.core;

import static io.mqcontroller.agent.core.AgentHarness.*;
import static org.junit.jupiter.api.Assertions.*;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The end: fenced, caught up, given back, over. */
class FarewellTest {
    private final AgentHarness agent = new AgentHarness();

    private AgentHarness stop() {
        return agent.on(new AgentEvent.StopRequested());
    }

    @Test
    void masterFencesThenWaitsForAnotherMemberThenResigns() {
        agent.master(1, 2).lease(2_000);
        agent.slaves = List.of(slave(2, 90));
        agent.tick();
        stop().is(AgentState.FENCED);
        assertEquals(0, agent.indexOf(AgentAction.Fence.class));
        assertFalse(agent.did(AgentAction.Stopped.class));
        agent.after(10);
        assertFalse(agent.asks(ControllerRequest.Heartbeat.class));
        agent.slaves = List.of(slave(2, 100));
        agent.after(10);
        ControllerRequest.Heartbeat heartbeat = agent.request(ControllerRequest.Heartbeat.class);
        assertTrue(heartbeat.resigns());
        assertEquals(5, heartbeat.roleEpoch());
        agent.answer(ControllerRequest.Heartbeat.class, granted(view(1, 5, 8, 1, 2), 0));
        assertTrue(agent.did(AgentAction.Stopped.class));
        agent.is(AgentState.STOPPED);
    }

    @Test
    void slaveThatDoesNotCatchUpIsNotWaitedForLong() {
        agent.master(1, 2).lease(2_000);
        agent.slaves = List.of(slave(2, 90));
        agent.tick();
        stop().pass(999);
        assertFalse(agent.did(AgentAction.Stopped.class));
        assertFalse(agent.core.status().state() == AgentState.STOPPED);
        agent.pass(1);
        assertTrue(agent.request(ControllerRequest.Heartbeat.class).resigns());
    }

    @Test
    void leaderThatDoesNotAnswerIsNotWaitedForLong() {
        agent.master(1);
        stop();
        agent.on(new AgentEvent.ConnectionLost(agent.connection, "gone")).pass(2_010);
        assertTrue(agent.did(AgentAction.Stopped.class));
    }

    @Test
    void newMasterEndsTheWait() {
        agent.master(1, 2);
        agent.answering = false;
        stop().pass(100);
        agent.push(view(2, 6, 9, 2));
        assertTrue(agent.did(AgentAction.Stopped.class));
        assertFalse(agent.did(AgentAction.BecomeSlave.class));
    }

    @Test
    void slaveStopsAtOnce() {
        agent.registered(view(2, 5, 8, 1, 2)).done();
        stop();
        assertTrue(agent.did(AgentAction.Stopped.class));
        assertTrue(agent.did(AgentAction.HangUp.class));
    }

    @Test
    void stoppedAgentDoesNothingMore() {
        agent.registered(view(2, 5, 8, 1, 2)).done();
        stop();
        agent.pass(60_000);
        assertEquals(List.of(), agent.actions);
        agent.on(new AgentEvent.PeerAsked(1, 2, 5, 1, 2_000, AckRule.WEAKER));
        assertFalse(agent.last(AgentAction.AnswerPeer.class).confirmed());
    }
}
