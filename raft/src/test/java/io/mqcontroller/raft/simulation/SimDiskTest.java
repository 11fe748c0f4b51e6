package io.mqcontroller.raft.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.EntryKind;
import io.mqcontroller.raft.core.Event;
import io.mqcontroller.raft.core.HardState;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.ProposalId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SimDiskTest {
    private final SimClock time = new SimClock();
    private final List<Event> reports = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final List<Entry> log = new ArrayList<>();

    @Test
    void reportsAWriteOnlyWhenItIsDurable() {
        SimDisk disk = disk(1);
        disk.persist(append());
        assertEquals(List.of(), reports);
        assertEquals(0, disk.durableLast().index());
        assertEquals(1, disk.writtenLast().index());
        runAll();
        assertEquals(List.of(new Event.Persisted(1)), reports);
        assertEquals(1, disk.durableLast().index());
    }

    @Test
    void keepsSomePrefixOfWhatWasNotSyncedInACrash() throws DamagedStore {
        TreeSet<Long> kept = new TreeSet<>();
        for (long seed = 0; seed < 400; seed++) {
            log.clear();
            SimDisk disk = disk(seed);
            for (int i = 0; i < 3; i++) {
                disk.persist(append());
            }
            disk.crash();
            long last = disk.recover().entries().size();
            assertEquals(log.subList(0, (int) last), disk.recover().entries());
            kept.add(last);
        }
        assertEquals(new TreeSet<>(List.of(0L, 1L, 2L, 3L)), kept);
    }

    @Test
    void reportsNothingOfALifeThatIsOver() {
        SimDisk disk = disk(1);
        disk.persist(append());
        disk.crash();
        runAll();
        assertEquals(List.of(), reports);
    }

    @Test
    void reportsNothingAfterASyncThatFailed() {
        SimDisk disk = disk(1);
        disk.failNextSync();
        disk.persist(append());
        runAll();
        assertEquals(List.of(), reports);
        assertEquals(List.of("a sync failed"), failures);
        assertEquals(0, disk.durableLast().index());
    }

    @Test
    void refusesAGap() {
        SimDisk disk = disk(1);
        append();
        assertThrows(AssertionError.class, () -> disk.persist(append()));
    }

    @Test
    void installsAReceivedSnapshotAsAWhole() throws DamagedStore {
        StoredSnapshot sent =
                StoredSnapshot.of(new LogPosition(3, 50), 77, Bytes.utf8("sessions"), Bytes.utf8("state"));
        SimDisk disk = disk(1);
        disk.persist(append());
        disk.writeChunk(new Effect.WriteSnapshotChunk(sent.metadata(), 0, sent.piece(0, 5), false));
        disk.writeChunk(new Effect.WriteSnapshotChunk(sent.metadata(), 5, sent.piece(5, 1_000), true));
        runAll();
        assertTrue(reports.contains(new Event.SnapshotInstalled(sent.metadata(), Bytes.utf8("sessions"))));
        assertEquals(new LogPosition(3, 50), disk.durableLast());
        assertEquals(Bytes.utf8("state"), disk.stateOf(sent.metadata()));
        assertEquals(Optional.of(sent.metadata()), disk.recover().snapshot());
        assertEquals(List.of(), disk.recover().entries());
    }

    @Test
    void refusesASnapshotThatIsNotWhatItSays() {
        StoredSnapshot sent =
                StoredSnapshot.of(new LogPosition(3, 50), 77, Bytes.utf8("sessions"), Bytes.utf8("state"));
        SimDisk disk = disk(1);
        disk.writeChunk(new Effect.WriteSnapshotChunk(sent.metadata(), 0, sent.piece(1, 1_000), true));
        runAll();
        assertEquals(List.of(new Event.SnapshotRefused(new LogPosition(3, 50))), reports);
        assertEquals(LogPosition.ZERO, disk.durableSnapshot());
    }

    private SimDisk disk(long seed) {
        FaultPlan.Disk plan = new FaultPlan.Disk(10, 1_000, 0, 0, 1);
        return new SimDisk(time, new Chance(seed), plan, Interference.NONE, new SimDisk.Owner() {
            @Override
            public void report(Event event) {
                reports.add(event);
            }

            @Override
            public void onDiskFailed(String why) {
                failures.add(why);
            }
        });
    }

    /** One more entry behind all before. */
    private Effect.Persist append() {
        long chain = log.isEmpty() ? Entry.CHAIN_START : log.get(log.size() - 1).chain();
        LogPosition position = new LogPosition(1, log.size() + 1);
        log.add(Entry.create(chain, position, EntryKind.COMMAND, new ProposalId(1, log.size()), Bytes.utf8("x")));
        HardState hardState = new HardState(3, Optional.empty(), 0);
        return new Effect.Persist(
                log.size(), Optional.of(hardState), OptionalLong.empty(), List.of(log.get(log.size() - 1)));
    }

    private void runAll() {
        boolean more = true;
        while (more) {
            more = time.runNext();
        }
    }
}
