package io.mqcontroller.agent.simulation.invariant;

import io.mqcontroller.agent.core.AgentState;
import io.mqcontroller.agent.core.AgentStatus;
import io.mqcontroller.raft.simulation.invariant.InvariantViolation;

/** An epoch is done only when the broker's switch has succeeded: an agent never says of its broker what it is not. */
public final class RoleOnlyAfterSwitch implements Invariant {
    @Override
    public void afterStep(Broker broker, AgentStatus status) {
        boolean master = broker.isMaster() && broker.roleEpoch() == status.roleEpoch();
        if (status.state() == AgentState.MASTER && !master || status.state() == AgentState.SLAVE && broker.isMaster()) {
            throw new InvariantViolation(
                    getClass(), broker.name() + " is not " + status.state() + " under epoch " + status.roleEpoch());
        }
    }
}
