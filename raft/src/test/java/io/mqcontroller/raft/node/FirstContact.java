package io.mqcontroller.raft.node;

import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftSettings;
import io.mqcontroller.raft.core.RecoveredState;

/** The rule of {@link Formation} without its threads, for members that live in virtual time. */
public final class FirstContact {
    private final Formation formation;

    public FirstContact(RaftSettings settings, RecoveredState recovered) {
        this.formation = Formation.of(settings, recovered);
    }

    /** {@code peer} takes what this member sends. */
    public void onWelcome(NodeId peer) {
        formation.onWelcome(peer);
    }

    /** Whether the member may take part. */
    public boolean isMade() {
        return formation.isDone();
    }
}
