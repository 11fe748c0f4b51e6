package io.mqcontroller.raft.simulation.invariant;

import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftStatus;

/** What a checker may see of a member. */
public interface Member {
    NodeId id();

    /** Number of the present life: grows with each restart. */
    int life();

    /** Number of its present store: grows when it has lost one, and begins anew. */
    default int stores() {
        return 1;
    }

    /** Whether it took part with another store, of which nothing is left. */
    default boolean storeIsLost() {
        return false;
    }

    boolean running();

    /** As of the end of the last step; of a member that is down, of its last step before. */
    RaftStatus status();

    StoreView store();

    /** Hash over everything that its state machine was given. */
    long stateHash();

    /** Last index given to its state machine, or covered by the snapshot that it was restored from. */
    long appliedIndex();
}
