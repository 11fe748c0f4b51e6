package io.mqcontroller.raft.log;

import io.mqcontroller.raft.core.NodeId;
import java.util.Objects;

/** Whose log a store holds: written into it when it is made, and compared whenever it is opened. */
public record StoreOwner(String cluster, NodeId nodeId) {
    public StoreOwner {
        Objects.requireNonNull(cluster, "cluster");
        Objects.requireNonNull(nodeId, "nodeId");
    }
}
