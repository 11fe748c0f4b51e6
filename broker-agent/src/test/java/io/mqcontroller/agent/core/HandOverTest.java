package io.mqcontroller.agent.core;

import static io.mqcontroller.agent.core.AgentHarness.*;
import static org.junit.jupiter.api.Assertions.*;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A master's role goes to one other replica that has everything, or stays. */
class HandOverTest {
    private static final HandOverOrder ORDER = new HandOverOrder(9, 2, 300, 50);

    private final AgentHarness agent = new AgentHarness();

    private AgentHarness ordered(HandOverOrder order, long ackOfTwo) {
        agent.slaves = List.of(slave(2, ackOfTwo), slave(3, 100));
        agent.tick();
        return order(order);
    }

    private AgentHarness order(HandOverOrder order) {
        agent.heartbeat();
        return agent.answer(
                ControllerRequest.Heartbeat.class,
                new ControllerAnswer.Heartbeat(view(1, 5, 8, 1, 2, 3), 2_000, AckRule.ALL_IN_SYNC, Optional.of(order)));
    }

    private AgentHarness paused() {
        return agent.on(new AgentEvent.WritesPaused(ORDER.number()));
    }

    private HandOverReport reported() {
        return agent.request(ControllerRequest.Heartbeat.class).handOver();
    }

    private void failedWith(String reason) {
        HandOverReport report = reported();
        assertEquals(ORDER.number(), report.order());
        assertEquals(0, report.to());
        assertTrue(report.failed().startsWith(reason + ": "), report.failed());
        assertFalse(agent.request(ControllerRequest.Heartbeat.class).resigns());
        agent.is(AgentState.MASTER);
        assertTrue(agent.isWritable());
    }

    @Test
    void writesPauseUntilTheOtherHasEverythingThenTheRoleGoesToIt() {
        agent.master(1, 2, 3).lease(2_000);
        ordered(ORDER, 90).is(AgentState.MASTER);
        assertTrue(agent.did(AgentAction.PauseWrites.class));
        assertTrue(agent.isWritable(), "what has begun may be acknowledged");
        paused();
        agent.pass(50).is(AgentState.MASTER);
        agent.slaves = List.of(slave(2, 100), slave(3, 95));
        agent.pass(10).is(AgentState.FENCED);
        assertTrue(agent.indexOf(AgentAction.Fence.class) < agent.indexOf(AgentAction.Ask.class));
        ControllerRequest.Heartbeat heartbeat = agent.request(ControllerRequest.Heartbeat.class);
        assertTrue(heartbeat.resigns());
        assertEquals(5, heartbeat.roleEpoch());
        assertEquals(new HandOverReport(9, 2, ""), heartbeat.handOver());
        agent.push(view(2, 6, 9, 2));
        assertTrue(agent.did(AgentAction.BecomeSlave.class));
        agent.done().is(AgentState.SLAVE);
    }

    @Test
    void whatIsBeingAppendedIsWaitedFor() {
        agent.master(1, 2, 3).lease(2_000);
        ordered(ORDER, 100);
        agent.pass(100).is(AgentState.MASTER);
        paused();
        agent.maxOffset = 103;
        agent.pass(50).is(AgentState.MASTER);
        agent.slaves = List.of(slave(2, 103), slave(3, 100));
        agent.pass(10).is(AgentState.FENCED);
    }

    @Test
    void masterGoesOnWhenTheOtherDoesNotCatchUpInTime() {
        agent.master(1, 2, 3).lease(2_000);
        ordered(ORDER, 90);
        paused();
        agent.pass(299);
        assertFalse(agent.did(AgentAction.ResumeWrites.class));
        agent.pass(1);
        assertTrue(agent.did(AgentAction.ResumeWrites.class));
        failedWith("NOT_EQUAL");
        order(ORDER);
        assertFalse(agent.did(AgentAction.PauseWrites.class), "an order is carried out once");
        order(new HandOverOrder(10, 2, 300, 50));
        assertTrue(agent.did(AgentAction.PauseWrites.class));
    }

    @Test
    void writesThatDoNotEndAreNotWaitedForLongerThanThat() {
        agent.master(1, 2, 3).lease(2_000);
        ordered(ORDER, 100);
        agent.pass(300);
        failedWith("NOT_EQUAL");
        paused();
        agent.pass(100).is(AgentState.MASTER);
    }

    @Test
    void whoIsTooFarBehindOrNotThereIsRefusedBeforeWritesArePaused() {
        agent.master(1, 2, 3).lease(2_000);
        ordered(ORDER, 49);
        assertFalse(agent.did(AgentAction.PauseWrites.class));
        failedWith("TOO_FAR_BEHIND");
    }

    @Test
    void whoIsNotInTheSetIsRefused() {
        agent.master(1, 3).lease(2_000);
        agent.slaves = List.of(slave(3, 100));
        agent.tick();
        agent.heartbeat();
        agent.answer(
                ControllerRequest.Heartbeat.class,
                new ControllerAnswer.Heartbeat(view(1, 5, 8, 1, 3), 2_000, AckRule.ALL_IN_SYNC, Optional.of(ORDER)));
        failedWith("NOT_IN_SYNC");
    }

    @Test
    void theOthersEndEndsIt() {
        agent.master(1, 2, 3).lease(2_000);
        ordered(ORDER, 90);
        paused();
        agent.slaves = List.of(gone(2), slave(3, 100));
        agent.pass(10);
        assertTrue(agent.did(AgentAction.ResumeWrites.class));
        failedWith("NOT_CONNECTED");
    }

    @Test
    void aNewerEpochEndsIt() {
        agent.master(1, 2, 3).lease(2_000);
        ordered(ORDER, 90);
        paused();
        agent.push(view(3, 6, 9, 3));
        assertTrue(agent.did(AgentAction.ResumeWrites.class));
        agent.done().is(AgentState.SLAVE);
    }

    @Test
    void stopInTheMiddleIsAnOrdinaryEnd() {
        agent.master(1, 2, 3).lease(2_000);
        ordered(ORDER, 90);
        paused();
        agent.on(new AgentEvent.StopRequested());
        agent.pass(10);
        ControllerRequest.Heartbeat heartbeat = agent.request(ControllerRequest.Heartbeat.class);
        assertTrue(heartbeat.resigns());
        assertEquals(0, heartbeat.handOver().to());
    }

    @Test
    void masterThatIsElectedAgainTakesWritesUnderTheNewEpoch() {
        agent.master(1, 2, 3).lease(2_000);
        ordered(ORDER, 100);
        paused();
        agent.pass(20).is(AgentState.FENCED);
        agent.push(view(1, 6, 9, 1));
        agent.done().is(AgentState.MASTER);
        assertTrue(agent.isWritable());
        assertFalse(agent.heartbeat().resigns());
    }
}
