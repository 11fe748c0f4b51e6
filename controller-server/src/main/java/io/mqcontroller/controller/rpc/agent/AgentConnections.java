package io.mqcontroller.controller.rpc.agent;

import io.mqcontroller.controller.controller.service.ConnectionId;
import io.mqcontroller.controller.controller.service.RoleView;
import io.mqcontroller.raft.core.NodeId;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** The open connections, by the ids under which the controller knows them. Any thread. */
public final class AgentConnections {
    private final Map<ConnectionId, AgentConnection> open = new ConcurrentHashMap<>();
    private final AgentObserver observer;

    public AgentConnections(AgentObserver observer) {
        this.observer = Objects.requireNonNull(observer, "observer");
    }

    /** Sends the group as it is now to the agent on this connection; it is lost if the connection is. */
    public void push(ConnectionId id, RoleView view) {
        AgentConnection connection = open.get(id);
        observer.onPush(connection != null);
        if (connection != null) {
            connection.push(view);
        }
    }

    /** Tells every agent who leads now. */
    public void pushLeader(NodeId leader) {
        open.values().forEach(connection -> connection.pushLeader(leader));
    }

    void add(ConnectionId id, AgentConnection connection) {
        open.put(id, connection);
    }

    void remove(ConnectionId id) {
        open.remove(id);
    }
}
