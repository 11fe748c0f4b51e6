package io.mqcontroller.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.it.cluster.Broker;
import io.mqcontroller.it.cluster.ClientProcess;
import io.mqcontroller.it.cluster.CommitLog;
import io.mqcontroller.it.cluster.ControllerNode;
import io.mqcontroller.it.cluster.GroupView;
import io.mqcontroller.it.cluster.TestCluster;
import io.mqcontroller.it.fault.Fault;
import io.mqcontroller.it.history.Send;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Three controllers, two brokers with agents that acknowledge what both hold. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AgentFailoverIT extends ClusterScenario {
    AgentFailoverIT() {
        super(TestCluster.of("agents")
                .agents(2)
                .brokerKey("allAckInSyncStateSet", "true")
                .brokerKey("relaySendsAtStopMillis", AgentFailover.RELAY_AT_STOP_MS)
                .brokerKey("haMaxTimeSlaveNotCatchup", "4000"));
    }

    @Test
    @Order(1)
    void messagesFlow() {
        GroupView view = cluster.awaitAllInSync();
        assertEquals(Set.of(1L, 2L), view.inSync());
        try (Workload workload = Workload.start(cluster)) {
            workload.awaitMore(100);
            workload.finishAndCheck();
        }
    }

    @Test
    @Order(2)
    void killedMasterIsReplacedAtOnce() {
        AgentFailover.run(cluster, Fault.KILLED, "agents, all in sync", true);
    }

    @Test
    @Order(3)
    void frozenMasterIsReplacedAndAcknowledgesNothingWhenItWakes() {
        AgentFailover.run(cluster, Fault.FROZEN, "agents, all in sync", true);
    }

    @Test
    @Order(4)
    void masterThatIsAskedToEndGivesItsRoleBackFirst() {
        AgentFailover.run(cluster, Fault.ENDED, "agents, all in sync", true);
    }

    @Test
    @Order(4)
    void plannedSwitchOverFailsNoSendAndLosesNothing() throws IOException {
        SwitchOver.run(cluster, "agents, all in sync");
    }

    @Test
    @Order(4)
    void plannedStopFailsNoSendOfAnOrdinaryProducer() {
        AgentFailover.endUnderAnOrdinaryProducer(cluster, "agents, all in sync");
    }

    @Test
    @Order(5)
    void withoutControllersNoSendFailsAndNothingIsSwitched() throws InterruptedException {
        GroupView before = cluster.awaitAllInSync();
        try (Workload workload = Workload.start(cluster)) {
            cluster.controllers().killAll();
            long goneAtMs = System.currentTimeMillis();
            Thread.sleep(15_000);
            long backAtMs = System.currentTimeMillis();
            cluster.controllers().startAll();
            cluster.await("the controllers are ready", 60, cluster.controllers()::isReady);
            GroupView after = cluster.awaitAllInSync();
            assertEquals(before.master(), after.master());
            assertEquals(before.masterEpoch(), after.masterEpoch());
            List<Send> failed = workload.sends().stream()
                    .filter(send -> send.startMs() > goneAtMs && send.endMs() < backAtMs && !send.isAcknowledged())
                    .toList();
            assertEquals(List.of(), failed, cluster.describe());
            workload.finishAndCheck();
        }
    }

    @Test
    @Order(6)
    void masterThatDiesWhileTheControllersAreGoneIsReplacedWhenTheyAreBack() {
        GroupView before = cluster.awaitAllInSync();
        long slave = before.inSync().stream()
                .filter(id -> !before.isMaster(id))
                .findFirst()
                .orElseThrow();
        try (Workload workload = Workload.start(cluster)) {
            cluster.controllers().killAll();
            workload.awaitMore(50);
            cluster.broker(before.master().orElseThrow()).process().kill();
            cluster.controllers().startAll();
            GroupView elected = cluster.awaitGroup("the slave is master", 60, view -> view.isMaster(slave));
            assertTrue(elected.masterEpoch() > before.masterEpoch(), elected.toString());
            workload.awaitMore(50);
            workload.finishAndCheck();
        }
    }

    /** RocketMQ 5.5.0 itself goes on alone as soon as the connection ends, and what it acknowledges then can be lost. */
    @Test
    @Order(7)
    void masterThatLostItsSlaveAcknowledgesNothingBeforeTheControllersAgree() throws InterruptedException {
        GroupView before = cluster.awaitAllInSync();
        long slave = before.inSync().stream()
                .filter(id -> !before.isMaster(id))
                .findFirst()
                .orElseThrow();
        try (DirectLoad load = DirectLoad.start(cluster)) {
            cluster.controllers().killAll();
            cluster.broker(slave).process().kill();
            long aloneAtMs = System.currentTimeMillis();
            Thread.sleep(5_000);
            assertEquals(
                    List.of(),
                    load.sends().stream()
                            .filter(send -> send.isAcknowledged() && send.startMs() > aloneAtMs)
                            .toList());
            cluster.controllers().startAll();
            cluster.awaitGroup("the slave has left the SyncStateSet", 60, view -> !view.inSync()
                    .contains(slave));
            load.awaitMore(50);
            cluster.heal();
            assertEquals(List.of(), load.lost(load.finish()));
        }
    }

    /**
     * The new master knows of the old one's epoch, but has taken in no message of it when the old one dies, so that its own epoch
     * begins at the same offset. Whatever the old one holds of its epoch nobody acknowledged. RocketMQ's own epoch file leaves the
     * new epoch out, and the old master keeps what is nobody's.
     */
    @Test
    @Order(8)
    void whatOnlyTheDeadMasterHeldIsCutOffWhenItIsBack() {
        try (DirectLoad load = DirectLoad.start(cluster)) {
            load.finish();
        }
        GroupView first = cluster.awaitAllInSync();
        cluster.master().process().kill();
        cluster.awaitGroup(
                "another epoch begins",
                60,
                view -> view.masterEpoch() > first.masterEpoch()
                        && view.master().isPresent());
        cluster.heal();
        GroupView before = cluster.awaitAllInSync();
        Broker master = cluster.master();
        Broker slave = cluster.brokers().stream()
                .filter(broker -> broker != master)
                .findFirst()
                .orElseThrow();
        List<String> addresses = List.of(master.address(), slave.address());
        ClientProcess.createTopic(cluster.folder(), cluster.nameServer().address(), "tail", 4, addresses);
        long epochStart = master.commitLog().end();
        String epoch = before.masterEpoch() + "-" + epochStart;
        cluster.await(
                "both know of the epoch, with no message in it",
                30,
                () -> master.lastEpoch().equals(epoch) && slave.lastEpoch().equals(epoch));
        slave.process().freeze();
        try (ClientProcess client = ClientProcess.direct(cluster.folder(), "tail", "tail", 100, 10_000, addresses)) {
            cluster.await(
                    "the master holds what the slave does not",
                    30,
                    () -> master.commitLog().end() > epochStart + 1_000);
            master.process().kill();
            // Thawed, it would read from its socket what the master had sent before.
            slave.process().kill();
            slave.start();
            cluster.awaitGroup(
                    "the slave is master",
                    60,
                    view -> view.masterEpoch() > before.masterEpoch()
                            && view.master().isPresent()
                            && !view.isMaster(before.master().orElseThrow()));
            cluster.await("it acknowledges", 30, () -> Send.parse(client.lines()).stream()
                    .anyMatch(send -> send.isAcknowledged() && send.detail().startsWith(slave.address())));
            cluster.heal();
            client.finish();
        }
        CommitLog old = master.commitLog();
        CommitLog successor = slave.commitLog();
        cluster.await("both logs end at the same offset", 30, () -> old.end() == successor.end());
        assertEquals(successor.end(), old.firstDifference(successor, successor.end()), cluster.describe());
    }

    @Test
    @Order(9)
    void masterAndControllerLeaderKilledTogether() {
        ControllerNode leader = cluster.controllers().awaitLeader();
        AgentFailover.run(
                cluster, Fault.KILLED, "agents, all in sync, controller leader with it", true, () -> leader.process()
                        .kill());
    }
}
