package io.mqcontroller.raft.core;

import java.util.Arrays;

/** Majorities among a fixed number of voters. */
record Quorum(int voters) {
    int size() {
        return voters / 2 + 1;
    }

    boolean isReachedBy(int members) {
        return members >= size();
    }

    /** The highest index that a majority has reached, given what each voter has reached. Sorts its argument. */
    long indexReachedByMajority(long[] indexOfEachVoter) {
        Arrays.sort(indexOfEachVoter);
        return indexOfEachVoter[voters - size()];
    }
}
