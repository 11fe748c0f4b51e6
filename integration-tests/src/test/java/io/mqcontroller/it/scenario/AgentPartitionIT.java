package io.mqcontroller.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.it.cluster.Broker;
import io.mqcontroller.it.cluster.CommitLog;
import io.mqcontroller.it.cluster.GroupView;
import io.mqcontroller.it.fault.ReadOnlyStore;
import io.mqcontroller.it.history.Send;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The master acknowledges what all of the SyncStateSet have: nothing that was acknowledged is ever lost. */
class AgentPartitionIT extends AgentPartition {
    /** Longer than a lease and the promise of a slave after it. */
    private static final long LONG_ENOUGH_MS = 5_000;

    AgentPartitionIT() {
        super(true);
    }

    @Test
    void withoutControllersTheMasterGoesOnAndTheSlaveIsNoMaster() throws InterruptedException {
        GroupView before = cluster.awaitAllInSync();
        Broker master = cluster.master();
        Broker slave = other(master);
        try (TwoSides sides = TwoSides.watch(cluster)) {
            cluster.controllers().killAll();
            long goneAtMs = System.currentTimeMillis();
            TimeUnit.SECONDS.sleep(Long.getLong("it.outageSeconds", 20));
            long killedAtMs = System.currentTimeMillis();
            List<Send> failed = sides.sends(master).stream()
                    .filter(send -> send.startMs() > goneAtMs && send.endMs() < killedAtMs && !send.isAcknowledged())
                    .toList();
            assertEquals(List.of(), failed, cluster.describe());

            master.process().kill();
            TimeUnit.MILLISECONDS.sleep(LONG_ENOUGH_MS);
            assertTrue(slave.isRunning(), slave.describe());
            assertEquals(0, sides.acknowledgedSince(slave, goneAtMs), "nobody made the slave master");

            long backAtMs = System.currentTimeMillis();
            cluster.controllers().startAll();
            GroupView elected = cluster.awaitGroup(
                    "the slave is master", 60, view -> view.isMaster(slave.id().orElseThrow()));
            long electedMs = System.currentTimeMillis() - backAtMs;
            assertTrue(elected.masterEpoch() > before.masterEpoch(), elected.toString());
            sides.awaitMore(slave, 50);
            master.start();
            cluster.awaitAllInSync();
            check(sides);
            sides.report(
                    rule() + ", all controllers gone, then the master killed",
                    "elected " + electedMs + " ms after the controllers were started");
        }
    }

    @Test
    void oldMasterWithALongerLogIsCutBackToWhatItsSuccessorHas() {
        GroupView before = cluster.awaitAllInSync();
        Broker old = cluster.master();
        Broker successor = other(old);
        try (TwoSides sides = TwoSides.watch(cluster)) {
            network.cut(old.host(), successor.host());
            long sharedEnd = successor.commitLog().end();
            cluster.await(
                    "the master writes what the slave does not get",
                    3,
                    () -> old.commitLog().end() > sharedEnd + 10_000);
            old.process().kill();
            GroupView elected = cluster.awaitGroup(
                    "another master", 30, view -> view.isMaster(successor.id().orElseThrow()));
            assertTrue(elected.masterEpoch() > before.masterEpoch(), elected.toString());
            long longerBy = old.commitLog().end() - sharedEnd;
            sides.awaitMore(successor, 50);

            network.heal();
            old.start();
            cluster.awaitAllInSync();
            sides.awaitMore(successor, 50);
            check(sides);
            sides.checkHandover(old, successor);
            long compared = assertSameLog(old.commitLog(), successor.commitLog());
            sides.report(
                    rule() + ", old master had written " + longerBy + " bytes more",
                    "afterwards " + compared + " bytes are the same");
        }
    }

    /** Until the probe of its store fails it works on, with the files that it has open. */
    @Test
    void masterWhoseStoreCannotBeWrittenIsReplaced() {
        cluster.awaitAllInSync();
        Broker old = cluster.master();
        Broker successor = other(old);
        ReadOnlyStore fault = new ReadOnlyStore();
        try (TwoSides sides = TwoSides.watch(cluster)) {
            long readOnlyAtMs = System.currentTimeMillis();
            fault.strike(old);
            GroupView elected;
            try {
                elected = cluster.awaitGroup(
                        "another master",
                        30,
                        view -> view.isMaster(successor.id().orElseThrow()));
                sides.awaitMore(successor, 50);
            } finally {
                fault.heal(old);
            }
            GroupView after = cluster.awaitAllInSync();
            assertEquals(elected.masterEpoch(), after.masterEpoch(), "nobody else was elected");
            String lost = check(sides);
            sides.checkHandover(old, successor);
            sides.report(
                    rule() + ", store of the master read-only",
                    "another one elected after " + sides.electedAfterMs(readOnlyAtMs, old) + " ms, " + lost);
        }
    }

    /** Waits until a slave holds what its master holds; the number of bytes. */
    private long assertSameLog(CommitLog slave, CommitLog master) {
        // Behind its end the slave may still have bytes of what it was cut back from.
        long end = master.end();
        cluster.await(
                "the slave has all of its master's " + end + " bytes, and no others before them",
                30,
                () -> slave.firstDifference(master, end) == end);
        return end;
    }
}
