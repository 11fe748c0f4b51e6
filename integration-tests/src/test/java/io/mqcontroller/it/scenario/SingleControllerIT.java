package io.mqcontroller.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.it.cluster.Broker;
import io.mqcontroller.it.cluster.ControllerClient;
import io.mqcontroller.it.cluster.GroupView;
import io.mqcontroller.it.cluster.TestCluster;
import io.mqcontroller.it.fault.Fault;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** One controller, two brokers. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SingleControllerIT extends ClusterScenario {
    SingleControllerIT() {
        super(TestCluster.of("single").controllers(1).brokerKey("allAckInSyncStateSet", "true"));
    }

    @Test
    @Order(1)
    void killedMasterIsReplaced() {
        BrokerFailover.run(cluster, Fault.KILLED, "single controller", () -> {});
    }

    @Test
    @Order(2)
    void deathOfTheControllerLeavesTheGroupRunning() {
        GroupView before = cluster.awaitAllInSync();
        try (Workload workload = Workload.start(cluster)) {
            cluster.controllers().killAll();
            workload.awaitMore(100);
            cluster.controllers().startAll();
            GroupView after = cluster.awaitAllInSync();
            assertEquals(before.master(), after.master());
            assertEquals(before.masterEpoch(), after.masterEpoch());
            workload.awaitMore(20);
            workload.finishAndCheck();
        }
    }

    @Test
    @Order(3)
    void outOfSyncSlaveBecomesMasterOnlyWhenUncleanElectionIsOn() throws IOException {
        GroupView before = cluster.awaitAllInSync();
        Broker master = cluster.master();
        long slave = before.inSync().stream()
                .filter(id -> !before.isMaster(id))
                .findFirst()
                .orElseThrow();
        try (Workload workload = Workload.start(cluster)) {
            cluster.broker(slave).process().kill();
            cluster.awaitGroup("the dead slave has left the SyncStateSet", 60, view -> view.inSync()
                    .equals(Set.of(master.id().getAsLong())));
            workload.awaitMore(20);
        }
        master.process().kill();
        cluster.broker(slave).start();
        cluster.awaitGroup("the slave is alive", 60, view -> view.alive().equals(Set.of(slave)));
        try (ControllerClient client = cluster.controllers().connectToLeader()) {
            assertEquals(
                    2012,
                    client.elect(Broker.CLUSTER, TestCluster.GROUP, slave, false)
                            .code());
            assertEquals(
                    2012,
                    client.elect(Broker.CLUSTER, TestCluster.GROUP, slave, true).code());
            GroupView refused = client.group(TestCluster.GROUP).orElseThrow();
            assertTrue(!refused.isMaster(slave) && !refused.inSync().contains(slave), refused.toString());
        }

        cluster.controllers().killAll();
        cluster.controllers().configure("enableElectUncleanMaster", "true");
        cluster.controllers().startAll();
        GroupView elected = cluster.awaitGroup("the slave is master", 60, view -> view.isMaster(slave));
        assertTrue(elected.masterEpoch() > before.masterEpoch(), elected.toString());
        master.start();
        GroupView after = cluster.awaitAllInSync();
        assertTrue(after.isMaster(slave), after.toString());
    }
}
