package io.mqcontroller.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.it.cluster.GroupView;
import io.mqcontroller.it.cluster.TestCluster;
import io.mqcontroller.it.fault.Failover;
import io.mqcontroller.it.fault.Fault;

/** The story most scenarios share: the master goes, a slave takes over, the old master comes back, nothing is lost. */
final class BrokerFailover {
    private BrokerFailover() {}

    /** @param also what else happens right before the fault */
    static void run(TestCluster cluster, Fault fault, String title, Runnable also) {
        try (Workload workload = Workload.start(cluster)) {
            Failover failover = new Failover(cluster, fault);
            failover.strike(also);
            GroupView elected = failover.awaitElection(60);
            assertTrue(elected.masterEpoch() > failover.before().masterEpoch(), elected.toString());
            failover.awaitWritable(workload::sends, 60);

            GroupView back = failover.heal(90);
            assertEquals(elected.master(), back.master(), "the old master came back as a slave");
            assertEquals(elected.masterEpoch(), back.masterEpoch(), "nobody else was elected");
            workload.awaitMore(20);
            failover.report(title);
            workload.finishAndCheck();
        }
    }
}
