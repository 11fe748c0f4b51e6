package io.mqcontroller.it.scenario;

import io.mqcontroller.it.cluster.TestCluster;
import io.mqcontroller.it.fault.Fault;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Two brokers with agents that acknowledge what the master alone holds: an election waits for the end of the lease. */
class AgentLeaseIT extends ClusterScenario {
    AgentLeaseIT() {
        super(TestCluster.of("lease")
                .agents(2)
                .brokerKey("relaySendsAtStopMillis", AgentFailover.RELAY_AT_STOP_MS)
                .brokerKey("haMaxTimeSlaveNotCatchup", "4000"));
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

    @Test
    void plannedSwitchOverFailsNoSendAndLosesNothing() throws IOException {
        SwitchOver.run(cluster, "agents, lease");
    }

    @Test
    void plannedStopFailsNoSendOfAnOrdinaryProducer() {
        AgentFailover.endUnderAnOrdinaryProducer(cluster, "agents, lease");
    }
}
