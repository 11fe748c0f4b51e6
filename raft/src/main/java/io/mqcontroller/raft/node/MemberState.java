package io.mqcontroller.raft.node;

/** What part a node has in its cluster, as far as it knows. */
public enum MemberState {
    /** Its store is new: it takes part when enough of the others have seen it ({@link Formation}). */
    FORMING,
    /** The others know it with another store. It takes no part, and never will under this id. */
    STORE_LOST,
    /** Its store was made to join a cluster, and no leader has added it yet. */
    WAITING_TO_JOIN,
    /** It gets the log and does not vote. */
    LEARNER,
    VOTER,
    /** It was taken out of the cluster, for good. */
    REMOVED
}
