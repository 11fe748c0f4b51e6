package io.mqcontroller.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.it.cluster.ClientProcess;
import io.mqcontroller.it.cluster.ControllerNode;
import io.mqcontroller.it.cluster.GroupView;
import io.mqcontroller.it.cluster.TestCluster;
import io.mqcontroller.it.fault.Fault;
import io.mqcontroller.it.history.Send;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Three controllers, two brokers of one group that acknowledge what both hold. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FailoverIT extends ClusterScenario {
    FailoverIT() {
        super(TestCluster.of("failover")
                .brokerKey("allAckInSyncStateSet", "true")
                .brokerKey("haMaxTimeSlaveNotCatchup", "4000"));
    }

    @Test
    @Order(1)
    void brokersGetIdsOneIsMasterAndMessagesFlow() {
        GroupView view = cluster.awaitAllInSync();
        assertEquals(Set.of(1L, 2L), view.inSync());
        assertTrue(view.masterEpoch() >= 1, view.toString());

        try (Workload workload = Workload.start(cluster);
                ClientProcess consumer = ClientProcess.consumer(
                        cluster.folder(), cluster.nameServer().address(), workload.topic(), "flow")) {
            cluster.await("the consumer has what was acknowledged", 60, () -> {
                Set<String> received = consumer.lines().stream()
                        .filter(line -> line.startsWith("RECV "))
                        .map(line -> line.split(" ")[2])
                        .collect(Collectors.toSet());
                return received.size() > 100
                        && workload.sends().stream()
                                .filter(Send::isAcknowledged)
                                .limit(100)
                                .allMatch(send -> received.contains(send.key()));
            });
            workload.finishAndCheck();
        }
    }

    @Test
    @Order(2)
    void killedMasterIsReplacedAndComesBackAsSlave() {
        BrokerFailover.run(cluster, Fault.KILLED, "three controllers", () -> {});
    }

    @Test
    @Order(3)
    void frozenMasterIsReplacedWhenItsHeartbeatIsDueAndStepsDown() {
        BrokerFailover.run(cluster, Fault.FROZEN, "three controllers", () -> {});
    }

    @Test
    @Order(4)
    void masterAndControllerLeaderKilledTogether() {
        ControllerNode leader = cluster.controllers().awaitLeader();
        BrokerFailover.run(cluster, Fault.KILLED, "controller leader killed with it", () -> leader.process()
                .kill());
    }

    @Test
    @Order(5)
    void frozenSlaveLeavesTheSyncStateSetAndComesBack() {
        GroupView before = cluster.awaitAllInSync();
        long slave = before.inSync().stream()
                .filter(id -> !before.isMaster(id))
                .findFirst()
                .orElseThrow();
        try (Workload workload = Workload.start(cluster)) {
            cluster.broker(slave).process().freeze();
            GroupView shrunk = cluster.awaitGroup("the slave has left the SyncStateSet", 40, view -> !view.inSync()
                    .contains(slave));
            assertTrue(shrunk.setEpoch() > before.setEpoch(), shrunk.toString());
            assertEquals(before.masterEpoch(), shrunk.masterEpoch(), "nobody was elected");
            workload.awaitMore(20);

            cluster.broker(slave).process().thaw();
            GroupView back = cluster.awaitAllInSync();
            assertTrue(back.setEpoch() > shrunk.setEpoch(), back.toString());
            assertEquals(before.master(), back.master());
            workload.finishAndCheck();
        }
    }
}
