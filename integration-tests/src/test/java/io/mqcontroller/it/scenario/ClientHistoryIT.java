package io.mqcontroller.it.scenario;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.it.cluster.ControllerCluster;
import io.mqcontroller.it.cluster.ControllerKind;
import io.mqcontroller.it.cluster.ControllerNode;
import io.mqcontroller.it.cluster.Folders;
import io.mqcontroller.it.fault.Report;
import io.mqcontroller.raft.linearizability.Verdict;
import io.mqcontroller.raft.process.Strace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Clients register replicas, alter sets, designate masters and read, while leaders are killed, frozen, and slowed down: all that
 * they are told can have happened one call after another (C7), with nobody elected whom no client designated (C9).
 */
class ClientHistoryIT {
    private static final long HISTORY_SECONDS = Long.getLong("it.historySeconds", 10);
    private static final boolean WITHOUT_STRACE = Boolean.getBoolean("it.skipStrace");
    private static final int CALLS_BETWEEN = 200;

    private Path folder;
    private ControllerCluster controllers;

    @BeforeEach
    void startControllers() {
        folder = Folders.temporary("history");
        controllers = new ControllerCluster(ControllerKind.OURS, 3, folder, Map.of());
        controllers.startAll();
        await("all are ready", controllers::isReady);
    }

    @AfterEach
    void stopControllers() {
        controllers.close();
        Folders.delete(folder);
    }

    @Test
    void whatClientsAreToldIsLinearizableWhateverBecomesOfTheLeader() throws Exception {
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(HISTORY_SECONDS);
        do {
            try (ClientHistory history = new ClientHistory(controllers)) {
                awaitMore(history);
                killLeader(history);
                freezeLeader(history);
                if (!WITHOUT_STRACE) {
                    slowLeaderDown(history);
                }
                Verdict verdict = history.finish();
                assertTrue(verdict.isLinearizable(), verdict::toString);
                assertTrue(history.changes() > CALLS_BETWEEN, () -> history.changes() + " changes");
                Report.line("history of " + history.answered() + " answered calls, " + history.changes()
                        + " of them changes: " + verdict.kind());
            }
        } while (System.nanoTime() < endNanos);
    }

    private void killLeader(ClientHistory history) throws IOException {
        ControllerNode leader = controllers.awaitLeader();
        long beganNanos = System.nanoTime();
        leader.process().kill();
        history.struck(beganNanos);
        awaitChange(history, "leader of the controllers killed");
        awaitMore(history);
        controllers.start(leader);
        await("it is back", leader::isReady);
        history.beatTo(leader);
        awaitMore(history);
    }

    private void freezeLeader(ClientHistory history) {
        ControllerNode leader = controllers.awaitLeader();
        long beganNanos = System.nanoTime();
        leader.process().freeze();
        try {
            history.struck(beganNanos);
            awaitChange(history, "leader of the controllers frozen");
            awaitMore(history);
        } finally {
            leader.process().thaw();
        }
        awaitMore(history);
    }

    /** The others' disks commit what it proposes, so nobody waits for its own. */
    private void slowLeaderDown(ClientHistory history) throws IOException {
        ControllerNode leader = controllers.awaitLeader();
        long beganNanos = System.nanoTime();
        Strace strace = Strace.attach(leader.process().pid(), "delay_enter=1000ms:when=1+");
        try {
            history.struck(beganNanos);
            await(
                    "another one leads",
                    () -> controllers.leader().filter(node -> node != leader).isPresent());
            Report.line("syncs of the leader of the controllers take 1 s: another one led after "
                    + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos) + " ms");
            awaitChange(history, "syncs of the leader of the controllers take 1 s");
            awaitMore(history);
        } finally {
            strace.close();
        }
    }

    private void awaitChange(ClientHistory history, String what) {
        await("a change is answered", () -> history.firstChangeAfterMs() >= 0);
        Report.line(what + ": a client's next change was answered after " + history.firstChangeAfterMs() + " ms");
    }

    private void awaitMore(ClientHistory history) {
        int enough = history.answered() + CALLS_BETWEEN;
        await("more calls are answered", () -> history.answered() >= enough);
    }

    private void await(String what, Callable<Boolean> condition) {
        try {
            Awaitility.await(what)
                    .atMost(Duration.ofSeconds(120))
                    .pollInterval(Duration.ofMillis(20))
                    .until(condition);
        } catch (ConditionTimeoutException late) {
            throw new AssertionError("not within 120 s: " + what + "\n" + controllers.describe(), late);
        }
    }
}
