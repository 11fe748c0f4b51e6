package io.mqcontroller.raft.core;

import java.util.Objects;

/** Identity of a Raft member, as in {@code controllerDLegerSelfId}: short, without blanks, never reused for another store. */
public record NodeId(String value) implements Comparable<NodeId> {
    public NodeId {
        Objects.requireNonNull(value, "value");
        if (value.isBlank()) {
            throw new IllegalArgumentException("a node id is not blank");
        }
    }

    @Override
    public int compareTo(NodeId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
