package io.mqcontroller.raft.core;

import java.util.List;
import java.util.random.RandomGenerator;

/** The protocol; see the package. */
public final class RaftCore {
    private final RaftSettings settings;

    /**
     * A member as its store remembers it, a follower. The first {@link Event.Tick} starts its election timer, restores the
     * snapshot if there is one, and applies what was known to be committed; a sole member leads at once.
     *
     * @param random the only source of chance; seeded by the caller
     */
    public RaftCore(RaftSettings settings, RecoveredState recovered, RandomGenerator random) {
        this.settings = settings;
    }

    /**
     * Takes in one event.
     *
     * @param nowMs monotonic time in ms, never less than at the call before
     * @return what must happen now, in this order
     */
    public List<Effect> step(long nowMs, Event event) {
        throw new AssertionError("unhandled " + event + " by " + settings.self());
    }

    /** The member as it is now. */
    public RaftStatus status() {
        throw new AssertionError("no status of " + settings.self());
    }
}
