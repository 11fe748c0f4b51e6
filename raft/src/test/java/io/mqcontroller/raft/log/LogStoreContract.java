package io.mqcontroller.raft.log;

import static io.mqcontroller.raft.log.Entries.append;
import static io.mqcontroller.raft.log.Entries.chainOf;
import static io.mqcontroller.raft.log.Entries.hardState;
import static io.mqcontroller.raft.log.Entries.truncateAndAppend;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.HardState;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RecoveredState;
import io.mqcontroller.raft.core.SnapshotMetadata;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store does. */
abstract class LogStoreContract {
    private static final Bytes SESSIONS = Bytes.utf8("who proposed what");

    private LogStore store;

    /** Opens the store of this member anew, over what was written before. */
    abstract LogStore open() throws IOException;

    /** A store of another member, for sending snapshots. */
    abstract LogStore openOther() throws IOException;

    @BeforeEach
    void openFirst() throws IOException {
        store = open();
    }

    @AfterEach
    void closeLast() {
        store.close();
    }

    private void reopen() throws IOException {
        store.close();
        store = open();
    }

    @Test
    void aNewStoreIsEmpty() throws IOException {
        assertEquals(RecoveredState.EMPTY, store.recover());
        assertEquals(Optional.empty(), store.latestSnapshot());
    }

    @Test
    void whatWasWrittenIsThereAfterReopening() throws IOException {
        List<Entry> entries = chainOf(Entry.CHAIN_START, 3, 1, 100);
        store.write(List.of(hardState(1, 3, "n1", 42), append(2, entries)));
        reopen();
        RecoveredState recovered = store.recover();
        assertEquals(new HardState(3, Optional.of(new NodeId("n1")), 42), recovered.hardState());
        assertEquals(entries, recovered.entries());
    }

    @Test
    void theLastHardStateOfABatchCounts() throws IOException {
        store.write(List.of(hardState(1, 3, "n1", 0), hardState(2, 4, "n2", 0)));
        reopen();
        assertEquals(
                new HardState(4, Optional.of(new NodeId("n2")), 0),
                store.recover().hardState());
    }

    @Test
    void persistsOfOneBatchCountInTheirOrder() throws IOException {
        List<Entry> old = chainOf(Entry.CHAIN_START, 1, 1, 10);
        List<Entry> other = chainOf(old.get(3).chain(), 2, 5, 2);
        List<Entry> newest = chainOf(other.get(0).chain(), 3, 6, 3);
        store.write(List.of(
                hardState(1, 3, "n1", 0),
                append(2, old),
                truncateAndAppend(3, 5, other),
                truncateAndAppend(4, 6, newest)));
        reopen();
        assertEquals(
                concat(old.subList(0, 4), other.subList(0, 1), newest),
                store.recover().entries());
    }

    @Test
    void truncationReachesWhatWasWrittenBefore() throws IOException {
        List<Entry> old = chainOf(Entry.CHAIN_START, 1, 1, 10);
        store.write(List.of(hardState(1, 2, "n1", 0), append(2, old)));
        reopen();
        List<Entry> other = chainOf(old.get(1).chain(), 2, 3, 1);
        store.write(List.of(truncateAndAppend(3, 3, other)));
        reopen();
        assertEquals(concat(old.subList(0, 2), other), store.recover().entries());
    }

    @Test
    void theLogGoesOnBehindASnapshotWhetherOrNotEntriesBeforeItAreKept() throws IOException {
        List<Entry> entries = chainOf(Entry.CHAIN_START, 1, 1, 10);
        store.write(List.of(hardState(1, 1, "n1", 10), append(2, entries)));
        SnapshotMetadata snapshot = take(store, entries.get(7), randomBytes(10));
        assertEquals(entries.subList(8, 10), store.recover().entries());
        store.compactThrough(5);
        reopen();
        assertEquals(entries.subList(8, 10), store.recover().entries());
        store.compactThrough(8);
        reopen();
        RecoveredState recovered = store.recover();
        assertEquals(entries.subList(8, 10), recovered.entries());
        assertEquals(Optional.of(snapshot), recovered.snapshot());
        assertEquals(SESSIONS, recovered.sessions());
    }

    @Test
    void aSnapshotIsReadBackAsItWasWritten() throws IOException {
        byte[] state = randomBytes(1_000_003);
        Entry last = chainOf(Entry.CHAIN_START, 2, 1, 1).get(0);
        store.write(List.of(hardState(1, 2, "n1", 1), append(2, List.of(last))));
        SnapshotMetadata snapshot = take(store, last, state);
        reopen();
        assertEquals(Optional.of(snapshot), store.latestSnapshot());
        assertEquals(SESSIONS, store.recover().sessions());
        try (InputStream in = store.openSnapshot(snapshot)) {
            assertArrayEquals(state, in.readAllBytes());
        }
    }

    @Test
    void anEmptyStateIsASnapshotToo() throws IOException {
        Entry last = chainOf(Entry.CHAIN_START, 1, 1, 1).get(0);
        store.write(List.of(hardState(1, 1, "n1", 1), append(2, List.of(last))));
        SnapshotMetadata snapshot = take(store, last, new byte[0]);
        reopen();
        try (InputStream in = store.openSnapshot(snapshot)) {
            assertEquals(-1, in.read());
        }
    }

    @Test
    void aSnapshotThatWasNotCommittedIsForgotten() throws IOException {
        try (LogStore.SnapshotSink sink = store.beginSnapshot(new LogPosition(1, 5), 99, SESSIONS)) {
            sink.content().write(randomBytes(600_000));
        }
        assertEquals(Optional.empty(), store.latestSnapshot());
        reopen();
        assertEquals(RecoveredState.EMPTY, store.recover());
    }

    @Test
    void aNewerSnapshotReplacesAnOlderOneAndStaysIfTheOlderComesLate() throws IOException {
        List<Entry> entries = chainOf(Entry.CHAIN_START, 1, 1, 10);
        store.write(List.of(hardState(1, 1, "n1", 10), append(2, entries)));
        SnapshotMetadata older = take(store, entries.get(3), randomBytes(300_000));
        SnapshotMetadata newer = take(store, entries.get(6), randomBytes(300_000));
        assertEquals(Optional.empty(), store.readSnapshotChunk(older, 0, 100));
        assertThrows(IOException.class, () -> store.openSnapshot(older));
        assertEquals(newer, take(store, entries.get(4), randomBytes(10)));
        reopen();
        assertEquals(Optional.of(newer), store.latestSnapshot());
    }

    @Test
    void aSnapshotBeingReadStaysWholeWhenANewerOneReplacesIt() throws IOException {
        List<Entry> entries = chainOf(Entry.CHAIN_START, 1, 1, 10);
        store.write(List.of(hardState(1, 1, "n1", 10), append(2, entries)));
        byte[] state = randomBytes(900_000);
        SnapshotMetadata older = take(store, entries.get(3), state);
        try (InputStream in = store.openSnapshot(older)) {
            int first = in.read();
            take(store, entries.get(6), randomBytes(10));
            assertEquals(state[0] & 0xff, first);
            assertArrayEquals(java.util.Arrays.copyOfRange(state, 1, state.length), in.readAllBytes());
        }
    }

    @Test
    void aSnapshotGoesFromStoreToStoreInPieces() throws IOException {
        try (LogStore sender = openOther()) {
            byte[] state = randomBytes(700_001);
            SnapshotMetadata snapshot = snapshotOf(sender, state);
            store.write(List.of(hardState(1, 5, "n1", 0), append(2, chainOf(Entry.CHAIN_START, 1, 1, 30))));
            transfer(sender, snapshot, 100_000, 0);
            assertEquals(Optional.of(SESSIONS), store.installReceivedSnapshot(snapshot));
            reopen();
            RecoveredState recovered = store.recover();
            assertEquals(Optional.of(snapshot), recovered.snapshot());
            assertEquals(SESSIONS, recovered.sessions());
            assertEquals(List.of(), recovered.entries());
            assertEquals(5, recovered.hardState().term());
            try (InputStream in = store.openSnapshot(snapshot)) {
                assertArrayEquals(state, in.readAllBytes());
            }
        }
    }

    @Test
    void entriesBehindAnInstalledSnapshotStayIfTheyFollowIt() throws IOException {
        try (LogStore sender = openOther()) {
            List<Entry> entries = chainOf(Entry.CHAIN_START, 1, 1, 30);
            SnapshotMetadata snapshot = take(sender, entries.get(19), randomBytes(1000));
            store.write(List.of(hardState(1, 1, "n1", 0), append(2, entries)));
            transfer(sender, snapshot, 100_000, 0);
            assertEquals(Optional.of(SESSIONS), store.installReceivedSnapshot(snapshot));
            reopen();
            assertEquals(entries.subList(20, 30), store.recover().entries());
        }
    }

    @Test
    void aTransferThatBeginsAnewReplacesWhatCameBefore() throws IOException {
        try (LogStore sender = openOther()) {
            SnapshotMetadata snapshot = snapshotOf(sender, randomBytes(300_000));
            store.write(List.of(hardState(1, 1, "n1", 0)));
            store.receiveSnapshotChunk(snapshot, 0, Bytes.utf8("something else"));
            transfer(sender, snapshot, 77_777, 0);
            assertEquals(Optional.of(SESSIONS), store.installReceivedSnapshot(snapshot));
        }
    }

    @Test
    void aTransferGoesOnWhereItWasWhenTheStoreIsOpenedAgain() throws IOException {
        try (LogStore sender = openOther()) {
            byte[] state = randomBytes(700_001);
            SnapshotMetadata snapshot = snapshotOf(sender, state);
            store.write(List.of(hardState(1, 5, "n1", 0)));
            for (long offset = 0; offset < 300_000; offset += 100_000) {
                assertEquals(
                        offset + 100_000,
                        store.receiveSnapshotChunk(snapshot, offset, piece(sender, snapshot, offset)));
            }
            reopen();
            assertEquals(300_000, store.receiveSnapshotChunk(snapshot, 0, piece(sender, snapshot, 0)));
            for (long offset = 300_000; offset < snapshot.sizeBytes(); offset += 100_000) {
                store.receiveSnapshotChunk(snapshot, offset, piece(sender, snapshot, offset));
            }
            assertEquals(Optional.of(SESSIONS), store.installReceivedSnapshot(snapshot));
            reopen();
            assertEquals(Optional.of(snapshot), store.recover().snapshot());
            try (InputStream in = store.openSnapshot(snapshot)) {
                assertArrayEquals(state, in.readAllBytes());
            }
        }
    }

    @Test
    void aTransferThatHadAllButWasNotInstalledNeedsOnlyTheEnd() throws IOException {
        try (LogStore sender = openOther()) {
            SnapshotMetadata snapshot = snapshotOf(sender, randomBytes(300_000));
            store.write(List.of(hardState(1, 1, "n1", 0)));
            transfer(sender, snapshot, 100_000, 0);
            reopen();
            long size = store.receiveSnapshotChunk(snapshot, 0, piece(sender, snapshot, 0));
            assertEquals(snapshot.sizeBytes(), size);
            assertEquals(Bytes.EMPTY, piece(sender, snapshot, size));
            assertEquals(size, store.receiveSnapshotChunk(snapshot, size, Bytes.EMPTY));
            assertEquals(Optional.of(SESSIONS), store.installReceivedSnapshot(snapshot));
        }
    }

    @Test
    void aTransferThatWasOvertakenByTheOwnSnapshotIsForgotten() throws IOException {
        try (LogStore sender = openOther()) {
            List<Entry> entries = chainOf(Entry.CHAIN_START, 1, 1, 30);
            SnapshotMetadata older = take(sender, entries.get(19), randomBytes(300_000));
            store.write(List.of(hardState(1, 1, "n1", 0), append(2, entries)));
            store.receiveSnapshotChunk(older, 0, piece(sender, older, 0));
            store.receiveSnapshotChunk(older, 100_000, piece(sender, older, 100_000));
            SnapshotMetadata own = take(store, entries.get(24), randomBytes(1_000));
            reopen();
            assertEquals(100_000, store.receiveSnapshotChunk(older, 0, piece(sender, older, 0)));
            assertEquals(Optional.of(own), store.latestSnapshot());
        }
    }

    private static Bytes piece(LogStore sender, SnapshotMetadata snapshot, long offset) throws IOException {
        return sender.readSnapshotChunk(snapshot, offset, 100_000).orElseThrow();
    }

    @Test
    void aDamagedTransferIsRefusedAndChangesNothing() throws IOException {
        try (LogStore sender = openOther()) {
            SnapshotMetadata snapshot = snapshotOf(sender, randomBytes(300_000));
            List<Entry> entries = chainOf(Entry.CHAIN_START, 1, 1, 3);
            store.write(List.of(hardState(1, 1, "n1", 0), append(2, entries)));
            transfer(sender, snapshot, 100_000, 1);
            assertEquals(Optional.empty(), store.installReceivedSnapshot(snapshot));
            reopen();
            assertEquals(entries, store.recover().entries());
            assertEquals(Optional.empty(), store.latestSnapshot());
        }
    }

    @Test
    void aTransferThatStoppedShortIsRefused() throws IOException {
        try (LogStore sender = openOther()) {
            SnapshotMetadata snapshot = snapshotOf(sender, randomBytes(300_000));
            store.receiveSnapshotChunk(
                    snapshot, 0, sender.readSnapshotChunk(snapshot, 0, 1000).orElseThrow());
            assertEquals(Optional.empty(), store.installReceivedSnapshot(snapshot));
            assertEquals(Optional.empty(), store.latestSnapshot());
        }
    }

    @Test
    void aPieceThatDoesNotFollowTheOneBeforeIsAnError() throws IOException {
        SnapshotMetadata snapshot = new SnapshotMetadata(new LogPosition(1, 5), 99, 100, 0);
        store.receiveSnapshotChunk(snapshot, 0, Bytes.utf8("0123456789"));
        assertThrows(
                IllegalArgumentException.class,
                () -> store.receiveSnapshotChunk(snapshot, 11, Bytes.utf8("0123456789")));
    }

    private static SnapshotMetadata snapshotOf(LogStore store, byte[] state) throws IOException {
        return take(store, chainOf(Entry.CHAIN_START, 4, 20, 1).get(0), state);
    }

    private static SnapshotMetadata take(LogStore store, Entry last, byte[] state) throws IOException {
        try (LogStore.SnapshotSink sink = store.beginSnapshot(last.position(), last.chain(), SESSIONS)) {
            sink.content().write(state);
            sink.content().close();
            return sink.commit();
        }
    }

    private void transfer(LogStore sender, SnapshotMetadata snapshot, int pieceBytes, int flippedByte)
            throws IOException {
        for (long offset = 0; offset < snapshot.sizeBytes(); ) {
            byte[] piece = sender.readSnapshotChunk(snapshot, offset, pieceBytes)
                    .orElseThrow()
                    .toByteArray();
            piece[piece.length - 1] ^= (byte) flippedByte;
            store.receiveSnapshotChunk(snapshot, offset, Bytes.wrap(piece));
            offset += piece.length;
        }
    }

    @SafeVarargs
    private static List<Entry> concat(List<Entry>... parts) {
        List<Entry> all = new ArrayList<>();
        for (List<Entry> part : parts) {
            all.addAll(part);
        }
        return all;
    }

    private static byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }
}
