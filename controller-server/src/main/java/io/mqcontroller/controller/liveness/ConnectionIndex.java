package io.mqcontroller.controller.liveness;

import io.mqcontroller.raft.core.NodeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which replicas were heard over which connection: one connection may carry many brokers. */
final class ConnectionIndex {
    private final Map<NodeId, Map<Long, List<ReplicaLife>>> replicas = new HashMap<>();

    void add(NodeId node, long connection, ReplicaLife life) {
        replicas.computeIfAbsent(node, n -> new HashMap<>())
                .computeIfAbsent(connection, c -> new ArrayList<>(1))
                .add(life);
    }

    void remove(NodeId node, long connection, ReplicaLife life) {
        Map<Long, List<ReplicaLife>> ofNode = replicas.getOrDefault(node, Map.of());
        List<ReplicaLife> lives = ofNode.getOrDefault(connection, List.of());
        if (!lives.isEmpty() && lives.remove(life) && lives.isEmpty()) {
            ofNode.remove(connection);
        }
    }

    /** Those whose newest connection to {@code node} this was. */
    List<ReplicaLife> removeAll(NodeId node, long connection) {
        Map<Long, List<ReplicaLife>> ofNode = replicas.get(node);
        List<ReplicaLife> lives = ofNode == null ? null : ofNode.remove(connection);
        return lives == null ? List.of() : lives;
    }
}
