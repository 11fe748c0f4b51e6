package io.mqcontroller.raft.core;

/**
 * A place in the log: the term in which the entry was created and its index. Indexes start at 1; {@link #ZERO} is the place
 * before the first entry.
 */
public record LogPosition(long term, long index) {
    public static final LogPosition ZERO = new LogPosition(0, 0);

    public LogPosition {
        if (term < 0 || index < 0) {
            throw new IllegalArgumentException("a log position is not negative: term " + term + ", index " + index);
        }
    }

    /** §5.4.1: a log is as up to date as another if its last term is higher, or equal with at least as many entries. */
    public boolean isAtLeastAsUpToDateAs(LogPosition other) {
        return term != other.term ? term > other.term : index >= other.index;
    }

    @Override
    public String toString() {
        return term + "/" + index;
    }
}
