package io.mqcontroller.raft.log;

import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RecoveredState;
import java.util.Objects;

/**
 * Whose log a store holds: written into it when it is made, and compared whenever it is opened.
 *
 * @param incarnation given to the store if it is made now, see {@link RecoveredState}; one that is there keeps its own
 */
public record StoreOwner(String cluster, NodeId nodeId, long incarnation) {
    /** For a store that, if there is none, is made with the cluster. */
    public StoreOwner(String cluster, NodeId nodeId) {
        this(cluster, nodeId, RecoveredState.BOOTSTRAPPED);
    }

    public StoreOwner {
        Objects.requireNonNull(cluster, "cluster");
        Objects.requireNonNull(nodeId, "nodeId");
    }
}
