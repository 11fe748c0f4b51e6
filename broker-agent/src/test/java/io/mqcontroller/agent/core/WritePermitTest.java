package io.mqcontroller.agent.core;

import static io.mqcontroller.agent.core.AgentHarness.*;
import static org.junit.jupiter.api.Assertions.*;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Until when a master may write, from which source, in which mode. */
class WritePermitTest {
    private final AgentHarness agent = new AgentHarness();

    @Test
    void leaseIsCountedFromTheSendingLessTheDrift() {
        agent.master(1, 2).is(AgentState.MASTER);
        assertFalse(agent.isWritable());
        agent.heartbeat();
        AgentAction.Ask sent = agent.ask(ControllerRequest.Heartbeat.class);
        long sentMs = agent.nowMs;
        agent.nowMs += 300;
        agent.answer(sent, granted(view(1, 5, 8, 1, 2), 2_000));
        assertEquals(new AgentAction.AllowWrites(5, sentMs + 1_900), agent.last(AgentAction.AllowWrites.class));
    }

    @Test
    void leaseThatRunsOutFences() {
        agent.master(1, 2).lease(2_000);
        agent.after(1_899);
        assertTrue(agent.isWritable());
        agent.after(1);
        assertTrue(agent.did(AgentAction.Fence.class));
        assertEquals(1, agent.core.status().fencings());
        agent.is(AgentState.MASTER);
    }

    @Test
    void leaseForAnEarlierRoleDoesNotCount() {
        agent.master(1, 2).heartbeat();
        AgentAction.Ask old = agent.ask(ControllerRequest.Heartbeat.class);
        agent.push(view(1, 6, 9, 1, 2)).done().is(AgentState.MASTER);
        agent.answer(old, granted(view(1, 6, 9, 1, 2), 2_000));
        assertFalse(agent.isWritable());
    }

    @Test
    void lateOldAnswerDoesNotShortenTheLease() {
        agent.master(1, 2).heartbeat();
        AgentAction.Ask first = agent.ask(ControllerRequest.Heartbeat.class);
        agent.actions.clear();
        agent.lease(2_000);
        long untilMs = agent.core.status().writableUntilMs();
        agent.answer(first, granted(view(1, 5, 8, 1, 2), 2_000));
        assertEquals(untilMs, agent.core.status().writableUntilMs());
    }

    @Test
    void aloneByRecordNeedsNoLease() {
        agent.master(1);
        assertEquals(Long.MAX_VALUE, agent.core.status().writableUntilMs());
        agent.on(new AgentEvent.ConnectionLost(agent.connection, "all gone")).pass(60_000);
        assertTrue(agent.isWritable());
    }

    @Test
    void aloneEndsBeforeAChangeIsAskedFor() {
        agent.master(1).lease(2_000);
        agent.slaves = List.of(slave(2, 100));
        agent.tick().after(20);
        assertTrue(agent.asks(ControllerRequest.AlterSyncStateSet.class));
        assertTrue(agent.indexOf(AgentAction.AllowWrites.class)
                < agent.actions.indexOf(agent.ask(ControllerRequest.AlterSyncStateSet.class)));
        assertTrue(agent.writableForMs() <= 1_900);
    }

    @Test
    void processBeginsAsIfItHadPromised() {
        agent.registered(view(0, 4, 7, 1)).push(view(1, 5, 8, 1)).done().is(AgentState.MASTER);
        assertFalse(agent.isWritable());
        agent.pass(2_099);
        assertFalse(agent.isWritable());
        agent.pass(1);
        assertTrue(agent.isWritable());
    }

    @Test
    void promiseToAPeerIsKeptByANewMaster() {
        agent.registered(view(2, 5, 8, 1, 2)).done().promiseOver();
        agent.on(new AgentEvent.PeerAsked(1, 2, 5, 1, 2_000, AckRule.WEAKER));
        assertTrue(agent.last(AgentAction.AnswerPeer.class).confirmed());
        agent.push(view(1, 6, 9, 1)).done().is(AgentState.MASTER);
        assertFalse(agent.isWritable());
        agent.after(2_099);
        assertFalse(agent.isWritable());
        agent.after(1);
        assertTrue(agent.isWritable());
    }

    @Test
    void availableNeverFencesItself() {
        AgentHarness available = new AgentHarness(LeaseMode.AVAILABLE).master(1, 2);
        available.pass(60_000);
        assertEquals(Long.MAX_VALUE, available.core.status().writableUntilMs());
        available.on(new AgentEvent.PeerAnswered(1, false, 9)).is(AgentState.FENCED);
        assertFalse(available.isWritable());
    }

    @Test
    void strictTakesTheControllersLeaseOnly() {
        AgentHarness strict = new AgentHarness(LeaseMode.STRICT).master(1);
        assertFalse(strict.isWritable());
        strict.lease(2_000);
        assertTrue(strict.isWritable());
        strict.after(1_900);
        assertFalse(strict.isWritable());
        assertFalse(strict.did(AgentAction.AskPeer.class));
    }

    @Test
    void heartbeatTellsTheLeaseThatIsLeftAndTheFencings() {
        agent.master(1, 2).lease(2_000);
        assertEquals(
                1_400,
                agent.pass(500)
                        .request(ControllerRequest.Heartbeat.class)
                        .status()
                        .leaseRemainingMs());
    }

    @Test
    void agentThatNeverWasMasterIsFencedSilently() {
        agent.registered(view(2, 5, 8, 1, 2)).done();
        assertFalse(agent.did(AgentAction.Fence.class));
        assertEquals(0, agent.core.status().fencings());
    }
}
