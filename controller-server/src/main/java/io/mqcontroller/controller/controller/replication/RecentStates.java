package io.mqcontroller.controller.controller.replication;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/**
 * The replicated state after each of the newest entries, to compare controllers as they were after the same one. States share what
 * is alike, so keeping them costs little. Owned by the loop.
 */
public final class RecentStates {
    /** Entries from one checkpoint to the next. */
    static final long CHECKPOINT_ENTRIES = 100;

    private static final long UNKNOWN = -1;

    private final int capacity;
    private final Deque<At> states = new ArrayDeque<>();
    private StateCheckpoint checkpoint = StateCheckpoint.NONE;

    /** @param capacity so many states are kept, at least one */
    public RecentStates(int capacity) {
        this.capacity = capacity;
        states.add(new At(0, ReplicatedState.EMPTY));
    }

    /** @param index {@link #UNKNOWN}: of a snapshot */
    private record At(long index, ReplicatedState state) {}

    /** The state after this index of the log. */
    public void add(long index, ReplicatedState state) {
        At before = states.getLast();
        long boundary = index - index % CHECKPOINT_ENTRIES;
        if (before.index() != UNKNOWN && before.index() < boundary) {
            checkpoint = new StateCheckpoint(boundary, index == boundary ? state : before.state());
        }
        if (states.size() == capacity) {
            states.removeFirst();
        }
        states.addLast(new At(index, state));
    }

    /** The state was replaced; which entry was its last is not known here, and none that is asked for will be before it. */
    public void restore(ReplicatedState state) {
        states.clear();
        states.add(new At(UNKNOWN, state));
        checkpoint = StateCheckpoint.NONE;
    }

    /** The newest one that this member has seen whole. */
    public StateCheckpoint checkpoint() {
        return checkpoint;
    }

    /**
     * The newest one up to this entry; empty if it is forgotten.
     *
     * @param index 0: the newest of all
     */
    public Optional<ReplicatedState> upTo(long index) {
        Iterator<At> newestFirst = states.descendingIterator();
        while (newestFirst.hasNext()) {
            At at = newestFirst.next();
            if (index == 0 || at.index() <= index) {
                return Optional.of(at.state());
            }
        }
        return Optional.empty();
    }
}
