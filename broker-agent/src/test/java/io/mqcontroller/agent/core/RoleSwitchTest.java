package io.mqcontroller.agent.core;

import static io.mqcontroller.agent.core.AgentHarness.*;
import static org.junit.jupiter.api.Assertions.*;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Into the role that is recorded: done only on success, tried again, given back, superseded. */
class RoleSwitchTest {
    private final AgentHarness agent = new AgentHarness();

    @Test
    void becomesMasterOnlyWhenTheSwitchHasSucceeded() {
        agent.registered(view(0, 4, 7, 1)).push(view(1, 5, 8, 1)).is(AgentState.FENCED);
        AgentAction.BecomeMaster become = agent.last(AgentAction.BecomeMaster.class);
        assertEquals(5, become.masterEpoch());
        assertEquals(SyncStateSet.of(8, List.of(1L)), become.syncStateSet());
        long attempt = agent.switchAttempt();
        ControllerRequest.Heartbeat during = agent.heartbeat();
        assertEquals(ControllerRequest.Role.FENCED, during.role());
        assertEquals(0, during.roleEpoch());
        assertEquals(5, during.knownMasterEpoch());

        agent.done().is(AgentState.MASTER);
        assertEquals(ControllerRequest.Role.MASTER, agent.heartbeat().role());
        assertEquals(5, agent.heartbeat().roleEpoch());
    }

    @Test
    void becomesSlaveOfTheRecordedMasterAndCopiesFromItsHaAddress() {
        agent.registered(view(2, 5, 8, 2));
        AgentAction.BecomeSlave become = agent.last(AgentAction.BecomeSlave.class);
        assertEquals(new AgentAction.BecomeSlave(1, 5, 2, "b2:10911", "b2:10912"), become);
        agent.done().is(AgentState.SLAVE);
        assertEquals(5, agent.core.status().roleEpoch());
    }

    @Test
    void haAddressThatComesLaterIsFollowed() {
        GroupView without = new GroupView(
                2, 5, SyncStateSet.of(8, List.of(2L)), List.of(new ReplicaView(2, "b2:10911", "", true, true)));
        agent.registered(without).done();
        assertFalse(agent.did(AgentAction.FollowHaAddress.class));
        agent.push(view(2, 5, 8, 2));
        assertEquals("b2:10912", agent.last(AgentAction.FollowHaAddress.class).haAddress());
        agent.tick();
        assertFalse(agent.did(AgentAction.FollowHaAddress.class), "told twice");
    }

    @Test
    void failedSwitchIsTriedAgain() {
        agent.registered(view(2, 5, 8, 2)).failed();
        assertTrue(agent.core.status().problem().contains("disk"));
        agent.is(AgentState.REGISTERED).after(199);
        assertFalse(agent.did(AgentAction.BecomeSlave.class));
        agent.after(1);
        assertTrue(agent.did(AgentAction.BecomeSlave.class));
        agent.done().is(AgentState.SLAVE);
        assertEquals("", agent.core.status().problem());
    }

    @Test
    void switchToMasterThatFailsRepeatedlyIsGivenBack() {
        agent.registered(view(0, 4, 7, 1, 2)).push(view(1, 5, 8, 1)).failed();
        agent.pass(200).failed();
        agent.pass(400);
        assertTrue(agent.did(AgentAction.BecomeMaster.class));
        agent.failed();
        ControllerRequest.Heartbeat heartbeat = agent.heartbeat();
        assertTrue(heartbeat.resigns());
        assertEquals(5, heartbeat.roleEpoch());
        agent.pass(10_000);
        assertFalse(agent.did(AgentAction.BecomeMaster.class), "takes up again what it gave back");

        agent.push(view(1, 6, 9, 1));
        assertTrue(agent.did(AgentAction.BecomeMaster.class), "a new epoch is a new attempt");
        agent.done().is(AgentState.MASTER);
        assertFalse(agent.heartbeat().resigns());
    }

    @Test
    void newerEpochThatComesDuringTheSwitchIsNext() {
        agent.registered(view(0, 4, 7, 1, 2)).push(view(1, 5, 8, 1));
        long old = agent.switchAttempt();
        agent.push(view(2, 6, 9, 2));
        assertFalse(agent.did(AgentAction.BecomeSlave.class), "two switches at once");
        agent.on(new AgentEvent.SwitchDone(old)).is(AgentState.FENCED);
        assertEquals(6, agent.last(AgentAction.BecomeSlave.class).masterEpoch());
        assertFalse(agent.isWritable());
    }

    @Test
    void masterThatIsSupersededFencesBeforeAnythingElse() {
        agent.master(1);
        assertTrue(agent.isWritable());
        agent.push(view(2, 6, 9, 2)).is(AgentState.FENCED);
        assertEquals(0, agent.indexOf(AgentAction.Fence.class));
        assertTrue(agent.did(AgentAction.BecomeSlave.class));
        assertFalse(agent.isWritable());
    }

    @Test
    void sameMasterUnderANewEpochIsFencedUntilTheSwitchIsDone() {
        agent.master(1).push(view(1, 6, 9, 1)).is(AgentState.FENCED);
        assertFalse(agent.isWritable());
        agent.done().is(AgentState.MASTER);
        assertEquals(6, agent.last(AgentAction.AllowWrites.class).masterEpoch());
    }

    @Test
    void olderViewChangesNothing() {
        agent.master(1).push(view(2, 4, 99, 2)).is(AgentState.MASTER);
        agent.push(view(2, 5, 7, 2)).is(AgentState.MASTER);
        assertTrue(agent.isWritable());
    }

    @Test
    void withoutARecordedMasterASlaveStaysAndAMasterStops() {
        agent.registered(view(2, 5, 8, 2)).done().push(view(0, 6, 8, 2)).is(AgentState.SLAVE);
        AgentHarness master = new AgentHarness().master(1);
        master.push(view(0, 6, 8, 1)).is(AgentState.FENCED);
    }

    @Test
    void restartedMasterDoesNotTrustTheEpochOfItsLastLife() {
        agent.registered(view(1, 5, 8, 1)).is(AgentState.REGISTERED);
        assertFalse(agent.did(AgentAction.BecomeMaster.class));
        assertTrue(agent.asks(ControllerRequest.Heartbeat.class), "the election waits for it");
        agent.pass(999);
        assertFalse(agent.asks(ControllerRequest.ElectMaster.class));
        agent.pass(1);
        assertTrue(agent.asks(ControllerRequest.ElectMaster.class), "a leader that does not know of the restart");
        agent.push(view(1, 6, 9, 1));
        assertTrue(agent.did(AgentAction.BecomeMaster.class));
    }

    @Test
    void viewsBeforeTheRegistrationDoNotCount() {
        agent.start(identity(1)).greetedByLeader().push(view(1, 5, 8, 1)).is(AgentState.IDENTIFIED);
        assertFalse(agent.did(AgentAction.BecomeMaster.class));
    }
}
