package io.mqcontroller.raft.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.raft.core.NodeId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A member is killed in the moment in which one of its threads begins its n-th sync, for each n up to {@code crash.points}, or
 * that sync fails, or all syncs are slow. After a restart nothing acknowledged is missing, and all promises were kept ({@link
 * Promises}).
 */
@Execution(ExecutionMode.CONCURRENT)
@DisabledIfSystemProperty(named = "it.skipStrace", matches = "true")
class CrashAtSyncPointsIT {
    private static final int POINTS = Integer.getInteger("crash.points", 40);
    private static final int POINTS_WHILE_VOTING = 6;
    private static final int POINTS_WHILE_OPENING = 100;
    private static final int POINTS_WHILE_RECEIVING = 6;
    private static final List<Integer> FAILING_SYNCS = List.of(1, 7);
    private static final int POINTS_TO_FIND_A_LIAR = 10;
    private static final int SLOW_ROUNDS = 5;
    private static final int KILLED = 128 + 9;
    private static final int FAILED = 1;

    @TempDir
    private Path directory;

    @Test
    void theLeaderIsKilledAtEachSync() throws Exception {
        try (ProcessCluster cluster = new ProcessCluster(directory)) {
            for (int n = 1; n <= POINTS; n++) {
                MemberProcess leader = cluster.awaitLeader();
                assertEquals(KILLED, endAtSync(cluster, leader, "signal=SIGKILL:when=" + n));
                restartAndCheck(cluster, leader.id());
            }
            restartAllAndCheck(cluster);
        }
    }

    @Test
    void aFollowerIsKilledAtEachSync() throws Exception {
        try (ProcessCluster cluster = new ProcessCluster(directory)) {
            for (int n = 1; n <= POINTS; n++) {
                MemberProcess follower = cluster.awaitFollower(n);
                assertEquals(KILLED, endAtSync(cluster, follower, "signal=SIGKILL:when=" + n));
                restartAndCheck(cluster, follower.id());
            }
            restartAllAndCheck(cluster);
        }
    }

    /** Its first sync then is the one of its vote. */
    @Test
    void aFollowerIsKilledAtEachSyncAfterItsLeaderIsGone() throws Exception {
        try (ProcessCluster cluster = new ProcessCluster(directory)) {
            for (int n = 1; n <= POINTS_WHILE_VOTING; n++) {
                cluster.proposeUntilDone();
                MemberProcess leader = cluster.awaitLeader();
                MemberProcess follower = cluster.awaitFollower(n);
                Strace strace = Strace.attach(follower.pid(), "signal=SIGKILL:when=" + n);
                try {
                    leader.close();
                    assertEquals(KILLED, awaitEnd(cluster, follower));
                } finally {
                    strace.close();
                }
                cluster.start(leader.id());
                restartAndCheck(cluster, follower.id());
            }
            restartAllAndCheck(cluster);
        }
    }

    @Test
    void aMemberIsKilledAtEachSyncWhileItOpensItsStore() throws Exception {
        try (ProcessCluster cluster = new ProcessCluster(directory)) {
            cluster.proposeUntilDone();
            MemberProcess member = cluster.awaitFollower(0);
            int n = 0;
            do {
                n++;
                member.close();
                cluster.proposeUntilDone();
                member = cluster.start(member.id(), Strace.fromTheStart("signal=SIGKILL:when=" + n));
                awaitOrEnd(member, member::isReady);
            } while (!member.isReady() && n < POINTS_WHILE_OPENING);
            assertTrue(member.isReady(), "still killed while it opens its store at sync " + n);
            assertTrue(n > 1, "a store was opened without a sync");
            member.close();
            restartAndCheck(cluster, member.id());
            restartAllAndCheck(cluster);
        }
    }

    @Test
    void aMemberIsKilledAtEachSyncWhileItReceivesASnapshot() throws Exception {
        try (ProcessCluster cluster = new ProcessCluster(directory)) {
            for (int n = 1; n <= POINTS_WHILE_RECEIVING; n++) {
                NodeId id = cluster.awaitFollower(n).id();
                cluster.member(id).close();
                cluster.proposeMoreThanASnapshot();
                MemberProcess receiver = cluster.startHeld(id, List.of());
                awaitOrEnd(receiver, receiver::isOpened);
                Strace strace = Strace.attach(receiver.pid(), "signal=SIGKILL:when=" + n);
                try {
                    receiver.go();
                    assertEquals(KILLED, awaitEnd(cluster, receiver));
                } finally {
                    strace.close();
                }
                restartAndCheck(cluster, id);
                assertTrue(
                        receiver.hasInstalledSnapshot() || cluster.member(id).hasInstalledSnapshot(),
                        "no snapshot was needed");
            }
            restartAllAndCheck(cluster);
        }
    }

    @Test
    void aMemberWhoseSyncFailsEndsAndTheOthersGoOn() throws Exception {
        try (ProcessCluster cluster = new ProcessCluster(directory)) {
            for (String error : List.of("EIO", "ENOSPC")) {
                for (int n : FAILING_SYNCS) {
                    for (boolean leads : List.of(true, false)) {
                        MemberProcess member = leads ? cluster.awaitLeader() : cluster.awaitFollower(n);
                        assertEquals(FAILED, endAtSync(cluster, member, "error=" + error + ":when=" + n));
                        cluster.proposeUntilDone();
                        restartAndCheck(cluster, member.id());
                    }
                }
            }
            restartAllAndCheck(cluster);
        }
    }

    @Test
    void slowSyncsOfOneMemberLoseNothingAndStopNobody() throws Exception {
        try (ProcessCluster cluster = new ProcessCluster(directory)) {
            for (boolean leads : List.of(true, false)) {
                cluster.proposeUntilDone();
                MemberProcess slow = leads ? cluster.awaitLeader() : cluster.awaitFollower(0);
                Strace strace = Strace.attach(slow.pid(), "delay_enter=200ms:when=1+");
                try {
                    for (int i = 0; i < SLOW_ROUNDS; i++) {
                        cluster.proposeUntilDone();
                    }
                } finally {
                    strace.close();
                }
                cluster.awaitAllAcknowledgedEverywhere();
            }
            restartAllAndCheck(cluster);
        }
    }

    /** Nothing is wrong with members that are found to keep their promises only if this one is found not to. */
    @Test
    void aStoreThatIsCalledDurableTooEarlyIsFoundOut() throws Exception {
        try (ProcessCluster cluster = new ProcessCluster(directory, true)) {
            for (int n = 1;
                    n <= POINTS_TO_FIND_A_LIAR && cluster.promises.broken().isEmpty();
                    n++) {
                MemberProcess follower = cluster.awaitFollower(0);
                assertEquals(KILLED, endAtSync(cluster, follower, "signal=SIGKILL:when=" + n));
                MemberProcess restarted = cluster.start(follower.id());
                awaitOrEnd(restarted, restarted::isOpened);
            }
            assertFalse(cluster.promises.broken().isEmpty(), "what was not written was not missed");
        }
    }

    private static int endAtSync(ProcessCluster cluster, MemberProcess victim, String fault) throws Exception {
        cluster.proposeUntilDone();
        Strace strace = Strace.attach(victim.pid(), fault);
        try {
            return awaitEnd(cluster, victim);
        } finally {
            strace.close();
        }
    }

    /** Gives the member something to sync until it has ended. */
    private static int awaitEnd(ProcessCluster cluster, MemberProcess victim) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + ProcessCluster.PATIENCE.toNanos();
        while (victim.isRunning()) {
            assertTrue(System.nanoTime() < deadlineNanos, victim.id() + " still runs: " + victim.lastLine());
            cluster.propose();
        }
        return victim.awaitEnd(ProcessCluster.PATIENCE.toSeconds());
    }

    private static void awaitOrEnd(MemberProcess member, BooleanSupplier reached) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + ProcessCluster.PATIENCE.toNanos();
        while (!reached.getAsBoolean() && member.isRunning()) {
            assertTrue(System.nanoTime() < deadlineNanos, member.id() + " does not start: " + member.lastLine());
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private static void restartAndCheck(ProcessCluster cluster, NodeId id) throws IOException {
        cluster.start(id);
        cluster.proposeUntilDone();
        cluster.awaitAllAcknowledged(id);
        assertEquals(List.of(), cluster.promises.broken());
    }

    /** What one member has lost the others may have given back to it: at last all depend on their own stores. */
    private static void restartAllAndCheck(ProcessCluster cluster) throws IOException {
        cluster.close();
        for (NodeId id : cluster.ids()) {
            cluster.start(id);
        }
        cluster.proposeUntilDone();
        cluster.awaitAllAcknowledgedEverywhere();
        assertEquals(List.of(), cluster.promises.broken());
        assertTrue(cluster.promises.votesSeen() > 0, "no votes were announced");
    }
}
