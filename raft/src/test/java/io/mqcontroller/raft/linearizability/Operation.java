package io.mqcontroller.raft.linearizability;

import java.util.Objects;
import java.util.Optional;

/**
 * Something that a client asked of the service.
 *
 * @param output what the client was told; empty if it was told nothing: the operation may have happened at any moment after
 *     it was called, or may still happen, or never
 * @param called and {@code returned}: moments, by one clock for all clients
 */
public record Operation<I, O>(long client, I input, Optional<O> output, long called, long returned) {
    private static final long NEVER = Long.MAX_VALUE;

    public Operation {
        Objects.requireNonNull(input, "input");
        Objects.requireNonNull(output, "output");
        if (returned < called) {
            throw new IllegalArgumentException("returned at " + returned + ", before it was called at " + called);
        }
    }

    /** An operation that was answered. */
    public static <I, O> Operation<I, O> answered(long client, I input, O output, long called, long returned) {
        return new Operation<>(client, input, Optional.of(output), called, returned);
    }

    /** An operation without an answer, or with one that leaves open whether it happened. */
    public static <I, O> Operation<I, O> unknown(long client, I input, long called) {
        return new Operation<>(client, input, Optional.empty(), called, NEVER);
    }

    /** The same, with another answer. */
    public Operation<I, O> answering(O other) {
        return answered(client, input, other, called, returned);
    }

    boolean isAnswered() {
        return output.isPresent();
    }

    @Override
    public String toString() {
        String interval = isAnswered() ? called + ".." + returned : called + "..?";
        return "[" + interval + "] client " + client + ": " + input + " -> "
                + output.map(Object::toString).orElse("?");
    }
}
