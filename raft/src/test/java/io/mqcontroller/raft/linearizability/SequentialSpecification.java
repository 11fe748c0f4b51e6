package io.mqcontroller.raft.linearizability;

import java.util.List;
import java.util.Optional;

/**
 * What the service does when it is asked one thing after another.
 *
 * @param <S> state of one partition; compared by value
 */
public interface SequentialSpecification<S, I, O> {
    /** Operations of different partitions do not touch each other: each partition is a service of its own. */
    Object partitionOf(I input);

    S initialState(Object partition);

    /**
     * The states in which the service may be after {@code input}.
     *
     * @param output the answer, or empty if nobody knows it: then all answers are possible
     * @return empty if the service would not have answered so in {@code state}; more than one if the answer leaves open what
     *     the service chose
     */
    List<S> after(S state, I input, Optional<O> output);

    /** True if an operation with this answer changes nothing, whatever the state: only such are asked for by the next method. */
    default boolean onlyObserves(I input, O output) {
        return false;
    }

    /**
     * False if neither {@code state} nor any state that can follow it gives this answer: lets the search turn back early. Where
     * states never come again, this makes searches short that would take forever.
     */
    default boolean canStillAnswer(S state, I input, O output) {
        return true;
    }
}
