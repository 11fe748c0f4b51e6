package io.mqcontroller.raft.simulation.invariant;

import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.LogPosition;
import java.util.Arrays;

/** What all members together have applied so far: the one true log, as seen from outside. */
public final class CommittedLog {
    private long[] terms = new long[1024];
    private long[] chains = new long[1024];
    private long[] seenInTerm = new long[1024];
    private int lastIndex;

    /** Takes note of an entry that was applied by a member in {@code memberTerm}; only the next one is new. */
    void observe(Entry entry, long memberTerm) {
        if (entry.index() != lastIndex + 1) {
            return;
        }
        lastIndex++;
        if (lastIndex == terms.length) {
            terms = Arrays.copyOf(terms, 2 * lastIndex);
            chains = Arrays.copyOf(chains, 2 * lastIndex);
            seenInTerm = Arrays.copyOf(seenInTerm, 2 * lastIndex);
        }
        terms[lastIndex] = entry.term();
        chains[lastIndex] = entry.chain();
        seenInTerm[lastIndex] = Math.max(memberTerm, seenInTerm[lastIndex - 1]);
    }

    public long lastIndex() {
        return lastIndex;
    }

    LogPosition position(long index) {
        return new LogPosition(terms[(int) index], index);
    }

    long chain(long index) {
        return chains[(int) index];
    }

    /** The last entry that was certainly committed by a leader of a term before {@code term}, or 0. */
    long lastIndexCommittedBefore(long term) {
        int index = lastIndex;
        while (index > 0 && seenInTerm[index] >= term) {
            index--;
        }
        return index;
    }
}
