package io.mqcontroller.it.scenario;

import io.mqcontroller.it.cluster.TestCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** Scenarios on one cluster: starting it takes longer than most of them, so each finds it healed instead of new. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ClusterScenario {
    private final TestCluster.Builder builder;
    protected TestCluster cluster;

    protected ClusterScenario(TestCluster.Builder builder) {
        this.builder = builder;
    }

    @BeforeAll
    void startCluster() {
        cluster = builder.start();
    }

    @AfterAll
    void stopCluster() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @BeforeEach
    void healCluster() {
        cluster.heal();
    }
}
