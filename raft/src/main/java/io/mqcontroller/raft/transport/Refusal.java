package io.mqcontroller.raft.transport;

/** Why a peer refused this member, where that means something for it. */
public enum Refusal {
    /** This member was removed from the cluster, for good. */
    REMOVED,
    /** The peer knows this member with another store: that one is lost, and this one must not take its place. */
    ANOTHER_STORE
}
