package io.mqcontroller.it.scenario;

import io.mqcontroller.it.cluster.TestCluster;
import io.mqcontroller.it.fault.Fault;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Brokers of older releases, from registration to failover. */
class OlderBrokersIT {
    @ParameterizedTest
    @ValueSource(strings = {"5.3.3", "5.1.4"})
    void registersAndFailsOver(String version) {
        try (TestCluster cluster = TestCluster.of("v" + version)
                .version(version)
                .brokerKey("allAckInSyncStateSet", "true")
                .start()) {
            BrokerFailover.run(cluster, Fault.KILLED, "brokers " + version, () -> {});
        }
    }
}
