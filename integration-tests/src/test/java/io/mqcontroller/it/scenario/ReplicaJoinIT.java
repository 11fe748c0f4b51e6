package io.mqcontroller.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.it.cluster.Broker;
import io.mqcontroller.it.cluster.BrokerKind;
import io.mqcontroller.it.cluster.ClientProcess;
import io.mqcontroller.it.cluster.CommitLog;
import io.mqcontroller.it.cluster.GroupView;
import io.mqcontroller.it.cluster.TestCluster;
import io.mqcontroller.it.fault.Report;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Empty replicas with agents join a master that holds much. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReplicaJoinIT extends ClusterScenario {
    private static final int MEBIBYTES = Integer.getInteger("it.joinMebibytes", 256);
    private static final long COMMIT_LOG_FILE_BYTES = 16 << 20;
    private static final int LONG_ENOUGH_S = 5;
    private static final String PRIORITY = "brokerElectionPriority";

    ReplicaJoinIT() {
        super(TestCluster.of("join")
                .controllers(1)
                .brokers(1)
                .agents(1)
                .controllerKey("preferredMasterHoldMillis", "2000")
                .brokerKey("mappedFileSizeCommitLog", Long.toString(COMMIT_LOG_FILE_BYTES)));
    }

    @BeforeAll
    void fillMaster() {
        ClientProcess.createTopic(
                cluster.folder(),
                cluster.nameServer().address(),
                "much",
                4,
                List.of(cluster.master().address()));
        long startMs = System.currentTimeMillis();
        write(MEBIBYTES);
        Report.line("agents, a master took " + MEBIBYTES + " MiB in " + (System.currentTimeMillis() - startMs) + " ms");
    }

    @Test
    @Order(1)
    void emptySlaveCopiesEverythingAndJoins() {
        Broker slave = join(Map.of(), "an empty slave");
        assertEquals(0, slave.commitLog().start());
    }

    /** Of those that are all alike nobody is preferred; this one is. */
    @Test
    @Order(2)
    void emptySlaveThatAsksForTheLastFileOnlyCopiesNoMoreAndTakesOverIfItIsPreferred() {
        GroupView before = cluster.awaitAllInSync();
        long lastFile = cluster.master().commitLog().end() / COMMIT_LOG_FILE_BYTES * COMMIT_LOG_FILE_BYTES;
        Broker slave = join(Map.of("syncFromLastFile", "true", PRIORITY, "1"), "a slave that wants the last file only");
        assertEquals(lastFile, slave.commitLog().start());
        long id = slave.id().orElseThrow();
        GroupView after = cluster.awaitGroup("the preferred one is master", 60, view -> view.isMaster(id));
        assertEquals(before.masterEpoch() + 1, after.masterEpoch(), "one election");
    }

    /** The last one, for it leaves no master. */
    @Test
    @Order(3)
    void learnerCopiesEverythingAndIsNeverInTheSetNorMaster() throws InterruptedException {
        GroupView before = cluster.awaitAllInSync();
        Broker master = cluster.master();
        List<Broker> others = List.copyOf(cluster.brokers());
        Broker learner = cluster.add(Map.of("asyncLearner", "true"));
        learner.use(BrokerKind.WITH_AGENT);
        learner.start();
        awaitSameLog(learner, master);
        long id = learner.id().orElseThrow();
        GroupView view = cluster.awaitGroup(
                "the learner is alive", 30, now -> now.alive().contains(id));
        assertEquals(before.inSync(), view.inSync());

        write(32);
        awaitSameLog(learner, master);
        TimeUnit.SECONDS.sleep(LONG_ENOUGH_S);
        assertEquals(before.setEpoch(), cluster.group().orElseThrow().setEpoch(), "it was never in the set");

        others.forEach(broker -> broker.process().kill());
        cluster.awaitGroup("nobody is master", 30, now -> now.master().isEmpty());
        TimeUnit.SECONDS.sleep(LONG_ENOUGH_S);
        GroupView after = cluster.group().orElseThrow();
        assertTrue(after.master().isEmpty(), after.toString());
        assertTrue(after.alive().contains(id), after.toString());
        assertFalse(after.inSync().contains(id), after.toString());
    }

    private void write(int mebibytes) {
        ClientProcess.fill(cluster.folder(), cluster.nameServer().address(), "much", mebibytes);
    }

    private Broker join(Map<String, String> keys, String what) {
        GroupView before = cluster.awaitAllInSync();
        Broker master = cluster.master();
        Broker slave = cluster.add(keys);
        slave.use(BrokerKind.WITH_AGENT);
        long startMs = System.currentTimeMillis();
        slave.start();
        GroupView after = cluster.awaitAllInSync();
        long joinedMs = System.currentTimeMillis() - startMs;
        if (!keys.containsKey(PRIORITY)) {
            assertEquals(before.master(), after.master());
            assertEquals(before.masterEpoch(), after.masterEpoch());
        }
        long end = awaitSameLog(slave, master);
        Report.line("agents, " + what + " joins a master with " + (end >> 20) + " MiB: in the SyncStateSet after "
                + joinedMs + " ms");
        return slave;
    }

    /** Waits until a slave holds what its master holds, from its own first byte on; where the log ends. */
    private long awaitSameLog(Broker slave, Broker master) {
        CommitLog copy = slave.commitLog();
        long end = master.commitLog().end();
        cluster.await("the slave has all of its master's " + end + " bytes", 120, () -> copy.end() >= end);
        assertEquals(end, copy.firstDifference(master.commitLog(), end), "first offset where the commit logs differ");
        return end;
    }
}
