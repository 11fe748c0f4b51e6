package io.mqcontroller.raft.core;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/**
 * The sequence numbers of one client that have taken effect, as runs: numbers grow by one, so there are few runs however many
 * numbers there are, and a retry that comes after many later commands is still told apart. Numbers that were never applied
 * are gaps between runs. Beyond {@link #MAX_GAPS} the oldest gap is closed: its numbers count as applied from then on.
 */
final class SequenceSet {
    static final int MAX_GAPS = 1024;

    /** First number of a run to its last. */
    private final TreeMap<Long, Long> runs = new TreeMap<>();

    /** Whether {@code sequence} is new. */
    boolean add(long sequence) {
        Map.Entry<Long, Long> before = runs.floorEntry(sequence);
        if (before != null && before.getValue() >= sequence) {
            return false;
        }
        boolean extendsBefore = before != null && before.getValue() == sequence - 1;
        long first = extendsBefore ? before.getKey() : sequence;
        Long lastOfNext = runs.remove(sequence + 1);
        runs.put(first, lastOfNext == null ? sequence : lastOfNext);
        closeOldestGap();
        return true;
    }

    private void closeOldestGap() {
        if (runs.size() > MAX_GAPS + 1) {
            Map.Entry<Long, Long> oldest = runs.pollFirstEntry();
            Map.Entry<Long, Long> next = runs.pollFirstEntry();
            runs.put(oldest.getKey(), next.getValue());
        }
    }

    int serializedSize() {
        return Integer.BYTES + runs.size() * 2 * Long.BYTES;
    }

    /** Number of runs, then first and last of each. */
    void writeTo(ByteBuffer out) {
        out.putInt(runs.size());
        runs.forEach((first, last) -> out.putLong(first).putLong(last));
    }

    static SequenceSet readFrom(ByteBuffer in) {
        SequenceSet set = new SequenceSet();
        int runs = in.getInt();
        for (int i = 0; i < runs; i++) {
            long first = in.getLong();
            set.runs.put(first, in.getLong());
        }
        return set;
    }
}
