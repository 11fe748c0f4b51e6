package io.mqcontroller.agent.simulation.invariant;

import io.mqcontroller.agent.core.AgentState;
import io.mqcontroller.agent.core.AgentStatus;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.raft.simulation.invariant.InvariantViolation;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** C1: a masterEpoch has at most one master, by the record and in fact, and only in one life of it. */
public final class OneMasterPerEpoch implements Invariant {
    private final SortedMap<String, String> recorded = new TreeMap<>();
    private final SortedMap<String, String> masters = new TreeMap<>();

    @Override
    public void onReplayed(String controller, Optional<BrokerGroup> before, BrokerGroup after) {
        String master = after.master().map(Object::toString).orElse("none");
        String other = recorded.putIfAbsent(after.key() + " epoch " + after.masterEpoch(), master);
        if (other != null && !other.equals(master)) {
            throw new InvariantViolation(
                    getClass(),
                    after.key() + " has under masterEpoch " + after.masterEpoch() + " the masters " + other + " and "
                            + master);
        }
    }

    @Override
    public void afterStep(Broker broker, AgentStatus status) {
        if (status.state() != AgentState.MASTER) {
            return;
        }
        String master = broker.name() + " in its life " + broker.life();
        String other = masters.putIfAbsent(broker.group() + " epoch " + status.roleEpoch(), master);
        if (other != null && !other.equals(master)) {
            throw new InvariantViolation(
                    getClass(), "masterEpoch " + status.roleEpoch() + " has the masters " + other + " and " + master);
        }
    }
}
