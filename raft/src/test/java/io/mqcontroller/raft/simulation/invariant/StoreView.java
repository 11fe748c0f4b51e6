package io.mqcontroller.raft.simulation.invariant;

import io.mqcontroller.raft.core.HardState;
import io.mqcontroller.raft.core.LogPosition;
import java.util.OptionalLong;

/** What a checker may see of a member's disk: what is durable, and what was handed over to be written. */
public interface StoreView {
    HardState durableHardState();

    LogPosition durableLast();

    /** Place of the newest durable snapshot, or {@link LogPosition#ZERO}. */
    LogPosition durableSnapshot();

    /** Whether the entry at {@code index} with this chain value would be there after a crash, in the log or in the snapshot. */
    boolean holdsDurably(long index, long chain);

    /** The same for all that was handed over, durable or not. */
    boolean holds(long index, long chain);

    LogPosition writtenLast();

    /** Chain value of the entry at {@code index} among all that was handed over, if the log reaches there. */
    OptionalLong writtenChain(long index);
}
