package io.mqcontroller.raft.node;

import io.mqcontroller.raft.core.Configuration;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RoleName;
import io.mqcontroller.raft.core.SnapshotMetadata;
import java.util.Optional;

/** What metrics want to know. Called on the Raft thread unless it says otherwise; must return at once, and not throw. */
public interface RaftListener {
    /** Wants to know nothing. */
    RaftListener NONE = new RaftListener() {};

    /** One synced write is done. Called on the disk thread. */
    default void onSynced(long durationNanos, int entries) {}

    /** A proposal made here was committed and applied; the time is from propose to after apply. */
    default void onCommitted(long durationNanos) {}

    /** A proposal ended otherwise: refused by name, or with an unknown outcome. */
    default void onNotCommitted(ProposalResult result) {}

    /** One turn of the Raft thread took in this many events at once. */
    default void onTurn(int events) {}

    /** Something was refused because the mailbox was full. Called on the refused caller's thread. */
    default void onMailboxFull(String what) {}

    default void onRoleChanged(RoleName role, long term, Optional<NodeId> leader) {}

    /**
     * This member acts by another configuration than before, or by its first one after the start.
     *
     * @param index where it stands in the log; 0: it is the first boot's, told at the start
     */
    default void onConfigurationChanged(Configuration configuration, long index) {}

    /** A snapshot of the own state is durable. Called on the snapshot thread. */
    default void onSnapshotTaken(SnapshotMetadata snapshot, long durationNanos) {}

    /** A snapshot from the leader is durable and in force. Called on the disk thread. */
    default void onSnapshotInstalled(SnapshotMetadata snapshot) {}
}
