package io.mqcontroller.agent.core;

import static io.mqcontroller.agent.core.AgentHarness.*;
import static org.junit.jupiter.api.Assertions.*;

import org.junit.jupiter.api.Test;

/** A stronger rule takes effect at once, a weaker one only when the leader has said so. */
class AckRuleTest {
    private final AgentHarness agent = new AgentHarness();

    private ControllerAnswer.Heartbeat says(AckRule rule) {
        return new ControllerAnswer.Heartbeat(view(1, 5, 8, 1), 2_000, rule);
    }

    @Test
    void weakerRuleWaitsForTheLeader() {
        agent.wanted = AckRule.WEAKER;
        agent.master(1);
        assertEquals(AckRule.ALL_IN_SYNC, agent.core.status().ackRule());
        agent.pass(500);
        assertEquals(
                AckRule.WEAKER, agent.request(ControllerRequest.Heartbeat.class).ackRule());
        agent.answer(ControllerRequest.Heartbeat.class, says(AckRule.WEAKER));
        assertEquals(AckRule.WEAKER, agent.last(AgentAction.UseAckRule.class).rule());
    }

    @Test
    void leaderThatStillCountsOnTheStrongerRuleKeepsIt() {
        agent.wanted = AckRule.WEAKER;
        agent.master(1).pass(500);
        agent.answer(ControllerRequest.Heartbeat.class, says(AckRule.ALL_IN_SYNC));
        assertEquals(AckRule.ALL_IN_SYNC, agent.core.status().ackRule());
    }

    @Test
    void strongerRuleTakesEffectBeforeTheLeaderHearsOfIt() {
        agent.wanted = AckRule.WEAKER;
        agent.master(1).pass(500).answer(ControllerRequest.Heartbeat.class, says(AckRule.WEAKER));
        agent.wanted = AckRule.ALL_IN_SYNC;
        agent.tick();
        assertTrue(agent.indexOf(AgentAction.UseAckRule.class)
                < agent.actions.indexOf(agent.ask(ControllerRequest.Heartbeat.class)));
        assertEquals(
                AckRule.ALL_IN_SYNC,
                agent.request(ControllerRequest.Heartbeat.class).ackRule());
    }

    @Test
    void answerFromBeforeTheStrongerRuleWeakensNothing() {
        agent.wanted = AckRule.WEAKER;
        agent.master(1).pass(500);
        AgentAction.Ask old = agent.ask(ControllerRequest.Heartbeat.class);
        agent.wanted = AckRule.ALL_IN_SYNC;
        agent.pass(500);
        agent.wanted = AckRule.WEAKER;
        agent.tick();
        agent.answer(old, says(AckRule.WEAKER));
        assertEquals(AckRule.ALL_IN_SYNC, agent.core.status().ackRule());
    }

    @Test
    void newEpochBeginsWithTheStrongerRule() {
        agent.wanted = AckRule.WEAKER;
        agent.master(1).pass(500).answer(ControllerRequest.Heartbeat.class, says(AckRule.WEAKER));
        agent.push(view(1, 6, 9, 1)).done();
        assertEquals(AckRule.ALL_IN_SYNC, agent.core.status().ackRule());
    }

    @Test
    void unfitIsSaidAtOnce() {
        agent.master(1);
        agent.unfit = "store refuses writes";
        agent.tick();
        assertEquals(
                "store refuses writes",
                agent.request(ControllerRequest.Heartbeat.class).unfit());
    }
}
