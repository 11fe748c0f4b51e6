package io.mqcontroller.controller.liveness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.Groups;
import io.mqcontroller.controller.metadata.ReplicaReport;
import io.mqcontroller.raft.core.NodeId;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicaLivenessTest {
    private static final NodeId SELF = new NodeId("n0");
    private static final NodeId OTHER = new NodeId("n1");
    private static final ReplicaKey ONE = new ReplicaKey(Groups.KEY, new BrokerId(1));
    private static final ReplicaKey TWO = new ReplicaKey(Groups.KEY, new BrokerId(2));

    private final ReplicaLiveness liveness = new ReplicaLiveness(SELF, LivenessSettings.DEFAULT);

    private static HeartbeatReport beat(ReplicaKey key, long connection, long atMs) {
        return beat(key, "h:" + key.id(), connection, atMs, 10_000, 100);
    }

    private static HeartbeatReport beat(
            ReplicaKey key, String address, long connection, long atMs, long timeoutMs, long maxOffset) {
        return new HeartbeatReport(
                key.group(), key.id(), address, 5, maxOffset, maxOffset, timeoutMs, 1, connection, atMs);
    }

    private Heard hear(ReplicaKey key, long connection, long atMs) {
        return liveness.hear(beat(key, connection, atMs), SELF, atMs);
    }

    @Test
    void replicaDiesExactlyAtItsOwnTimeoutAfterItsNewestHeartbeat() {
        assertEquals(Heard.NEWS, hear(ONE, 1, 0));
        assertEquals(Heard.AS_BEFORE, hear(ONE, 1, 4_000));
        assertEquals(List.of(), liveness.expire(13_999));
        assertTrue(liveness.isAlive(ONE.group(), ONE.id()));
        assertEquals(14_000, liveness.nextDueMs());
        assertEquals(List.of(ONE), liveness.expire(14_000));
        assertFalse(liveness.isAlive(ONE.group(), ONE.id()));
        assertEquals(List.of(), liveness.expire(60_000));
    }

    @Test
    void timeoutComesWithEachHeartbeatAndIsKeptWithinBounds() {
        liveness.hear(beat(ONE, "h:1", 1, 0, 3_000, 0), SELF, 0);
        liveness.hear(beat(TWO, "h:2", 2, 0, 1, 0), SELF, 0);
        assertEquals(List.of(TWO), liveness.expire(1_000));
        assertEquals(List.of(ONE), liveness.expire(3_000));
        liveness.hear(beat(ONE, "h:1", 1, 5_000, Long.MAX_VALUE, 0), SELF, 5_000);
        assertEquals(List.of(ONE), liveness.expire(305_000));
    }

    @Test
    void replicasDieInTheOrderOfTheirDeadlines() {
        hear(TWO, 2, 0);
        hear(ONE, 1, 10);
        assertEquals(List.of(TWO, ONE), liveness.expire(20_000));
    }

    @Test
    void newestReportCountsEvenWhereItIsLower() {
        liveness.hear(beat(ONE, "h:1", 1, 0, 10_000, 5_000), SELF, 0);
        liveness.hear(beat(ONE, "h:1", 1, 1_000, 10_000, 70), SELF, 1_000);
        assertEquals(70, report(1_000).maxOffset());
        liveness.hear(beat(ONE, "h:1", 9, 500, 10_000, 5_000), OTHER, 1_050);
        assertEquals(70, report(1_050).maxOffset(), "a relayed one that was overtaken");
    }

    @Test
    void silenceEndsWithTheNewestHeartbeatThroughAnyController() {
        assertEquals(-1, liveness.silentMsOf(ONE.group(), ONE.id(), 0));
        hear(ONE, 1, 1_000);
        liveness.hear(beat(ONE, 9, 3_000), OTHER, 3_050);
        assertEquals(2_000, liveness.silentMsOf(ONE.group(), ONE.id(), 5_000));
    }

    private ReplicaReport report(long nowMs) {
        return liveness.view(ONE.group(), nowMs).of(ONE.id());
    }

    @Test
    void overtakenHeartbeatDoesNotMoveTheDeadlineBack() {
        hear(ONE, 1, 5_000);
        liveness.hear(beat(ONE, 9, 1_000), OTHER, 5_050);
        assertEquals(List.of(), liveness.expire(14_999));
    }

    @Test
    void allReplicasOfAClosedConnectionDieAndOthersDoNot() {
        ReplicaKey elsewhere = new ReplicaKey(new GroupKey("C", "h"), new BrokerId(1));
        hear(ONE, 1, 0);
        hear(elsewhere, 1, 0);
        hear(TWO, 2, 0);
        liveness.closed(SELF, 1, 100);
        assertEquals(List.of(), liveness.expire(149));
        assertEquals(List.of(ONE, elsewhere), liveness.expire(150));
        assertTrue(liveness.isAlive(TWO.group(), TWO.id()));
    }

    @Test
    void closeCountsOnceAndNotForAConnectionThatWasReplaced() {
        hear(ONE, 1, 0);
        hear(ONE, 2, 1_000);
        liveness.closed(SELF, 1, 1_001);
        liveness.closed(SELF, 1, 1_002);
        assertEquals(List.of(), liveness.expire(10_999));
    }

    @Test
    void otherControllersConnectionKeepsAReplicaAliveOnlyWhileHeartbeatsComeOverIt() {
        hear(ONE, 1, 0);
        liveness.hear(beat(ONE, 8, 0), OTHER, 0);
        hear(ONE, 1, 3_000);
        liveness.closed(SELF, 1, 3_100);
        assertEquals(List.of(), liveness.expire(3_382));
        assertEquals(
                List.of(ONE), liveness.expire(3_383), "a third of its timeout and the grace after the other heard it");

        hear(ONE, 2, 10_000);
        liveness.hear(beat(ONE, 8, 11_000), OTHER, 11_000);
        liveness.closed(SELF, 2, 11_100);
        liveness.hear(beat(ONE, 8, 14_000), OTHER, 14_000);
        assertEquals(List.of(), liveness.expire(23_999));

        hear(ONE, 2, 20_000);
        liveness.closed(SELF, 2, 20_100);
        assertEquals(List.of(ONE), liveness.expire(20_150), "what the other heard is long ago");
    }

    @Test
    void copyOfALivingBrokerIsKeptOutUntilTheFirstOneIsGone() {
        hear(ONE, 1, 0);
        HeartbeatReport copy = beat(ONE, "copy:1", 2, 100, 10_000, 100);
        assertEquals(Heard.ID_TAKEN, liveness.hear(copy, SELF, 100));
        assertTrue(liveness.isTaken(ONE, "copy:1", 2, 100));
        assertFalse(liveness.isTaken(ONE, "h:1", 2, 100), "the same broker over a new connection");
        assertFalse(liveness.isTaken(ONE, "moved:1", 1, 100), "the same connection");
        liveness.closed(SELF, 1, 200);
        assertFalse(liveness.isTaken(ONE, "copy:1", 2, 200));
    }

    @Test
    void introducedReplicaLivesForAShortWhileWithoutKnownOffsets() {
        liveness.introduce(ONE, "h:1", 1, true, 0);
        assertTrue(liveness.isAlive(ONE.group(), ONE.id()));
        assertFalse(liveness.hasReported(ONE));
        assertEquals(Heard.NEWS, hear(ONE, 1, 100), "its first heartbeat may change an election");
        assertTrue(liveness.hasReported(ONE));
        liveness.introduce(TWO, "h:2", 1, true, 0);
        assertEquals(List.of(TWO), liveness.expire(3_000));
    }

    @Test
    void restartedMasterIsDeadUntilItsNextHeartbeatAndNamedWhenItsGraceEnds() {
        hear(ONE, 1, 0);
        liveness.restart(ONE, "h:1", 2, 500);
        assertFalse(liveness.isAlive(ONE.group(), ONE.id()));
        assertTrue(liveness.isRestarting(ONE));
        assertEquals(-1, report(500).maxOffset());
        liveness.hear(beat(ONE, 8, 400), OTHER, 600);
        assertTrue(liveness.isRestarting(ONE), "that one was sent before");
        assertEquals(List.of(ONE), liveness.expire(3_500));
        assertFalse(liveness.isRestarting(ONE));
        liveness.restart(ONE, "h:1", 2, 5_000);
        assertEquals(Heard.NEWS, hear(ONE, 2, 5_100));
        assertFalse(liveness.isRestarting(ONE));
    }

    @Test
    void newLeaderPresumesGroupsWithAMasterAliveForTheirFullTimeoutAndNobodyElse() {
        liveness.hear(beat(ONE, "h:1", 1, 0, 4_000, 0), SELF, 0);
        liveness.expire(4_000);
        liveness.presumeAlive(Groups.group(2, 1, 1, 2), 50_000);
        assertEquals(List.of(ONE), liveness.expire(54_000));
        assertEquals(List.of(TWO), liveness.expire(60_000));
        liveness.presumeAlive(Groups.group(2, 0, 1, 2), 70_000);
        assertFalse(liveness.isAlive(ONE.group(), ONE.id()));
    }

    @Test
    void newLeaderThatSawAReplicaGoWaitsOnlyForTheWordOfTheOthers() {
        hear(ONE, 1, 0);
        hear(TWO, 2, 0);
        liveness.closed(SELF, 1, 100);
        liveness.closed(SELF, 2, 100);
        liveness.expire(200);
        liveness.presumeAlive(Groups.group(2, 1, 1, 2), 1_000);
        liveness.hear(beat(TWO, 8, 1_100), OTHER, 1_100);
        assertEquals(List.of(), liveness.expire(1_999));
        assertEquals(List.of(ONE), liveness.expire(2_000));
        assertTrue(liveness.isAlive(TWO.group(), TWO.id()));
    }

    @Test
    void replicaThatIsMissedDiesSoonOnlyWhileANewLeaderPresumesItAliveUnheard() {
        liveness.presumeAlive(Groups.group(2, 1, 1, 2), 0);
        liveness.missed(ONE, 100);
        assertEquals(List.of(), liveness.expire(149));
        assertEquals(List.of(ONE), liveness.expire(150));
        hear(TWO, 1, 200);
        liveness.missed(TWO, 200);
        assertEquals(List.of(), liveness.expire(10_199));
        hear(TWO, 1, 10_200);
        liveness.presumeAlive(Groups.group(2, 1, 1, 2), 10_300);
        liveness.missed(TWO, 10_300);
        liveness.missed(new ReplicaKey(Groups.KEY, new BrokerId(9)), 10_300);
        assertEquals(List.of(), liveness.expire(12_000), "it has a connection here");
    }

    @Test
    void replicaThatIsMissedAndThenHeardLives() {
        liveness.presumeAlive(Groups.group(2, 1, 1, 2), 0);
        liveness.missed(ONE, 100);
        hear(ONE, 1, 140);
        assertEquals(List.of(), liveness.expire(2_000));
    }

    @Test
    void strangersCannotFillTheTable() {
        LivenessSettings small = new LivenessSettings(50, 10_000, 1_000, 300_000, 3_000, 10);
        ReplicaLiveness table = new ReplicaLiveness(SELF, small);
        for (long id = 1; id <= 10; id++) {
            table.hear(beat(new ReplicaKey(Groups.KEY, new BrokerId(id)), 1, 0), SELF, 0);
        }
        ReplicaKey last = new ReplicaKey(Groups.KEY, new BrokerId(11));
        assertEquals(Heard.TABLE_FULL, table.hear(beat(last, 1, 0), SELF, 0));
        table.forget(ONE);
        assertEquals(9, table.size());
        assertEquals(Heard.NEWS, table.hear(beat(last, 1, 0), SELF, 0));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void deadlinesFireWhenASlowTwinSaysSo(long seed) {
        Random random = new Random(seed);
        TreeMap<BrokerId, Long> twin = new TreeMap<>();
        long nowMs = 0;
        for (int step = 0; step < 3_000; step++) {
            nowMs += random.nextInt(400);
            BrokerId id = new BrokerId(1 + random.nextInt(5));
            ReplicaKey key = new ReplicaKey(Groups.KEY, id);
            if (random.nextInt(3) > 0) {
                long timeoutMs = 1_000 + random.nextInt(5_000);
                liveness.hear(beat(key, "h", id.value(), nowMs, timeoutMs, 0), SELF, nowMs);
                twin.put(id, nowMs + timeoutMs);
            } else if (random.nextInt(4) == 0) {
                liveness.closed(SELF, id.value(), nowMs);
                long closedAtMs = nowMs;
                if (liveness.isAlive(key.group(), id)) {
                    twin.computeIfPresent(id, (i, dueMs) -> Math.min(dueMs, closedAtMs + 50));
                }
            }
            long atMs = nowMs;
            liveness.expire(nowMs);
            twin.values().removeIf(dueMs -> dueMs <= atMs);
            for (long value = 1; value <= 5; value++) {
                assertEquals(
                        twin.containsKey(new BrokerId(value)),
                        liveness.isAlive(Groups.KEY, new BrokerId(value)),
                        "replica " + value + " at step " + step);
            }
        }
    }
}
