package io.mqcontroller.agent.core;

import static io.mqcontroller.agent.core.AgentHarness.*;
import static org.junit.jupiter.api.Assertions.*;

import io.mqcontroller.agent.core.ControllerAnswer.Reason;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Finding the leader of the controllers, and leaving one that is not. */
class LeaderSearchTest {
    private final AgentHarness agent = new AgentHarness();

    @Test
    void controllerThatDoesNotLeadSaysWhoDoes() {
        agent.start(identity(1));
        AgentAction.Dial first = agent.last(AgentAction.Dial.class);
        assertEquals(LEADER, first.address());
        agent.on(new AgentEvent.Greeted(first.connection(), false, "n7:9877"));
        assertEquals(first.connection(), agent.last(AgentAction.HangUp.class).connection());
        assertEquals("n7:9877", agent.last(AgentAction.Dial.class).address());
        assertEquals("", agent.core.status().controller());
        agent.greetedByLeader();
        assertEquals("n7:9877", agent.core.status().controller());
    }

    @Test
    void brokenConnectionIsFollowedByTheNextAddressAtOnceAndByAPauseAfterARound() {
        agent.start(identity(1));
        StringBuilder dialed = new StringBuilder();
        for (int i = 0; i < 3; i++) {
            AgentAction.Dial dial = agent.last(AgentAction.Dial.class);
            dialed.append(dial.address()).append(' ');
            agent.on(new AgentEvent.ConnectionLost(dial.connection(), "refused"));
        }
        assertEquals(LEADER + " " + OTHER + " " + LEADER + " ", dialed.toString());
        assertFalse(agent.did(AgentAction.Dial.class));
        agent.after(50);
        assertTrue(agent.did(AgentAction.Dial.class));
    }

    @Test
    void greetingThatDoesNotComeIsNotWaitedFor() {
        agent.start(identity(1)).after(1_000);
        assertTrue(agent.did(AgentAction.HangUp.class));
        assertEquals(OTHER, agent.last(AgentAction.Dial.class).address());
    }

    @Test
    void controllerThatKnowsOfNoLeaderIsStayedWithUntilItDoes() {
        agent.start(identity(1));
        AgentAction.Dial first = agent.last(AgentAction.Dial.class);
        agent.on(new AgentEvent.Greeted(first.connection(), false, ""));
        assertFalse(agent.did(AgentAction.HangUp.class));
        assertEquals("", agent.core.status().controller());
        agent.on(new AgentEvent.Greeted(first.connection(), false, "n7:9877"));
        assertEquals("n7:9877", agent.last(AgentAction.Dial.class).address());
    }

    @Test
    void controllerThatBecomesLeaderIsServedByTheConnectionThatIsThere() {
        agent.start(identity(1));
        AgentAction.Dial first = agent.last(AgentAction.Dial.class);
        agent.on(new AgentEvent.Greeted(first.connection(), false, ""));
        agent.on(new AgentEvent.Greeted(first.connection(), true, LEADER));
        assertEquals(LEADER, agent.core.status().controller());
        assertTrue(agent.asks(ControllerRequest.Register.class));
    }

    @Test
    void controllerThatNeverHearsOfALeaderIsLeftAfterAWhile() {
        agent.start(identity(1));
        AgentAction.Dial first = agent.last(AgentAction.Dial.class);
        agent.on(new AgentEvent.Greeted(first.connection(), false, ""));
        agent.pass(49);
        assertFalse(agent.did(AgentAction.Dial.class));
        agent.pass(1);
        assertEquals(OTHER, agent.last(AgentAction.Dial.class).address());
    }

    @Test
    void leaderThatIsGoneIsNotDialedAgainAndAgainBecauseAnotherDoesNotKnowYet() {
        agent.registered(view(2, 5, 8, 2));
        agent.on(new AgentEvent.ConnectionLost(agent.connection, "reset"));
        AgentAction.Dial other = agent.last(AgentAction.Dial.class);
        assertEquals(OTHER, other.address());
        agent.on(new AgentEvent.Greeted(other.connection(), false, LEADER));
        assertFalse(agent.did(AgentAction.Dial.class));
        agent.on(new AgentEvent.Greeted(other.connection(), false, LEADER));
        assertEquals(LEADER, agent.last(AgentAction.Dial.class).address(), "it is told so by itself: that is news");
    }

    @Test
    void controllerThatDoesNotAnswerIsPassedOverForAWhile() {
        agent.registered(view(2, 5, 8, 2));
        agent.answering = false;
        agent.after(1_000);
        AgentAction.Dial other = agent.last(AgentAction.Dial.class);
        agent.on(new AgentEvent.Greeted(other.connection(), false, LEADER));
        agent.after(50);
        other = agent.last(AgentAction.Dial.class);
        assertEquals(OTHER, other.address());
        agent.on(new AgentEvent.Greeted(other.connection(), false, ""));
        agent.after(3_000);
        assertEquals(LEADER, agent.last(AgentAction.Dial.class).address());
    }

    @Test
    void leaderIsNotLeftForWhatItSaysByItself() {
        agent.registered(view(2, 5, 8, 2));
        agent.on(new AgentEvent.Greeted(agent.connection, false, OTHER));
        assertEquals(LEADER, agent.core.status().controller());
    }

    @Test
    void leaderThatDoesNotAnswerIsLeft() {
        agent.registered(view(2, 5, 8, 2));
        agent.answering = false;
        agent.after(1_000);
        assertEquals(OTHER, agent.last(AgentAction.Dial.class).address());
    }

    @Test
    void answerNotLeaderMovesToTheHint() {
        agent.registered(view(2, 5, 8, 2)).heartbeat();
        agent.answer(ControllerRequest.Heartbeat.class, new ControllerAnswer.NotDone(Reason.NOT_LEADER, "", "n7:9877"));
        assertEquals("n7:9877", agent.last(AgentAction.Dial.class).address());
        agent.greetedByLeader();
        assertTrue(agent.asks(ControllerRequest.Heartbeat.class), "the new leader hears of the replica at once");
    }

    @Test
    void whatAnOldConnectionSaysDoesNotCount() {
        agent.registered(view(2, 5, 8, 2)).done();
        agent.on(new AgentEvent.Pushed(agent.connection + 1, view(1, 6, 9, 1)));
        assertFalse(agent.did(AgentAction.BecomeMaster.class));
        agent.on(new AgentEvent.ConnectionLost(agent.connection - 1, "late"));
        assertFalse(agent.did(AgentAction.Dial.class));
    }

    @Test
    void emptyResolutionKeepsTheLastGoodList() {
        agent.start(identity(1)).on(new AgentEvent.ControllersResolved(List.of()));
        agent.on(new AgentEvent.ConnectionLost(agent.core.status().brokerId(), "refused"));
        assertTrue(agent.did(AgentAction.Dial.class));
    }

    @Test
    void firstResolutionMayComeLate() {
        agent.on(new AgentEvent.Started(Optional.of(identity(1)), "x;1", List.of(), agent.report()));
        assertFalse(agent.did(AgentAction.Dial.class));
        agent.on(new AgentEvent.ControllersResolved(List.of("n5:1")));
        assertEquals("n5:1", agent.last(AgentAction.Dial.class).address());
    }

    @Test
    void addressesThatControllersTellAreDialedToo() {
        agent.registered(view(2, 5, 8, 2));
        agent.answer(ControllerRequest.GetCluster.class, new ControllerAnswer.Members(List.of("n9:1", LEADER)));
        StringBuilder dialed = new StringBuilder();
        agent.on(new AgentEvent.ConnectionLost(agent.connection, "reset"));
        for (int i = 0; i < 3; i++) {
            AgentAction.Dial dial = agent.last(AgentAction.Dial.class);
            dialed.append(dial.address()).append(' ');
            agent.on(new AgentEvent.ConnectionLost(dial.connection(), "refused"));
        }
        assertTrue(dialed.toString().contains("n9:1"), dialed.toString());
    }
}
