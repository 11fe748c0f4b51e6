package io.mqcontroller.agent.core;

import static io.mqcontroller.agent.core.AgentHarness.*;
import static org.junit.jupiter.api.Assertions.*;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A master asks its peers when the controllers are silent; a peer promises, or not. */
class PeerConfirmationTest {
    private final AgentHarness agent = new AgentHarness();

    private void controllersGone() {
        agent.on(new AgentEvent.ConnectionLost(agent.connection, "gone"));
    }

    @Test
    void peersAreAskedWhenTheLeaseIsHalfOver() {
        agent.master(1, 2).lease(2_000);
        controllersGone();
        agent.pass(999);
        assertFalse(agent.did(AgentAction.AskPeer.class));
        agent.pass(1);
        assertEquals(
                new AgentAction.AskPeer(
                        agent.last(AgentAction.AskPeer.class).question(), 2, "b2:10911", 5, 2_000, AckRule.ALL_IN_SYNC),
                agent.last(AgentAction.AskPeer.class));
    }

    @Test
    void confirmationCountsFromTheQuestion() {
        agent.master(1, 2).lease(2_000);
        controllersGone();
        agent.pass(1_000);
        long askedMs = agent.nowMs;
        AgentAction.AskPeer ask = agent.last(AgentAction.AskPeer.class);
        agent.nowMs += 400;
        agent.on(new AgentEvent.PeerAnswered(ask.question(), true, 5));
        assertEquals(askedMs + 1_900, agent.core.status().writableUntilMs());
    }

    @Test
    void everyPeerMustConfirm() {
        agent.master(1, 2, 3);
        agent.pass(500);
        List<AgentAction.AskPeer> asks = agent.actions.stream()
                .filter(AgentAction.AskPeer.class::isInstance)
                .map(AgentAction.AskPeer.class::cast)
                .toList();
        assertEquals(2, asks.size());
        agent.on(new AgentEvent.PeerAnswered(asks.get(0).question(), true, 5));
        assertFalse(agent.isWritable());
        agent.on(new AgentEvent.PeerAnswered(asks.get(1).question(), true, 5));
        assertTrue(agent.isWritable());
    }

    @Test
    void peerThatRefusesOrIsSilentGivesNothing() {
        agent.master(1, 2).pass(500);
        long question = agent.last(AgentAction.AskPeer.class).question();
        agent.on(new AgentEvent.PeerAnswered(question, false, 5));
        assertFalse(agent.isWritable());
        agent.pass(500);
        agent.on(new AgentEvent.PeerSilent(agent.last(AgentAction.AskPeer.class).question()));
        agent.on(new AgentEvent.PeerAnswered(question, true, 5));
        assertFalse(agent.isWritable());
    }

    @Test
    void peerThatKnowsANewerEpochEndsTheRole() {
        agent.master(1, 2).lease(2_000);
        agent.on(new AgentEvent.PeerAnswered(9, false, 6)).is(AgentState.FENCED);
        assertEquals(0, agent.indexOf(AgentAction.Fence.class));
        assertTrue(agent.asks(ControllerRequest.GetGroup.class));
    }

    @Test
    void memberWithoutAgentCannotConfirm() {
        agent.registered(view(0, 4, 7, false, 1, 2))
                .push(view(1, 5, 8, false, 1, 2))
                .done();
        agent.pass(5_000);
        assertFalse(agent.did(AgentAction.AskPeer.class));
        assertFalse(agent.isWritable());
    }

    @Test
    void slavePromisesAndTellsWhatItKnows() {
        agent.registered(view(2, 5, 8, 1, 2)).done();
        agent.on(new AgentEvent.PeerAsked(7, 2, 5, 1, 2_000, AckRule.WEAKER));
        assertEquals(new AgentAction.AnswerPeer(7, true, 5), agent.last(AgentAction.AnswerPeer.class));
        assertEquals(agent.nowMs + 2_100, agent.core.status().promisedUntilMs());
    }

    @Test
    void slaveThatKnowsANewerEpochRefuses() {
        agent.registered(view(2, 5, 8, 1, 2)).done();
        agent.on(new AgentEvent.PeerAsked(7, 3, 4, 1, 2_000, AckRule.WEAKER));
        assertEquals(new AgentAction.AnswerPeer(7, false, 5), agent.last(AgentAction.AnswerPeer.class));
    }

    @Test
    void questionsThatAreNotForItAreRefused() {
        agent.registered(view(2, 5, 8, 1, 2)).done();
        agent.on(new AgentEvent.PeerAsked(1, 2, 5, 3, 2_000, AckRule.WEAKER));
        assertFalse(agent.last(AgentAction.AnswerPeer.class).confirmed(), "meant for another id");
        agent.on(new AgentEvent.PeerAsked(2, 2, 5, 1, 2_001, AckRule.WEAKER));
        assertFalse(agent.last(AgentAction.AnswerPeer.class).confirmed(), "longer than it remembers after a restart");
        agent.on(new AgentEvent.PeerAsked(3, 3, 5, 1, 2_000, AckRule.WEAKER));
        assertFalse(agent.last(AgentAction.AnswerPeer.class).confirmed(), "not the master of that epoch");
    }

    @Test
    void agentThatHasLearnedNothingYetRefuses() {
        agent.start(identity(1)).greetedByLeader();
        agent.on(new AgentEvent.PeerAsked(1, 2, 5, 1, 2_000, AckRule.WEAKER));
        assertFalse(agent.last(AgentAction.AnswerPeer.class).confirmed());
    }

    @Test
    void masterThatIsAskedUnderANewerEpochFencesBeforeItPromises() {
        agent.master(1);
        agent.on(new AgentEvent.PeerAsked(1, 2, 6, 1, 2_000, AckRule.WEAKER)).is(AgentState.FENCED);
        assertTrue(agent.last(AgentAction.AnswerPeer.class).confirmed());
        assertTrue(agent.indexOf(AgentAction.Fence.class) < agent.indexOf(AgentAction.AnswerPeer.class));
    }
}
