package io.mqcontroller.raft.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class QuorumTest {
    /** The obvious way: try every index, count who has reached it. */
    private static long slowIndexReachedByMajority(long[] indexes) {
        long best = 0;
        for (long candidate = 0; candidate <= 40; candidate++) {
            int reached = 0;
            for (long index : indexes) {
                if (index >= candidate) {
                    reached++;
                }
            }
            if (2 * reached > indexes.length) {
                best = candidate;
            }
        }
        return best;
    }

    @Test
    void indexReachedByMajorityEqualsTheSlowCount() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            long[] indexes = random.longs(1 + random.nextInt(7), 0, 40).toArray();
            long expected = slowIndexReachedByMajority(indexes);
            assertEquals(expected, new Quorum(indexes.length).indexReachedByMajority(indexes.clone()));
        }
    }

    @Test
    void majorityIsMoreThanHalf() {
        for (int voters = 1; voters < 10; voters++) {
            for (int members = 0; members <= voters; members++) {
                assertEquals(2 * members > voters, new Quorum(voters).isReachedBy(members));
            }
        }
    }
}
