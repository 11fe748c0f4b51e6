package io.mqcontroller.controller.controller.replication;

import java.util.Objects;

/**
 * The replicated state after a certain entry, the same one on every controller: what two of them show for one index can be
 * compared.
 *
 * @param index 0: there was none yet
 */
public record StateCheckpoint(long index, ReplicatedState state) {
    /** Before the first one. */
    public static final StateCheckpoint NONE = new StateCheckpoint(0, ReplicatedState.EMPTY);

    public StateCheckpoint {
        Objects.requireNonNull(state, "state");
    }
}
