package io.mqcontroller.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.it.cluster.GroupView;
import io.mqcontroller.it.cluster.TestCluster;
import io.mqcontroller.it.fault.Fault;
import io.mqcontroller.it.history.Send;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** Three controllers, two brokers with agents that acknowledge what both hold. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AgentFailoverIT {
    private TestCluster cluster;

    @BeforeAll
    void startCluster() {
        cluster = TestCluster.of("agents")
                .agents(2)
                .brokerKey("allAckInSyncStateSet", "true")
                .brokerKey("haMaxTimeSlaveNotCatchup", "4000")
                .start();
    }

    @AfterAll
    void stopCluster() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @BeforeEach
    void healCluster() {
        cluster.heal();
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
}
