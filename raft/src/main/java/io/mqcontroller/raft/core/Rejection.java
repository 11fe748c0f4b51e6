package io.mqcontroller.raft.core;

/** Why a proposal was not taken. */
public enum Rejection {
    NOT_LEADER,
    /** The leader is handing leadership on and takes nothing new. */
    TRANSFERRING,
    /** Too much is waiting to be committed, or for the leader's disk ({@link RaftSettings#maxUncommittedBytes}). */
    OVERLOADED,
    /** The leader's disk is full, and no other member could take over. */
    DISK_FULL,
    /** The command is larger than {@link RaftSettings#maxEntryBytes}. */
    TOO_LARGE
}
