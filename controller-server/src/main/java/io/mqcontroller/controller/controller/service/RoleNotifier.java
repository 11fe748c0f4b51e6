package io.mqcontroller.controller.controller.service;

import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.raft.core.NodeId;

/** Tells a broker of a new role. Never blocks; may lose: brokers and agents also ask by themselves. */
public interface RoleNotifier {
    /** Sends the group as it is now to the agent on this connection, whose master or SyncStateSet has changed. */
    default void notifyAgent(ConnectionId connection, RoleView view) {}

    /** Tells every agent that is connected who leads the controllers now. */
    default void notifyLeader(NodeId leader) {}

    /** To a broker without an agent (code 1008 in RocketMQ's protocol). Sends {@code group}'s master and SyncStateSet to {@code address}; an older one still waiting for that address is dropped. */
    void notifyRole(String address, BrokerGroup group);
}
