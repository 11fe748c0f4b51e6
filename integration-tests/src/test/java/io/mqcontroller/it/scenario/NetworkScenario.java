package io.mqcontroller.it.scenario;

import io.mqcontroller.it.cluster.Broker;
import io.mqcontroller.it.cluster.ControllerNode;
import io.mqcontroller.it.cluster.Host;
import io.mqcontroller.it.cluster.TestCluster;
import io.mqcontroller.it.fault.Network;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/** Scenarios on one cluster whose processes are each on a host of their own, with cables that can be pulled. */
@Tag("network")
abstract class NetworkScenario extends ClusterScenario {
    protected final Network network;

    protected NetworkScenario(TestCluster.Builder builder) {
        this(builder, Network.open());
    }

    private NetworkScenario(TestCluster.Builder builder, Network network) {
        super(builder.placement(network.hostForEach()));
        this.network = network;
    }

    @AfterAll
    void takeNetworkAway() {
        network.close();
    }

    @Override
    @BeforeEach
    void healCluster() {
        network.heal();
        super.healCluster();
    }

    /** Where the controllers run. */
    List<Host> controllerHosts() {
        return cluster.controllers().nodes().stream().map(ControllerNode::host).toList();
    }

    /** The broker of two that is not this one. */
    Broker other(Broker broker) {
        return cluster.brokers().stream()
                .filter(one -> one != broker)
                .findFirst()
                .orElseThrow();
    }
}
