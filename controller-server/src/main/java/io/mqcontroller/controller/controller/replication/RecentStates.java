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
    private final int capacity;
    private final Deque<At> states = new ArrayDeque<>();

    /** @param capacity so many states are kept, at least one */
    public RecentStates(int capacity) {
        this.capacity = capacity;
        states.add(new At(0, ReplicatedState.EMPTY));
    }

    private record At(long index, ReplicatedState state) {}

    /** The state after this index of the log. */
    public void add(long index, ReplicatedState state) {
        if (states.size() == capacity) {
            states.removeFirst();
        }
        states.addLast(new At(index, state));
    }

    /** The state was replaced; which entry was its last is not known here, and none that is asked for will be before it. */
    public void restore(ReplicatedState state) {
        states.clear();
        states.add(new At(0, state));
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
