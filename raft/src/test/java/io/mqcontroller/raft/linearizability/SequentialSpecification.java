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
}
