package io.mqcontroller.controller.http;

import io.mqcontroller.controller.controller.replication.SnapshotCodec;
import io.mqcontroller.controller.controller.replication.StateCheckpoint;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/**
 * A hash of the replicated state after every hundredth entry, so that whoever scrapes several controllers sees when they do not
 * hold the same. It is made when a page is asked for, and only if there is a newer state than last time.
 */
public final class StateMetrics {
    /** What a double holds exactly is less than what a hash has. */
    private static final int DROPPED_BITS = 16;

    private final Supplier<StateCheckpoint> newest;
    private volatile Shown shown = new Shown(0, Double.NaN);

    /** @param index 0: there is none yet */
    private record Shown(long index, double hash) {}

    /** @param newest is asked on the thread that makes pages */
    public StateMetrics(Metrics metrics, Supplier<StateCheckpoint> newest) {
        this.newest = newest;
        metrics.beforeEachPage(this::refresh);
        metrics.gauge(
                "state.checkpoint.index",
                "",
                "The entry after which mqcontroller_state_checkpoint_hash was taken.",
                this,
                state -> state.shown.index() == 0 ? Double.NaN : state.shown.index());
        metrics.gauge(
                "state.checkpoint.hash",
                "",
                "A hash of the replicated state after that entry: where the entry is the same, so is this.",
                this,
                state -> state.shown.hash());
    }

    private static double hashOf(StateCheckpoint checkpoint) {
        return ByteBuffer.wrap(SnapshotCodec.sha256(checkpoint.state())).getLong() >>> DROPPED_BITS;
    }

    private void refresh() {
        StateCheckpoint now = newest.get();
        if (now.index() != shown.index()) {
            shown = new Shown(now.index(), now.index() == 0 ? Double.NaN : hashOf(now));
        }
    }
}
