package io.mqcontroller.raft.core;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a store gave back at start.
 *
 * @param snapshot the newest snapshot, if any
 * @param sessions the sessions as of that snapshot ({@link Effect.TakeSnapshot#sessions}); empty without one
 * @param entries the log behind the snapshot, without a gap, checked
 */
public record RecoveredState(
        HardState hardState, Optional<SnapshotMetadata> snapshot, Bytes sessions, List<Entry> entries) {
    public static final RecoveredState EMPTY =
            new RecoveredState(HardState.INITIAL, Optional.empty(), Bytes.EMPTY, List.of());

    public RecoveredState {
        Objects.requireNonNull(hardState, "hardState");
        Objects.requireNonNull(snapshot, "snapshot");
        Objects.requireNonNull(sessions, "sessions");
        entries = List.copyOf(entries);
    }
}
