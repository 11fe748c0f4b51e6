package io.mqcontroller.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.it.cluster.Broker;
import io.mqcontroller.it.cluster.ControllerClient;
import io.mqcontroller.it.cluster.ControllerNode;
import io.mqcontroller.it.cluster.GroupView;
import io.mqcontroller.it.cluster.TestCluster;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Controllers come and go; the group does not mind. */
class ControllerOutageIT extends ClusterScenario {
    ControllerOutageIT() {
        super(TestCluster.of("outage").brokerKey("allAckInSyncStateSet", "true"));
    }

    @Test
    void lossOfAnyOneControllerIsHarmless() {
        GroupView before = cluster.awaitAllInSync();
        try (Workload workload = Workload.start(cluster)) {
            for (ControllerNode node : cluster.controllers().nodes()) {
                node.process().kill();
                GroupView during = cluster.awaitAllInSync();
                assertUnchanged(before, during);
                workload.awaitMore(20);
                cluster.controllers().start(node);
                cluster.await(node.id() + " is ready again", 60, node::isReady);
            }
            workload.finishAndCheck();
        }
    }

    @Test
    void lossOfTwoControllersStopsSwitchingAndNothingElse() throws IOException {
        GroupView before = cluster.awaitAllInSync();
        ControllerNode leader = cluster.controllers().awaitLeader();
        List<ControllerNode> others = cluster.controllers().nodes().stream()
                .filter(node -> node != leader)
                .toList();
        Broker master = cluster.master();
        long slave = before.inSync().stream()
                .filter(id -> !before.isMaster(id))
                .findFirst()
                .orElseThrow();
        try (Workload workload = Workload.start(cluster)) {
            others.forEach(node -> node.process().kill());
            cluster.await("the last controller does not claim to lead", 60, () -> !leader.saysItLeads());
            workload.awaitMore(50);

            master.process().kill();
            try (ControllerClient alone = new ControllerClient(leader.address())) {
                int code = alone.elect(Broker.CLUSTER, TestCluster.GROUP, slave, true)
                        .code();
                assertNotEquals(0, code, "an election without a majority");
            }
            others.forEach(cluster.controllers()::start);
            GroupView elected = cluster.awaitGroup("switching works again", 60, view -> view.isMaster(slave));
            assertTrue(elected.masterEpoch() > before.masterEpoch(), elected.toString());
            master.start();
            cluster.awaitAllInSync();
            workload.awaitMore(20);
            workload.finishAndCheck();
        }
    }

    @Test
    void allControllersKilledUnderLoadComeBackWithTheSameEpochsIdsAndSets() {
        GroupView before = cluster.awaitAllInSync();
        try (Workload workload = Workload.start(cluster)) {
            cluster.controllers().killAll();
            workload.awaitMore(50);
            cluster.controllers().startAll();
            cluster.await("the controllers are ready", 60, cluster.controllers()::isReady);
            cluster.await("the group is known again", 60, () -> cluster.group().isPresent());
            assertUnchanged(before, cluster.group().orElseThrow());
            assertUnchanged(before, cluster.awaitAllInSync());
            workload.awaitMore(20);
            workload.finishAndCheck();
        }
    }

    @Test
    void controllersThatLostAllTheyKnewTakeTheRunningGroupBack() {
        GroupView before = cluster.awaitAllInSync();
        try (Workload workload = Workload.start(cluster)) {
            cluster.controllers().killAll();
            cluster.controllers().nodes().forEach(ControllerNode::wipe);
            cluster.controllers().startAll();
            cluster.await("the controllers are ready", 60, cluster.controllers()::isReady);
            GroupView after = cluster.awaitAllInSync();
            assertEquals(before.addresses(), after.addresses());
            assertTrue(after.masterEpoch() > before.masterEpoch(), after.toString());
            workload.awaitMore(20);
            workload.finishAndCheck();
        }
    }

    private static void assertUnchanged(GroupView before, GroupView now) {
        assertEquals(before.master(), now.master());
        assertEquals(before.masterEpoch(), now.masterEpoch());
        assertEquals(before.setEpoch(), now.setEpoch());
        assertEquals(before.inSync(), now.inSync());
        assertEquals(before.addresses(), now.addresses());
    }
}
