package io.mqcontroller.controller.cli;

import io.mqcontroller.controller.controller.service.ConnectionId;
import io.mqcontroller.controller.controller.service.RoleNotifier;
import io.mqcontroller.controller.controller.service.RoleView;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.rpc.agent.AgentConnections;
import io.mqcontroller.raft.core.NodeId;
import java.util.function.BooleanSupplier;

/** News of groups, each the way that the broker understands, unless an operator has turned them off. */
record RoleNotices(BooleanSupplier turnedOn, RoleNotifier brokers, AgentConnections agents) implements RoleNotifier {
    @Override
    public void notifyRole(String address, BrokerGroup group) {
        if (turnedOn.getAsBoolean()) {
            brokers.notifyRole(address, group);
        }
    }

    @Override
    public void notifyAgent(ConnectionId connection, RoleView view) {
        if (turnedOn.getAsBoolean()) {
            agents.push(connection, view);
        }
    }

    @Override
    public void notifyLeader(NodeId leader) {
        agents.pushLeader(leader);
    }
}
