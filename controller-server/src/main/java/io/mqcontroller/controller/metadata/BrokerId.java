package io.mqcontroller.controller.metadata;

/** Identity of a replica in its group, from 1 on; handed out once, outlives restarts and changes of address. */
public record BrokerId(long value) implements Comparable<BrokerId> {
    public BrokerId {
        if (value < 1) {
            throw new IllegalArgumentException("a brokerId is 1 or higher: " + value);
        }
    }

    @Override
    public int compareTo(BrokerId other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
