package io.mqcontroller.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.it.cluster.Broker;
import io.mqcontroller.it.cluster.ControllerClient;
import io.mqcontroller.it.cluster.GroupView;
import io.mqcontroller.it.cluster.TestCluster;
import io.mqcontroller.it.fault.Failover;
import io.mqcontroller.it.fault.Fault;
import io.mqcontroller.it.history.Send;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * An unmodified master that lives is made slave while messages are pressed upon it. When its slave's replication connection
 * ends, as it does when the slave becomes master, a 5.5.0 broker takes the slave out of its own SyncStateSet without asking,
 * and acknowledges alone whatever comes until it is slave itself. No controller can prevent that; it can only tell the broker
 * soon. What always holds: nothing is lost but what was acknowledged in between.
 */
class DemotionIT extends ClusterScenario {
    DemotionIT() {
        super(TestCluster.of("demotion")
                .brokerKey("allAckInSyncStateSet", "true")
                .brokerKey("controllerHeartBeatTimeoutMills", "3000"));
    }

    @Test
    void frozenMasterThatWakesInTheMomentOfTheElectionLosesOnlyWhatItAcknowledgesBeforeItKnows() {
        try (Workload workload = Workload.startPressing(cluster)) {
            Failover failover = new Failover(cluster, Fault.FROZEN);
            failover.strike(() -> {});
            GroupView elected = failover.awaitElection(60);
            long wokenAtMs = System.currentTimeMillis();
            GroupView back = failover.heal(90);
            long slaveAtMs = System.currentTimeMillis();
            assertEquals(elected.masterEpoch(), back.masterEpoch(), "nobody else was elected");
            workload.awaitMore(20);
            assertLostOnlyBetween(wokenAtMs, slaveAtMs, workload.finishAndFindLost());
        }
    }

    @Test
    void masterThatIsSwitchedUnderLoadLosesOnlyWhatItAcknowledgesBeforeItKnows() throws IOException {
        GroupView before = cluster.awaitAllInSync();
        long slave = before.inSync().stream()
                .filter(id -> !before.isMaster(id))
                .findFirst()
                .orElseThrow();
        try (Workload workload = Workload.startPressing(cluster);
                ControllerClient operator = cluster.controllers().connectToLeader()) {
            long switchedAtMs = System.currentTimeMillis();
            int code = operator.elect(Broker.CLUSTER, TestCluster.GROUP, slave, true)
                    .code();
            assertEquals(0, code, "the election of a slave in the SyncStateSet");
            GroupView back = cluster.awaitAllInSync();
            long slaveAtMs = System.currentTimeMillis();
            assertTrue(back.isMaster(slave), back.toString());
            workload.awaitMore(20);
            assertLostOnlyBetween(switchedAtMs, slaveAtMs, workload.finishAndFindLost());
        }
    }

    private static void assertLostOnlyBetween(long demotedAfterMs, long slaveAtMs, List<Send> lost) {
        for (Send send : lost) {
            assertTrue(
                    send.endMs() >= demotedAfterMs, "acknowledged before the master was replaced, and lost: " + send);
            assertTrue(send.startMs() <= slaveAtMs, "begun when the old master was slave again, and lost: " + send);
        }
    }
}
