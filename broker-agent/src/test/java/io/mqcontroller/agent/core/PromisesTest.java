package io.mqcontroller.agent.core;

import static io.mqcontroller.agent.core.AgentHarness.*;
import static org.junit.jupiter.api.Assertions.*;

import java.util.List;
import org.junit.jupiter.api.Test;

/** An agent that is elected after it has promised another master to keep still, and when it is free to begin. */
class PromisesTest {
    private final AgentHarness agent = new AgentHarness();

    /** Slave of 2, with its promise from the start over; then 2 asks for its confirmation, then it is elected. */
    private AgentHarness electedAfterPromising(AckRule rule) {
        agent.registered(view(2, 5, 8, 1, 2)).done().promiseOver();
        agent.on(new AgentEvent.PeerAsked(1, 2, 5, 1, 2_000, rule));
        assertTrue(agent.last(AgentAction.AnswerPeer.class).confirmed());
        return agent.push(view(1, 6, 9, 1));
    }

    @Test
    void nobodyIsBoundByAMasterThatAcknowledgesWhatAllHave() {
        electedAfterPromising(AckRule.ALL_IN_SYNC).done().is(AgentState.MASTER);
        assertTrue(agent.isWritable());
    }

    @Test
    void oldMasterIsToldAtOnceAndNothingIsAskedOfIt() {
        electedAfterPromising(AckRule.WEAKER);
        AgentAction.AskPeer told = agent.last(AgentAction.AskPeer.class);
        assertEquals(
                new AgentAction.AskPeer(told.question(), 2, "b2:10911", 6, 0, AckRule.ALL_IN_SYNC),
                told,
                "before its own switch is over");
    }

    @Test
    void promiseIsOverWhenTheOldMasterSaysThatItKnows() {
        electedAfterPromising(AckRule.WEAKER);
        long question = agent.last(AgentAction.AskPeer.class).question();
        agent.done();
        assertFalse(agent.isWritable());
        agent.on(new AgentEvent.PeerAnswered(question, true, 6));
        assertTrue(agent.isWritable());
    }

    @Test
    void promiseHoldsWhenTheOldMasterIsSilentOrRefuses() {
        electedAfterPromising(AckRule.WEAKER);
        long untilMs = agent.core.status().promisedUntilMs();
        agent.done();
        agent.on(new AgentEvent.PeerSilent(
                agent.pass(200).last(AgentAction.AskPeer.class).question()));
        agent.on(new AgentEvent.PeerAnswered(
                agent.pass(200).last(AgentAction.AskPeer.class).question(), false, 6));
        assertFalse(agent.isWritable());
        assertEquals(untilMs, agent.core.status().promisedUntilMs());
        agent.pass(untilMs - agent.nowMs).tick();
        assertTrue(agent.isWritable());
        assertFalse(agent.pass(500).did(AgentAction.AskPeer.class), "there is nothing to be freed from");
    }

    /** Whoever is elected after it would not be bound, and the old master may still acknowledge. */
    @Test
    void nobodyJoinsTheSetBeforeThePromiseIsOver() {
        electedAfterPromising(AckRule.WEAKER).done();
        long question = agent.pass(200).last(AgentAction.AskPeer.class).question();
        agent.slaves = List.of(slave(3, 100));
        assertFalse(agent.pass(500).asks(ControllerRequest.AlterSyncStateSet.class));
        agent.on(new AgentEvent.PeerAnswered(question, true, 6));
        assertTrue(agent.pass(500).asks(ControllerRequest.AlterSyncStateSet.class));
    }

    @Test
    void answerThatKnowsNothingNewEndsNothing() {
        electedAfterPromising(AckRule.WEAKER);
        long question = agent.last(AgentAction.AskPeer.class).question();
        agent.done();
        agent.on(new AgentEvent.PeerAnswered(question, true, 5));
        assertFalse(agent.isWritable());
    }

    @Test
    void promiseFromTheStartIsEndedByTimeOnly() {
        agent.registered(view(2, 5, 8, 1, 2)).done();
        agent.push(view(1, 6, 9, 1)).done().is(AgentState.MASTER);
        assertFalse(agent.did(AgentAction.AskPeer.class));
        assertFalse(agent.isWritable());
    }

    @Test
    void longerPromiseToTheSameMasterUnderTheWeakerRuleStays() {
        agent.registered(view(2, 5, 8, 1, 2)).done().promiseOver();
        agent.on(new AgentEvent.PeerAsked(1, 2, 5, 1, 2_000, AckRule.WEAKER));
        long untilMs = agent.core.status().promisedUntilMs();
        agent.nowMs += 100;
        agent.on(new AgentEvent.PeerAsked(2, 2, 5, 1, 2_000, AckRule.ALL_IN_SYNC));
        assertEquals(untilMs, agent.core.status().promisedUntilMs());
    }

    @Test
    void masterThatIsToldOfItsSuccessorStopsAndPromisesNothing() {
        agent.master(1, 2).lease(2_000);
        agent.on(new AgentEvent.PeerAsked(3, 2, 6, 1, 0, AckRule.ALL_IN_SYNC)).is(AgentState.FENCED);
        assertTrue(agent.indexOf(AgentAction.Fence.class) < agent.indexOf(AgentAction.AnswerPeer.class));
        assertEquals(new AgentAction.AnswerPeer(3, true, 6), agent.last(AgentAction.AnswerPeer.class));
        assertTrue(agent.core.status().promisedUntilMs() <= agent.nowMs);
    }

    @Test
    void confirmationsOfTheStrongerRuleCountNoMoreUnderTheWeakerOne() {
        agent.wanted = AckRule.WEAKER;
        agent.master(1, 2).lease(2_000).pass(1_000);
        AgentAction.AskPeer ask = agent.last(AgentAction.AskPeer.class);
        assertEquals(AckRule.ALL_IN_SYNC, ask.ackRule());
        agent.pass(400).heartbeat();
        AgentAction.Ask sent = agent.ask(ControllerRequest.Heartbeat.class);
        agent.on(new AgentEvent.PeerAnswered(ask.question(), true, 5));
        long confirmedUntilMs = agent.core.status().writableUntilMs();
        agent.answer(sent, new ControllerAnswer.Heartbeat(view(1, 5, 8, 1, 2), 300, AckRule.WEAKER));
        assertEquals(AckRule.WEAKER, agent.core.status().ackRule());
        assertTrue(agent.core.status().writableUntilMs() < confirmedUntilMs);
        assertTrue(agent.actions.indexOf(agent.last(AgentAction.AllowWrites.class))
                < agent.actions.indexOf(agent.last(AgentAction.UseAckRule.class)));
        agent.answering = false;
        assertEquals(List.of(AckRule.WEAKER), askedUnder(agent.pass(1_000)));
    }

    private static List<AckRule> askedUnder(AgentHarness agent) {
        return agent.actions.stream()
                .filter(AgentAction.AskPeer.class::isInstance)
                .map(asked -> ((AgentAction.AskPeer) asked).ackRule())
                .distinct()
                .toList();
    }
}
