package io.mqcontroller.it.scenario;

import io.mqcontroller.it.cluster.TestCluster;
import io.mqcontroller.it.fault.Fault;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Two brokers with agents that acknowledge what the master alone holds: an election waits for the end of the lease. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AgentLeaseIT {
    private TestCluster cluster;

    @BeforeAll
    void startCluster() {
        cluster = TestCluster.of("lease")
                .agents(2)
                .brokerKey("haMaxTimeSlaveNotCatchup", "4000")
                .start();
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

    @Test
    void killedMasterIsReplacedWhenItsLeaseIsOver() {
        AgentFailover.run(cluster, Fault.KILLED, "agents, lease", false);
    }

    @Test
    void frozenMasterIsReplacedAndAcknowledgesNothingWhenItWakes() {
        AgentFailover.run(cluster, Fault.FROZEN, "agents, lease", false);
    }

    @Test
    void masterThatIsAskedToEndGivesItsRoleBackFirst() {
        AgentFailover.run(cluster, Fault.ENDED, "agents, lease", false);
    }
}
