package io.mqcontroller.benchmark;

import io.mqcontroller.it.cluster.Broker;
import io.mqcontroller.it.cluster.ControllerCluster;
import io.mqcontroller.it.cluster.ControllerNode;
import io.mqcontroller.it.fault.Fault;
import io.mqcontroller.it.fault.MasterFault;

/** A master is killed, and right before it something happens to the controller that leads. */
final class FaultWithLeader implements MasterFault {
    private final String label;
    private final ControllerCluster controllers;
    private final ControllerNode leader;
    private final boolean frozen;

    /** @param ofLeader what happens to the controller that leads now: killed or frozen */
    FaultWithLeader(String label, ControllerCluster controllers, Fault ofLeader) {
        this.label = label;
        this.controllers = controllers;
        this.leader = controllers.awaitLeader();
        this.frozen = ofLeader == Fault.FROZEN;
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public void strike(Broker master) {
        if (frozen) {
            leader.process().freeze();
        } else {
            leader.process().kill();
        }
        Fault.KILLED.strike(master);
    }

    @Override
    public void heal(Broker master) {
        if (frozen) {
            leader.process().thaw();
        } else {
            controllers.startAll();
        }
        Fault.KILLED.heal(master);
    }
}
