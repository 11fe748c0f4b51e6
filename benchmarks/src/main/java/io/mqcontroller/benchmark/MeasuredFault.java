package io.mqcontroller.benchmark;

import io.mqcontroller.it.cluster.Broker;
import io.mqcontroller.it.cluster.ControllerNode;
import io.mqcontroller.it.cluster.Host;
import io.mqcontroller.it.cluster.TestCluster;
import io.mqcontroller.it.fault.CableFault;
import io.mqcontroller.it.fault.Fault;
import io.mqcontroller.it.fault.MasterFault;
import io.mqcontroller.it.fault.Network;
import java.util.Collection;
import java.util.Locale;

/** What befalls a master. */
enum MeasuredFault {
    KILLED("killed"),
    FROZEN("frozen"),
    ENDED("ended"),
    KILLED_WITH_LEADER("killed, and the leader of the controllers with it"),
    KILLED_LEADER_FROZEN("killed, and the leader of the controllers frozen"),
    CUT_CONTROLLERS("cut off from the controllers"),
    CUT_SLAVE("cut off from its slave"),
    CUT_ALL("cut off from everything");

    private final String inWords;

    MeasuredFault(String inWords) {
        this.inWords = inWords;
    }

    /** For tables. */
    String inWords() {
        return inWords;
    }

    /** As it is named on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    boolean isCut() {
        return this == CUT_CONTROLLERS || this == CUT_SLAVE || this == CUT_ALL;
    }

    /** Whether somebody else becomes master. */
    boolean endsInElection() {
        return this != CUT_SLAVE;
    }

    /** @param network in which the cluster is, if this is a cut */
    MasterFault in(TestCluster cluster, Network network) {
        return switch (this) {
            case KILLED_WITH_LEADER -> new FaultWithLeader(toString(), cluster.controllers(), Fault.KILLED);
            case KILLED_LEADER_FROZEN -> new FaultWithLeader(toString(), cluster.controllers(), Fault.FROZEN);
            case KILLED, FROZEN, ENDED -> Fault.valueOf(name());
            case CUT_CONTROLLERS, CUT_SLAVE, CUT_ALL ->
                new CableFault(toString(), network, master -> lost(master, cluster, network));
        };
    }

    private Collection<Host> lost(Broker master, TestCluster cluster, Network network) {
        return switch (this) {
            case CUT_CONTROLLERS ->
                cluster.controllers().nodes().stream().map(ControllerNode::host).toList();
            case CUT_SLAVE ->
                cluster.brokers().stream()
                        .map(Broker::host)
                        .filter(host -> host != master.host())
                        .toList();
            default -> network.allBut(master.host());
        };
    }
}
