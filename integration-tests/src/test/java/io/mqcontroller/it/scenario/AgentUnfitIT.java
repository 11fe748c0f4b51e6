package io.mqcontroller.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.it.cluster.Broker;
import io.mqcontroller.it.cluster.BrokerKind;
import io.mqcontroller.it.cluster.ControllerClient;
import io.mqcontroller.it.cluster.GroupView;
import io.mqcontroller.it.cluster.TestCluster;
import io.mqcontroller.it.fault.SmallDisk;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * One of three brokers, which would be the first choice and has a small disk of its own, calls itself unfit to be master; the group
 * acknowledges what all of the SyncStateSet have.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AgentUnfitIT extends NetworkScenario {
    private static final String WRITE_HANGS = "a write that began before the broker was fenced has not ended";
    private static final int DISK_MEGABYTES = 128;

    private Broker odd;
    private SmallDisk disk;

    AgentUnfitIT() {
        super(TestCluster.of("agent-unfit")
                .controllers(1)
                .agents(2)
                .brokerKey("allAckInSyncStateSet", "true")
                .brokerKey("haMaxTimeSlaveNotCatchup", "4000")
                .brokerKey("checkSyncStateSetPeriod", "1000"));
    }

    @AfterAll
    void takeDiskAway() {
        if (odd != null) {
            odd.close();
            disk.close();
        }
    }

    /** First: what matters is said in its log, which has to begin here. */
    @Test
    @Order(1)
    void replicaWhoseTablesAreBehindIsMasterOnlyWhenNobodyElseCanBe() {
        Broker first = cluster.master();
        Broker second = other(first);
        addOdd();
        List.of(first, second).forEach(broker -> network.silence(broker.port(), odd.host()));
        odd.start();
        cluster.awaitAllInSync();
        awaitSaysUnfit("its topic and subscription tables are behind");
        long oddId = odd.id().orElseThrow();
        try (TwoSides sides = TwoSides.watch(cluster)) {
            first.process().kill();
            GroupView elected = cluster.awaitGroup(
                    "another master",
                    30,
                    view -> view.master().isPresent()
                            && !view.isMaster(first.id().orElseThrow()));
            assertTrue(elected.isMaster(second.id().orElseThrow()), elected.toString());
            cluster.awaitGroup(
                    "it copies all the same", 30, view -> view.inSync().contains(oddId));
            sides.awaitMore(second, 50);

            second.process().kill();
            cluster.awaitGroup("the only one left is master", 30, view -> view.isMaster(oddId));
            sides.awaitMore(odd, 50);
            network.heal();
            cluster.heal();
            check(sides);
            sides.report("agents, the third one's tables behind", "master only when it was the last");
        }
    }

    /** Its slaves can't copy what it could not write, and lose their connections; they stay in the set all the same. */
    @Test
    @Order(2)
    void masterWhoseDiskIsFullIsReplacedAndIsASlaveWhenThereIsRoom() throws IOException {
        if (odd == null) {
            addOdd();
            odd.start();
            cluster.awaitAllInSync();
        }
        makeOddMaster();
        try (TwoSides sides = TwoSides.watch(cluster)) {
            long fullAtMs = System.currentTimeMillis();
            disk.fill();
            GroupView elected = cluster.awaitGroup(
                    "another master",
                    30,
                    view -> view.master().isPresent() && !view.isMaster(odd.id().orElseThrow()));
            awaitSaysUnfit("its store can't be written");
            Broker successor = cluster.broker(elected.master().getAsLong());
            sides.awaitMore(successor, 50);

            disk.makeRoom();
            restartIfItHangs();
            GroupView after = cluster.awaitAllInSync();
            assertEquals(elected.masterEpoch(), after.masterEpoch(), "nobody else was elected");
            sides.awaitMore(successor, 50);
            check(sides);
            sides.checkHandover(odd, successor);
            sides.report(
                    "agents, all in sync, disk of the master full",
                    "another one elected after " + sides.electedAfterMs(fullAtMs, odd) + " ms, nothing lost");
        }
    }

    /**
     * RocketMQ's own threads may have been hit by the missing page with a lock in their hands, which nobody gives back. The agent
     * says so, and keeps the broker fenced: it is an operator's turn.
     */
    private void restartIfItHangs() {
        cluster.await("it is a slave, or says that it can't be", 60, () -> isInSync() || odd.hasLogged(WRITE_HANGS));
        if (!isInSync()) {
            odd.process().kill();
            odd.start();
        }
    }

    private boolean isInSync() {
        return cluster.group()
                .filter(view -> view.inSync().contains(odd.id().orElseThrow()))
                .isPresent();
    }

    private void addOdd() {
        odd = cluster.add(Map.of("brokerElectionPriority", "1"));
        odd.use(BrokerKind.WITH_AGENT);
        disk = SmallDisk.mountAt(odd.store(), DISK_MEGABYTES);
    }

    private void makeOddMaster() throws IOException {
        long id = odd.id().orElseThrow();
        if (cluster.master() != odd) {
            try (ControllerClient operator = cluster.controllers().connectToLeader()) {
                assertEquals(
                        0,
                        operator.elect(Broker.CLUSTER, TestCluster.GROUP, id, true)
                                .code());
            }
        }
        cluster.awaitGroup("it is master", 30, view -> view.isMaster(id));
    }

    private void awaitSaysUnfit(String reason) {
        cluster.await("it says: " + reason, 30, () -> odd.hasLogged(reason));
    }

    private static void check(TwoSides sides) {
        sides.finish();
        sides.checkTurns();
        sides.checkNothingLost();
    }
}
