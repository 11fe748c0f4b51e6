package io.mqcontroller.raft.core;

/** A member's role, for people and metrics; the protocol's own {@code Role} carries the state. */
public enum RoleName {
    FOLLOWER,
    PRE_CANDIDATE,
    CANDIDATE,
    LEADER
}
