package io.mqcontroller.agent.core;

import static io.mqcontroller.agent.core.AgentHarness.*;
import static org.junit.jupiter.api.Assertions.*;

import io.mqcontroller.agent.core.ControllerAnswer.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who leaves the set, who joins it, and who counts meanwhile. */
class SyncStateSetKeeperTest {
    private final AgentHarness agent = new AgentHarness();

    private ControllerRequest.AlterSyncStateSet altered() {
        return agent.request(ControllerRequest.AlterSyncStateSet.class);
    }

    private boolean asks() {
        return agent.asks(ControllerRequest.AlterSyncStateSet.class);
    }

    /** Master of {1}, and slave 2 has everything. */
    private void joins() {
        agent.master(1);
        agent.slaves = List.of(slave(2, 100));
        agent.tick();
    }

    @Test
    void slaveJoinsAfterItWasCountedAndHasReachedWhatWasThereThen() {
        joins();
        assertFalse(asks());
        assertEquals(ids(1, 2), agent.last(AgentAction.UseSyncStateSet.class).acking());
        assertEquals(
                ids(1),
                agent.last(AgentAction.UseSyncStateSet.class).confirmed().members());

        agent.maxOffset = 150;
        agent.tick();
        assertFalse(asks(), "it lacks what was written before it was counted");
        agent.maxOffset = 200;
        agent.slaves = List.of(slave(2, 149));
        agent.after(20);
        assertFalse(asks());
        agent.slaves = List.of(slave(2, 150));
        agent.after(20);
        assertEquals(new ControllerRequest.AlterSyncStateSet(1, 5, ids(1, 2), 8), altered());
    }

    @Test
    void slaveBehindTheConfirmOffsetOrOfAnEarlierEpochOrLearnerDoesNotJoin() {
        agent.master(1);
        agent.slaves = List.of(slave(2, 99), new SlaveProgress(3, true, 100, true));
        agent.pass(1_000);
        assertFalse(agent.did(AgentAction.UseSyncStateSet.class));
        agent.slaves = List.of(gone(2));
        agent.pass(1_000);
        assertFalse(agent.did(AgentAction.UseSyncStateSet.class));
    }

    @Test
    void slaveThatIsLostWhileItJoinsIsNotCountedAnyMore() {
        joins();
        agent.slaves = List.of(gone(2));
        agent.after(20);
        agent.after(500);
        assertFalse(asks());
        assertEquals(ids(1), agent.last(AgentAction.UseSyncStateSet.class).acking());
    }

    @Test
    void answerWithTheNewSetEndsTheUnion() {
        joins();
        agent.after(20);
        agent.answer(ControllerRequest.AlterSyncStateSet.class, group(view(1, 5, 9, 1, 2)));
        AgentAction.UseSyncStateSet use = agent.last(AgentAction.UseSyncStateSet.class);
        assertEquals(ids(1, 2), use.confirmed().members());
        assertEquals(ids(1, 2), use.acking());
    }

    @Test
    void slaveThatIsBehindForTooLongLeavesAndCountsUntilItHasLeft() {
        agent.master(1, 2);
        agent.lease(2_000);
        agent.slaves = List.of(slave(2, 100));
        agent.tick();
        agent.maxOffset = 200;
        for (int i = 0; i < 149 && !asks(); i++) {
            agent.after(100);
        }
        assertFalse(asks());
        for (int i = 0; i < 5 && !asks(); i++) {
            agent.after(100);
        }
        assertEquals(ids(1), altered().newSet());
        assertEquals(ids(1, 2), agent.core.status().acking());
        assertFalse(agent.did(AgentAction.UseSyncStateSet.class));
        agent.answer(ControllerRequest.AlterSyncStateSet.class, group(view(1, 5, 9, 1)));
        assertEquals(ids(1), agent.last(AgentAction.UseSyncStateSet.class).acking());
    }

    /** The slaves may have gone because its store can't be read, and one of them is to be master. */
    @Test
    void masterThatCallsItselfUnfitTakesNobodyOut() {
        agent.master(1, 2);
        agent.lease(2_000);
        agent.slaves = List.of(slave(2, 100));
        agent.tick();
        agent.unfit = "its store can't be written";
        agent.slaves = List.of(gone(2));
        for (int i = 0; i < 15; i++) {
            agent.after(100);
            assertFalse(asks());
        }
        agent.unfit = "";
        agent.after(100);
        assertEquals(ids(1), altered().newSet());
    }

    @Test
    void slaveThatKeepsUpAtADistanceStays() {
        agent.master(1, 2);
        for (int i = 0; i < 400; i++) {
            agent.maxOffset += 50;
            agent.slaves = List.of(slave(2, agent.maxOffset - 500));
            agent.after(100);
            assertFalse(asks());
        }
    }

    @Test
    void slaveWhoseConnectionIsGoneLeavesSoon() {
        agent.master(1, 2);
        agent.slaves = List.of(slave(2, 100));
        agent.tick();
        agent.slaves = List.of();
        agent.tick().pass(499);
        assertFalse(asks());
        agent.pass(1);
        assertEquals(ids(1), altered().newSet());
    }

    @Test
    void oneChangeAtATime() {
        agent.master(1, 2);
        agent.slaves = List.of();
        agent.tick().pass(500);
        assertEquals(ids(1), altered().newSet());
        agent.slaves = List.of(slave(3, 100));
        agent.pass(400);
        assertFalse(asks());
    }

    @Test
    void unknownOutcomeKeepsTheUnionUntilTheSetIsLearned() {
        joins();
        agent.after(20);
        agent.refuse(ControllerRequest.AlterSyncStateSet.class, Reason.UNKNOWN_OUTCOME);
        assertEquals(ids(1, 2), agent.core.status().acking());
        agent.slaves = List.of();
        agent.push(view(1, 5, 8, 1));
        assertEquals(ids(1, 2), agent.core.status().acking(), "an old view settles nothing");
        agent.pass(100);
        assertEquals(ids(1, 2), altered().newSet(), "asked again until it is settled");
        agent.push(view(1, 5, 9, 1));
        assertEquals(ids(1), agent.core.status().acking());
    }

    @Test
    void refusalAfterAnUnknownOutcomeSettlesNothing() {
        joins();
        agent.after(20);
        agent.refuse(ControllerRequest.AlterSyncStateSet.class, Reason.UNKNOWN_OUTCOME)
                .after(20);
        agent.refuse(ControllerRequest.AlterSyncStateSet.class, Reason.REPLICA_NOT_ALIVE);
        assertEquals(ids(1, 2), agent.core.status().acking());
    }

    @Test
    void lostConnectionLeavesTheOutcomeUnknown() {
        joins();
        agent.after(20);
        agent.on(new AgentEvent.ConnectionLost(agent.connection, "reset"));
        assertEquals(ids(1, 2), agent.core.status().acking());
        agent.greetedByLeader().after(20);
        assertEquals(ids(1, 2), altered().newSet());
    }

    @Test
    void refusedChangeIsOverAndTriedAgainLater() {
        joins();
        agent.after(20);
        agent.refuse(ControllerRequest.AlterSyncStateSet.class, Reason.REPLICA_NOT_ALIVE);
        assertEquals(ids(1), agent.core.status().acking());
        agent.after(900);
        assertEquals(ids(1), agent.core.status().acking());
    }

    @Test
    void conflictMakesItAskForTheGroup() {
        joins();
        agent.after(20);
        agent.refuse(ControllerRequest.AlterSyncStateSet.class, Reason.STALE_SYNC_STATE_SET_EPOCH);
        assertTrue(agent.asks(ControllerRequest.GetGroup.class));
        agent.answer(ControllerRequest.GetGroup.class, group(view(1, 5, 11, 1, 3)));
        assertEquals(ids(1, 3), agent.core.status().confirmed().members());
    }

    @Test
    void newEpochBeginsWithTheSetThatWasRecordedWithIt() {
        agent.master(1, 2).push(view(1, 6, 10, 1)).done();
        AgentAction.UseSyncStateSet use = agent.last(AgentAction.UseSyncStateSet.class);
        assertEquals(6, use.masterEpoch());
        assertEquals(ids(1), use.acking());
    }

    @Test
    void heartbeatTellsHowFarSlavesAre() {
        agent.master(1, 2);
        agent.slaves = List.of(slave(2, 40));
        agent.tick();
        ControllerRequest.SlaveStatus status = agent.pass(500)
                .request(ControllerRequest.Heartbeat.class)
                .status()
                .slaves()
                .get(0);
        assertEquals(60, status.lagBytes());
        assertTrue(status.connected());
    }
}
