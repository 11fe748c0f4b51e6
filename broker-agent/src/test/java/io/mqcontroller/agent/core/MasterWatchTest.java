package io.mqcontroller.agent.core;

import static io.mqcontroller.agent.core.AgentHarness.*;
import static org.junit.jupiter.api.Assertions.*;

import org.junit.jupiter.api.Test;

/** What a slave tells a new leader of its master. */
class MasterWatchTest {
    private final AgentHarness agent = new AgentHarness();

    /** Slave of replica 2 under epoch 5, for a while. */
    private void slave() {
        agent.registered(view(2, 5, 8, 1, 2)).done();
        agent.pass(10_000);
    }

    private void newLeader() {
        agent.on(new AgentEvent.ConnectionLost(agent.connection, "reset"));
        agent.greetedByLeader();
    }

    private AgentAction.Knock knock() {
        return agent.last(AgentAction.Knock.class);
    }

    private boolean says() {
        return agent.request(ControllerRequest.Heartbeat.class).masterGone();
    }

    @Test
    void whoFindsALeaderLooksForItsMasterAndSaysAtOnceThatNobodyIsThere() {
        slave();
        newLeader();
        assertFalse(says());
        assertEquals("b2:10911", knock().address());
        agent.on(new AgentEvent.Knocked(knock().number(), true));
        assertTrue(says());
    }

    @Test
    void aMasterThatListensIsNotMissed() {
        slave();
        newLeader();
        agent.on(new AgentEvent.Knocked(knock().number(), false));
        assertFalse(agent.heartbeat().masterGone());
    }

    @Test
    void aMasterThatDiesALittleLaterIsMissedAsWell() {
        slave();
        newLeader();
        agent.on(new AgentEvent.Knocked(knock().number(), false));
        agent.pass(200);
        agent.on(new AgentEvent.Knocked(knock().number(), true));
        assertTrue(says());
    }

    @Test
    void aMasterThatListensAgainIsNotMissedAnyMore() {
        slave();
        newLeader();
        agent.on(new AgentEvent.Knocked(knock().number(), true));
        agent.pass(200);
        agent.on(new AgentEvent.Knocked(knock().number(), false));
        assertFalse(says());
    }

    @Test
    void whatIsKnownOfTheMasterIsForgottenWithTheLeader() {
        slave();
        newLeader();
        agent.on(new AgentEvent.Knocked(knock().number(), true));
        newLeader();
        assertFalse(says());
    }

    @Test
    void whoHasBeenWithALeaderForAWhileLooksNoMore() {
        slave();
        newLeader();
        agent.pass(3_000);
        agent.pass(60_000);
        assertFalse(agent.did(AgentAction.Knock.class));
    }

    @Test
    void anAnswerAboutAnEarlierMasterSaysNothing() {
        slave();
        newLeader();
        AgentAction.Knock before = knock();
        agent.push(view(3, 6, 9, 3)).done();
        agent.on(new AgentEvent.Knocked(before.number(), true));
        assertFalse(agent.heartbeat().masterGone());
    }

    @Test
    void aMasterLooksForNobody() {
        agent.master(1, 2);
        newLeader();
        assertFalse(agent.did(AgentAction.Knock.class));
    }

    @Test
    void heartbeatsTellForHowLongTheProcessHasBeenRegistered() {
        agent.registered(view(2, 5, 8, 1, 2)).done();
        long sinceMs = agent.nowMs;
        agent.pass(7_000);
        newLeader();
        long registeredMs = agent.request(ControllerRequest.Heartbeat.class).registeredMs();
        assertEquals(agent.nowMs - sinceMs, registeredMs);
    }
}
