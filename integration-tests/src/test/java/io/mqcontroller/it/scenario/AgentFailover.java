package io.mqcontroller.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mqcontroller.it.check.MastersNeverOverlap;
import io.mqcontroller.it.cluster.Broker;
import io.mqcontroller.it.cluster.GroupView;
import io.mqcontroller.it.cluster.TestCluster;
import io.mqcontroller.it.fault.Failover;
import io.mqcontroller.it.fault.Fault;
import io.mqcontroller.it.fault.Report;
import io.mqcontroller.it.history.Send;
import java.util.List;

/**
 * The story of a group whose brokers have agents: the master goes, another takes over, the old one comes back while sends wait
 * in its sockets. The two never acknowledge at the same time, and it is one election.
 */
final class AgentFailover {
    /** For so long at most a broker that ends passes sends on; {@link DirectLoad} never stops sending to it. */
    static final String RELAY_AT_STOP_MS = System.getProperty("it.relayMs", "4000");

    /** RocketMQ's producers look for a new master every 30 s ({@code -Dit.pollMs=30000 -Dit.relayMs=35000}). */
    private static final long POLL_MS = Long.getLong("it.pollMs", 2_000);

    private AgentFailover() {}

    /** A planned stop under an application that knows nothing of it: no send fails. */
    static void endUnderAnOrdinaryProducer(TestCluster cluster, String title) {
        try (Workload workload = Workload.startOrdinary(cluster, POLL_MS)) {
            Failover failover = new Failover(cluster, Fault.ENDED);
            failover.strike(() -> {});
            GroupView elected = failover.awaitElection(60);
            GroupView back = failover.heal(120);
            workload.awaitMore(100);
            assertEquals(elected.masterEpoch(), back.masterEpoch(), "nobody else was elected");
            workload.finishAndCheck();
            Report.line(title + ", master ended under a producer with RocketMQ's own retries: elected after "
                    + failover.electedMs() + " ms, longest time between two acknowledgements "
                    + Send.longestSilenceMs(workload.sends(), failover.struckAtMs()) + " ms");
            assertEquals(
                    List.of(),
                    workload.sends().stream()
                            .filter(send -> !send.isAcknowledged())
                            .toList(),
                    cluster.describe());
        }
    }

    /** {@link #run(TestCluster, Fault, String, boolean, Runnable)} with nothing else going wrong. */
    static long run(TestCluster cluster, Fault fault, String title, boolean nothingLost) {
        return run(cluster, fault, title, nothingLost, () -> {});
    }

    /**
     * @param nothingLost whether the group's ack rule promises that every acknowledged message survives
     * @param also what else happens right before the fault
     * @return for how long nobody acknowledged
     */
    static long run(TestCluster cluster, Fault fault, String title, boolean nothingLost, Runnable also) {
        try (DirectLoad load = DirectLoad.start(cluster)) {
            Failover failover = new Failover(cluster, fault);
            failover.strike(also);
            GroupView elected = failover.awaitElection(60);
            Broker newMaster = cluster.broker(elected.master().orElseThrow());
            load.awaitAcknowledgedBy(newMaster, failover.struckAtMs());
            GroupView back = failover.heal(90);
            load.awaitMore(100);
            List<Send> sends = load.finish();

            long silenceMs = Send.longestSilenceMs(sends, failover.struckAtMs());
            Report.line(title + ", master " + fault.name().toLowerCase(java.util.Locale.ROOT)
                    + ": nobody acknowledged for "
                    + silenceMs + " ms (elected after " + failover.electedMs() + " ms), back in the SyncStateSet "
                    + failover.backInSetMs() + " ms after healing");
            assertEquals(
                    List.of(),
                    MastersNeverOverlap.violations(sends, failover.oldMaster().address(), newMaster.address()));
            assertEquals(failover.before().masterEpoch() + 1, elected.masterEpoch(), "one election");
            assertEquals(elected.masterEpoch(), back.masterEpoch(), "nobody else was elected");
            List<String> lost = load.lost(sends);
            if (nothingLost) {
                assertEquals(List.of(), lost, cluster.describe());
            } else {
                Report.line(title + ": " + lost.size() + " acknowledged messages lost, which its ack rule allows");
            }
            return silenceMs;
        }
    }
}
