package io.mqcontroller.raft.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RaftSettingsTest {
    private static RaftSettings settings(long electionTimeoutMs, long readLeaseMs) {
        NodeId self = new NodeId("a");
        return RaftSettings.defaults(self, List.of(self), electionTimeoutMs).withReadLease(readLeaseMs);
    }

    private static String refusal(long electionTimeoutMs, long readLeaseMs) {
        return assertThrows(IllegalArgumentException.class, () -> settings(electionTimeoutMs, readLeaseMs))
                .getMessage();
    }

    @Test
    void leaseOfReadsIsAtMostFourFifthsOfTheElectionTimeout() {
        assertEquals(800, settings(1_000, 800).readLeaseMs());
        assertEquals(80, settings(100, 80).readLeaseMs());
        assertEquals(
                "the lease of reads is at most 0.8 of the election timeout: 801 ms of 1000 ms", refusal(1_000, 801));
    }

    @Test
    void ofAShortElectionTimeoutTheLeaseOfReadsIsLessForClocksAreReadInWholeMilliseconds() {
        assertEquals(22, settings(30, 22).readLeaseMs());
        assertEquals(
                "with clocks that differ by a tenth from true time and are read in whole milliseconds, the lease of reads"
                        + " is at most 22 ms where the election timeout is 30 ms, and not 23 ms",
                refusal(30, 23));
    }

    /** A slow clock shows a lease as it ends one millisecond late, a fast one the timeout one millisecond early. */
    @ParameterizedTest
    @ValueSource(longs = {10, 30, 57, 99, 100, 101, 200, 1_000, 30_000})
    void longestLeaseEndsBeforeAnybodyElseMayLead(long electionTimeoutMs) {
        long longestMs = RaftSettings.longestReadLeaseMs(electionTimeoutMs);
        settings(electionTimeoutMs, longestMs);
        assertTrue((longestMs + 1) / 0.9 <= (electionTimeoutMs - 1) / 1.1 + 1e-9);
        refusal(electionTimeoutMs, longestMs + 1);
    }

    @Test
    void withoutALeaseAnyElectionTimeoutWillDo() {
        assertEquals(0, settings(3, 0).readLeaseMs());
    }
}
