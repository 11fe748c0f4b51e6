package io.mqcontroller.raft.log;

import static io.mqcontroller.raft.log.Entries.append;
import static io.mqcontroller.raft.log.Entries.chainOf;
import static io.mqcontroller.raft.log.Entries.hardState;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.proto.raft.StoreIdentity;
import io.mqcontroller.raft.codec.EntryCodec;
import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RecoveredState;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** What must be refused, and what must not. */
class RocksLogStoreDamageTest {
    private static final StoreOwner OWNER = new StoreOwner("cluster-a", new NodeId("n0"));

    @TempDir
    private Path temp;

    private Path directory() {
        return temp.resolve("store");
    }

    @Test
    void anyByteFlippedInTheMiddleOfTheWriteAheadLogIsRefused() throws IOException {
        write(1, 200);
        Path log = theWriteAheadLog();
        long size = Files.size(log);
        int refused = 0;
        for (int part = 1; part <= 20; part++) {
            long offset = size * part / 25;
            flip(log, offset);
            assertThrows(DamagedStoreException.class, this::recover, "flipped byte at " + offset + " of " + size);
            flip(log, offset);
            refused++;
        }
        assertEquals(20, refused);
        assertEquals(200, recover().entries().size());
    }

    @Test
    void anyByteFlippedInTheBlocksOfATableIsRefused() throws IOException {
        write(1, 200);
        // Opening moves what the log held to a table.
        recover();
        Path table = theLargestTable();
        for (long offset = 10; offset < Files.size(table) * 3 / 4; offset += 997) {
            flip(table, offset);
            assertThrows(DamagedStoreException.class, this::recover, "flipped byte at " + offset);
            flip(table, offset);
        }
        assertEquals(200, recover().entries().size());
    }

    private Path theLargestTable() throws IOException {
        try (Stream<Path> files = Files.list(directory())) {
            return files.filter(file -> file.toString().endsWith(".sst"))
                    .max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        }
    }

    @Test
    void aTornTailOfTheWriteAheadLogIsAccepted() throws IOException {
        write(1, 100);
        writeMore(101, 1);
        Path log = theWriteAheadLog();
        cutTo(log, Files.size(log) - 20);
        // The cut-off entry was never acknowledged: a torn record is one whose sync did not return.
        assertEquals(100, recover().entries().size());
    }

    @Test
    void aWriteAheadLogThatIsGoneIsRefused() throws IOException {
        write(1, 100);
        Files.delete(theWriteAheadLog());
        assertThrows(DamagedStoreException.class, this::recover);
    }

    @Test
    void aTableThatIsGoneIsRefused() throws IOException {
        write(1, 200);
        recover();
        Files.delete(theLargestTable());
        assertThrows(DamagedStoreException.class, this::recover);
    }

    @Test
    void anEntryOfAKindThatOnlyNewerVersionsKnowIsNoDamage() throws IOException, RocksDBException {
        write(1, 3);
        recover();
        byte[] newer = EntryCodec.encode(chainOf(Entry.CHAIN_START, 1, 4, 1).get(0)).toBuilder()
                .setKind(99)
                .build()
                .toByteArray();
        try (RocksDatabase raw = RocksDatabase.open(directory(), OWNER)) {
            raw.writeSynced(batch -> batch.put(
                    raw.handle(RocksDatabase.Family.ENTRIES),
                    ByteBuffer.allocate(Long.BYTES).putLong(4).array(),
                    newer));
        }
        ForeignStoreException refused = assertThrows(ForeignStoreException.class, this::recover);
        assertTrue(refused.getMessage().contains("kind 99 at index 4"), refused.getMessage());
    }

    @Test
    void aDatabaseWithoutItsPointerIsNotMadeAnew() throws IOException {
        write(1, 100);
        Files.delete(directory().resolve("CURRENT"));
        DamagedStoreException refused = assertThrows(DamagedStoreException.class, this::recover);
        assertTrue(refused.getMessage().contains(directory().toString()), refused.getMessage());
    }

    @Test
    void aStoreOfAnotherMemberOrClusterIsRefusedWithBothNamed() throws IOException {
        write(1, 1);
        ForeignStoreException otherCluster = assertThrows(
                ForeignStoreException.class,
                () -> RocksLogStore.open(directory(), new StoreOwner("cluster-b", new NodeId("n0"))));
        assertEquals(
                "the store " + directory()
                        + " belongs to member n0 of cluster cluster-a, not to member n0 of cluster cluster-b",
                otherCluster.getMessage());
        ForeignStoreException otherMember = assertThrows(
                ForeignStoreException.class,
                () -> RocksLogStore.open(directory(), new StoreOwner("cluster-a", new NodeId("n1"))));
        assertTrue(otherMember.getMessage().endsWith("not to member n1 of cluster cluster-a"));
    }

    @Test
    void aStoreOfANewerFormatIsRefused() throws IOException, RocksDBException {
        byte[] newer = StoreIdentity.newBuilder()
                .setFormatVersion(StoreIdentityCheck.FORMAT_VERSION + 1)
                .setCluster("cluster-a")
                .setNodeId("n0")
                .build()
                .toByteArray();
        Files.createDirectories(directory());
        try (Options options = new Options().setCreateIfMissing(true);
                RocksDB raw = RocksDB.open(options, directory().toString())) {
            raw.put("identity".getBytes(StandardCharsets.US_ASCII), newer);
        }
        ForeignStoreException refused = assertThrows(ForeignStoreException.class, this::recover);
        assertTrue(refused.getMessage().contains("format 2, written by a newer version"), refused.getMessage());
    }

    @Test
    void aStoreThatIsOpenElsewhereIsRefusedAsInUse() throws IOException {
        try (RocksLogStore first = RocksLogStore.open(directory(), OWNER)) {
            first.write(List.of(hardState(1, 1, "n0", 0)));
            IOException refused = assertThrows(IOException.class, () -> RocksLogStore.open(directory(), OWNER));
            assertFalse(refused instanceof DamagedStoreException);
            assertTrue(refused.getMessage().contains("in use by another process"), refused.getMessage());
        }
    }

    @Test
    void anEntryThatStandsAfterAnotherPastIsRefused() throws IOException {
        List<Entry> right = chainOf(Entry.CHAIN_START, 1, 1, 5);
        List<Entry> wrongPast = chainOf(Entry.CHAIN_START + 1, 1, 6, 5);
        assertRefused("index 6 is not what was written there", right, wrongPast);
    }

    @Test
    void aGapInTheLogIsRefused() throws IOException {
        List<Entry> entries = chainOf(Entry.CHAIN_START, 1, 1, 10);
        assertRefused("goes on at index 7 where 6 belongs", entries.subList(0, 5), entries.subList(6, 10));
    }

    @Test
    void aLogThatEndsBeforeItsCommitIndexIsRefused() throws IOException {
        try (RocksLogStore store = RocksLogStore.open(directory(), OWNER)) {
            store.write(List.of(hardState(1, 1, "n0", 11), append(2, chainOf(Entry.CHAIN_START, 1, 1, 10))));
        }
        DamagedStoreException refused = assertThrows(DamagedStoreException.class, this::recover);
        assertTrue(refused.getMessage().contains("ends at 1/10"), refused.getMessage());
    }

    private void assertRefused(String why, List<Entry> first, List<Entry> second) throws IOException {
        try (RocksLogStore store = RocksLogStore.open(directory(), OWNER)) {
            store.write(List.of(hardState(1, 1, "n0", 0), append(2, first), append(3, second)));
        }
        DamagedStoreException refused = assertThrows(DamagedStoreException.class, this::recover);
        assertTrue(refused.getMessage().contains(why), refused.getMessage());
    }

    @Test
    void aClosedStoreAnswersWithAnErrorInsteadOfCrashing() throws IOException {
        RocksLogStore store = RocksLogStore.open(directory(), OWNER);
        Entry last = chainOf(Entry.CHAIN_START, 1, 1, 1).get(0);
        store.write(List.of(hardState(1, 1, "n0", 0), append(2, List.of(last))));
        InputStream snapshot;
        try (LogStore.SnapshotSink sink = store.beginSnapshot(last.position(), last.chain(), Bytes.EMPTY)) {
            sink.content().write(new byte[1_000_000]);
            snapshot = store.openSnapshot(sink.commit());
        }
        store.close();
        store.close();
        assertThrows(IOException.class, () -> snapshot.readAllBytes());
        snapshot.close();
        assertThrows(IOException.class, () -> store.write(List.of(hardState(3, 2, "n0", 0))));
        assertThrows(IOException.class, () -> store.beginSnapshot(new LogPosition(1, 1), 0, Bytes.EMPTY)
                .commit());
    }

    /** Each batch that was reported is whole, and so is any that was not: kill -9 between any two instructions. */
    @Test
    void aKilledWriterLeavesWholeBatchesAndNothingReportedIsLost() throws Exception {
        for (int round = 0; round < 3; round++) {
            Path store = temp.resolve("killed-" + round);
            long reported = killAfterLines(store, 20 + 37 * round);
            try (RocksLogStore reopened = RocksLogStore.open(store, OWNER)) {
                RecoveredState recovered = reopened.recover();
                int found = recovered.entries().size();
                assertTrue(found >= reported, found + " entries of " + reported + " reported ones");
                assertEquals(0, found % 10);
                assertEquals(found, recovered.hardState().commitIndex());
            }
        }
    }

    private static long killAfterLines(Path store, int lines) throws Exception {
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StoreWriterProgram.class.getName(),
                        store.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = writer.inputReader()) {
            for (int line = 0; line < lines; line++) {
                out.readLine();
            }
            // By its handle: the process object would close the pipe with the last reports in it.
            writer.toHandle().destroyForcibly();
            long reported = 0;
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                reported = Long.parseLong(line);
            }
            return reported;
        } finally {
            writer.destroyForcibly();
            assertTrue(writer.waitFor(10, TimeUnit.SECONDS));
        }
    }

    private void write(long first, int count) throws IOException {
        try (RocksLogStore store = RocksLogStore.open(directory(), OWNER)) {
            store.write(List.of(hardState(1, 1, "n0", 0)));
            for (Entry entry : chainOf(Entry.CHAIN_START, 1, first, count)) {
                store.write(List.of(append(entry.index(), List.of(entry))));
            }
        }
    }

    private void writeMore(long first, int count) throws IOException {
        try (RocksLogStore store = RocksLogStore.open(directory(), OWNER)) {
            List<Entry> entries = store.recover().entries();
            long chain = entries.get(entries.size() - 1).chain();
            store.write(List.of(append(first, chainOf(chain, 1, first, count))));
        }
    }

    private RecoveredState recover() throws IOException {
        try (RocksLogStore store = RocksLogStore.open(directory(), OWNER)) {
            return store.recover();
        }
    }

    private Path theWriteAheadLog() throws IOException {
        List<Path> logs = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory())) {
            files.filter(file -> file.toString().endsWith(".log"))
                    .filter(file -> file.toFile().length() > 0)
                    .forEach(logs::add);
        }
        assertEquals(1, logs.size(), "write-ahead logs: " + logs);
        return logs.get(0);
    }

    private static void flip(Path file, long offset) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(offset);
            int old = bytes.read();
            bytes.seek(offset);
            bytes.write(old ^ 0x10);
        }
    }

    private static void cutTo(Path file, long size) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(new File(file.toString()), "rw")) {
            bytes.setLength(size);
        }
    }
}
