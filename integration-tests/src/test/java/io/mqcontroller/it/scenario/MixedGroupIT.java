package io.mqcontroller.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mqcontroller.it.cluster.Broker;
import io.mqcontroller.it.cluster.BrokerKind;
import io.mqcontroller.it.cluster.GroupView;
import io.mqcontroller.it.cluster.TestCluster;
import io.mqcontroller.it.fault.Fault;
import org.junit.jupiter.api.Test;

/** Brokers with and without the agent in one group, and a group that moves from the one kind to the other and back. */
class MixedGroupIT {
    /** On the older line of releases; the move below lets each kind take over on the newest one. */
    @Test
    void eachKindTakesOverFromTheOther() {
        try (TestCluster cluster = mixed("5.3.3", 1)) {
            BrokerFailover.run(cluster, Fault.KILLED, "agent and unmodified broker 5.3.3", () -> {});
            BrokerFailover.run(cluster, Fault.KILLED, "unmodified broker and agent 5.3.3", () -> {});
        }
    }

    @Test
    void aGroupMovesToTheAgentAndBackBrokerByBrokerWithoutLosingAnything() {
        try (TestCluster cluster = mixed("5.5.0", 0);
                Workload workload = Workload.start(cluster)) {
            GroupView before = cluster.awaitAllInSync();
            for (BrokerKind kind : new BrokerKind[] {BrokerKind.WITH_AGENT, BrokerKind.UNMODIFIED}) {
                for (Broker broker : cluster.brokers()) {
                    broker.process().terminate(60);
                    broker.use(kind);
                    broker.start();
                    cluster.awaitAllInSync();
                    workload.awaitMore(50);
                }
            }
            assertEquals(before.addresses(), cluster.awaitAllInSync().addresses(), "all kept their ids");
            workload.finishAndCheck();
        }
    }

    private static TestCluster mixed(String version, int agents) {
        return TestCluster.of("mixed-" + version)
                .version(version)
                .agents(agents)
                .brokerKey("allAckInSyncStateSet", "true")
                .brokerKey("haMaxTimeSlaveNotCatchup", "4000")
                .start();
    }
}
