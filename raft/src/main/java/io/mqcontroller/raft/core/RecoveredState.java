package io.mqcontroller.raft.core;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a store gave back at start.
 *
 * <p>A store is made in one of two ways. <em>Bootstrapped</em>: its member is one of the first of a new cluster, by {@link
 * RaftSettings#bootstrap}, and may vote while its log is empty. <em>Joining</em>: its member waits until a leader has given it
 * a configuration that names it <em>with the incarnation of this store</em>; before that it neither votes nor asks for
 * votes. So a member that has lost its store, and with it its votes and what it has acknowledged, must be given a joining
 * store: then the configuration that names its old one does not mean it, and it takes no part before it is added anew, under
 * an id that was never used.
 *
 * @param snapshot the newest snapshot, if any
 * @param sessions the sessions as of that snapshot ({@link Effect.TakeSnapshot#sessions}); empty without one
 * @param entries the log behind the snapshot, without a gap, checked
 * @param incarnation {@link #BOOTSTRAPPED}, or of a joining store the random number that it was made with
 */
public record RecoveredState(
        HardState hardState,
        Optional<SnapshotMetadata> snapshot,
        Bytes sessions,
        List<Entry> entries,
        long incarnation) {
    /** Incarnation of all stores that were made with a cluster. */
    public static final long BOOTSTRAPPED = 0;

    public static final RecoveredState EMPTY =
            new RecoveredState(HardState.INITIAL, Optional.empty(), Bytes.EMPTY, List.of());

    public RecoveredState {
        Objects.requireNonNull(hardState, "hardState");
        Objects.requireNonNull(snapshot, "snapshot");
        Objects.requireNonNull(sessions, "sessions");
        entries = List.copyOf(entries);
    }

    /** Of a bootstrapped store. */
    public RecoveredState(
            HardState hardState, Optional<SnapshotMetadata> snapshot, Bytes sessions, List<Entry> entries) {
        this(hardState, snapshot, sessions, entries, BOOTSTRAPPED);
    }
}
