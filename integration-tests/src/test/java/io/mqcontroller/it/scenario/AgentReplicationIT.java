package io.mqcontroller.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.it.cluster.AdminTool;
import io.mqcontroller.it.cluster.Broker;
import io.mqcontroller.it.cluster.GroupView;
import io.mqcontroller.it.cluster.TestCluster;
import io.mqcontroller.it.fault.Report;
import io.mqcontroller.it.history.Send;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Two brokers with agents of which the slave falls behind, goes and comes back. The master stays master. */
class AgentReplicationIT extends ClusterScenario {
    private static final long NOT_CATCH_UP_MS = 4_000;

    AgentReplicationIT() {
        super(TestCluster.of("replication")
                .agents(2)
                .brokerKey("allAckInSyncStateSet", "true")
                .brokerKey("haMaxTimeSlaveNotCatchup", Long.toString(NOT_CATCH_UP_MS)));
    }

    @Test
    void frozenSlaveLeavesTheSyncStateSetAndComesBackWhenItHasCaughtUp() {
        GroupView before = cluster.awaitAllInSync();
        long master = before.master().orElseThrow();
        Broker slave = slaveOf(before);
        try (Workload workload = Workload.start(cluster)) {
            slave.process().freeze();
            long frozenMs = System.currentTimeMillis();
            GroupView alone = cluster.awaitGroup(
                    "the slave has left", 30, view -> view.inSync().equals(Set.of(master)));
            long leftMs = System.currentTimeMillis() - frozenMs;
            workload.awaitMore(200);
            assertTrue(
                    slave.commitLog().end() < cluster.broker(master).commitLog().end(), "the slave is behind");

            slave.process().thaw();
            long thawedMs = System.currentTimeMillis();
            GroupView after = cluster.awaitAllInSync();
            long backMs = System.currentTimeMillis() - thawedMs;
            assertEquals(before.master(), after.master());
            assertEquals(before.masterEpoch(), after.masterEpoch(), "nobody was elected");
            assertEquals(alone.setEpoch() + 1, after.setEpoch(), "it left once and came back once");
            workload.awaitMore(100);
            // What the slave was given since it is back must be all that was acknowledged.
            cluster.broker(master).process().kill();
            cluster.awaitGroup(
                    "the slave is master", 30, view -> view.isMaster(slave.id().orElseThrow()));
            workload.awaitMore(100);
            workload.finishAndCheck();
            assertTrue(leftMs >= NOT_CATCH_UP_MS - 1_000, "it left after " + leftMs + " ms");
            Report.line("agents, slave frozen: left the SyncStateSet after " + leftMs + " ms, back " + backMs
                    + " ms after it was thawed");
        }
    }

    @Test
    void withTooFewInSyncReplicasSendsAreRefusedUntilTheSlaveIsBack() {
        GroupView before = cluster.awaitAllInSync();
        long master = before.master().orElseThrow();
        Broker slave = slaveOf(before);
        setMinInSyncReplicas(cluster.broker(master), 2);
        try (Workload workload = Workload.start(cluster)) {
            slave.process().kill();
            cluster.awaitGroup("the slave has left", 30, view -> view.inSync().equals(Set.of(master)));
            // What was taken in before may still be answered otherwise.
            cluster.await(
                    "sends are refused", 10, () -> sinceFirstRefused(workload).size() > 20);
            List<Send> whileAlone = sinceFirstRefused(workload);
            assertEquals(
                    List.of(),
                    whileAlone.stream().filter(send -> !isRefused(send)).toList());

            slave.start();
            GroupView after = cluster.awaitAllInSync();
            assertEquals(before.masterEpoch(), after.masterEpoch(), "nobody was elected");
            workload.awaitMore(100);
            workload.finishAndCheck();
        } finally {
            setMinInSyncReplicas(cluster.broker(master), 1);
        }
    }

    private static List<Send> sinceFirstRefused(Workload workload) {
        return workload.sends().stream().dropWhile(send -> !isRefused(send)).toList();
    }

    private static boolean isRefused(Send send) {
        return send.detail().contains("in-sync replicas not enough");
    }

    private Broker slaveOf(GroupView view) {
        return cluster.broker(view.inSync().stream()
                .filter(id -> !view.isMaster(id))
                .findFirst()
                .orElseThrow());
    }

    /** As an operator does while the broker runs. */
    private void setMinInSyncReplicas(Broker broker, int count) {
        String answer = new AdminTool(
                        "5.5.0", cluster.folder(), cluster.nameServer().address())
                .run(
                        "updateBrokerConfig",
                        "-b",
                        broker.address(),
                        "-k",
                        "minInSyncReplicas",
                        "-v",
                        Integer.toString(count));
        assertTrue(answer.contains("success"), answer);
    }
}
