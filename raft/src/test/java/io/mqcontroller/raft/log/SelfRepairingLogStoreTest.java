package io.mqcontroller.raft.log;

import static io.mqcontroller.raft.log.Entries.append;
import static io.mqcontroller.raft.log.Entries.chainOf;
import static io.mqcontroller.raft.log.Entries.hardState;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.HardState;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RecoveredState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelfRepairingLogStoreTest {
    private static final StoreOwner OWNER = new StoreOwner("cluster-a", new NodeId("n0"));

    @TempDir
    private Path temp;

    private Path directory() {
        return temp.resolve("raft");
    }

    private void write(int entries) throws IOException {
        try (RocksLogStore store = RocksLogStore.open(directory(), OWNER)) {
            store.write(List.of(hardState(1, 5, "n1", entries), append(2, chainOf(Entry.CHAIN_START, 1, 1, entries))));
        }
    }

    /** Sound for RocksDB, and not what was written. */
    private void breakTheChain() throws IOException {
        try (RocksLogStore store = RocksLogStore.open(directory(), OWNER)) {
            store.write(List.of(append(3, chainOf(Entry.CHAIN_START + 1, 1, 4, 1))));
        }
    }

    private RecoveredState recover() throws IOException {
        try (SelfRepairingLogStore store = SelfRepairingLogStore.open(directory(), OWNER, true)) {
            return store.recover();
        }
    }

    private List<Path> keptAside() throws IOException {
        try (Stream<Path> files = Files.list(temp)) {
            return files.filter(file -> file.getFileName().toString().startsWith("raft.damaged-"))
                    .sorted()
                    .toList();
        }
    }

    private void assertBeganAnew(RecoveredState recovered) throws IOException {
        assertTrue(recovered.hardState().isRecovering());
        assertEquals(HardState.afterLoss(recovered.hardState().recoveryId()), recovered.hardState());
        assertEquals(List.of(), recovered.entries());
        assertFalse(new StoreReplacement(directory(), OWNER).isUnderWay());
        assertEquals(recovered.hardState(), recover().hardState(), "says so after each restart");
    }

    @Test
    void soundStoreStaysAsItIs() throws IOException {
        write(10);
        assertEquals(10, recover().entries().size());
        assertEquals(List.of(), keptAside());
    }

    @Test
    void storeThatDoesNotOpenIsKeptAsideAndReplacedByOneThatSaysSo() throws IOException {
        write(10);
        Files.delete(directory().resolve("CURRENT"));
        RecoveredState recovered = recover();
        assertBeganAnew(recovered);
        assertEquals(1, keptAside().size());
        assertTrue(Files.exists(keptAside().get(0).resolve("IDENTITY")), "the files are all there");
    }

    @Test
    void entryThatFailsItsCheckIsNoticedWhenTheStoreIsReadBack() throws IOException {
        write(3);
        breakTheChain();
        assertBeganAnew(recover());
        try (RocksLogStore kept = RocksLogStore.open(keptAside().get(0), OWNER)) {
            assertThrows(DamagedStoreException.class, kept::recover);
        }
    }

    @Test
    void replacedStoreTakesWritesAndKeepsThem() throws IOException {
        write(3);
        breakTheChain();
        try (SelfRepairingLogStore store = SelfRepairingLogStore.open(directory(), OWNER, true)) {
            store.recover();
            store.write(List.of(hardState(1, 1, "n1", 0), append(2, chainOf(Entry.CHAIN_START, 1, 1, 5))));
        }
        assertEquals(5, recover().entries().size());
    }

    @Test
    void eachLossHasItsOwnNumberAndItsOwnFolder() throws IOException {
        write(3);
        breakTheChain();
        long first = recover().hardState().recoveryId();
        Files.delete(directory().resolve("CURRENT"));
        assertNotEquals(first, recover().hardState().recoveryId());
        assertEquals(2, keptAside().size());
    }

    @Test
    void replacementThatWasInterruptedBeforeTheFilesWereMovedIsFinished() throws IOException {
        write(3);
        breakTheChain();
        new StoreReplacement(directory(), OWNER).begin("a test");
        assertBeganAnew(recover());
        assertEquals(1, keptAside().size());
    }

    @Test
    void replacementThatWasInterruptedBeforeTheNewStoreWasMadeIsFinished() throws IOException {
        write(3);
        Path aside = new StoreReplacement(directory(), OWNER).begin("a test");
        Files.move(directory(), aside);
        assertBeganAnew(recover());
        assertEquals(List.of(aside), keptAside());
    }

    @Test
    void replacementThatWasInterruptedBeforeTheNewStoreSaysSoIsFinished() throws IOException {
        write(3);
        Path aside = new StoreReplacement(directory(), OWNER).begin("a test");
        Files.move(directory(), aside);
        RocksLogStore.open(directory(), OWNER).close();
        assertBeganAnew(recover());
        assertEquals(List.of(aside), keptAside());
    }

    @Test
    void newStoreThatWasCutShortInItsMakingIsMadeAnew() throws IOException {
        write(3);
        Path aside = new StoreReplacement(directory(), OWNER).begin("a test");
        Files.move(directory(), aside);
        RocksLogStore.open(directory(), OWNER).close();
        Files.delete(directory().resolve("CURRENT"));
        assertBeganAnew(recover());
    }

    @Test
    void storeInThePlaceOfOneThatJoinedGoesByTheSameIncarnation() throws IOException {
        StoreOwner joining = new StoreOwner("cluster-a", new NodeId("n0"), 77);
        SelfRepairingLogStore.open(directory(), OWNER, true).close();
        Files.move(directory(), temp.resolve("of an earlier cluster"));
        SelfRepairingLogStore.open(directory(), joining, true).close();
        Files.delete(directory().resolve("CURRENT"));
        StoreOwner later = new StoreOwner("cluster-a", new NodeId("n0"), 78);
        try (SelfRepairingLogStore store = SelfRepairingLogStore.open(directory(), later, true)) {
            assertEquals(77, store.recover().incarnation());
            assertTrue(store.recover().hardState().isRecovering());
        }
    }

    @Test
    void onlyCopyIsRefusedWithTheWayOut() throws IOException {
        write(3);
        breakTheChain();
        try (SelfRepairingLogStore store = SelfRepairingLogStore.open(directory(), OWNER, false)) {
            DamagedStoreException refused = assertThrows(DamagedStoreException.class, store::recover);
            assertTrue(refused.getMessage().contains("mv " + directory() + " "), refused.getMessage());
        }
        assertEquals(List.of(), keptAside());
    }

    @Test
    void storeOfSomebodyElseIsRefusedAndLeftAlone() throws IOException {
        write(3);
        assertThrows(
                ForeignStoreException.class,
                () -> SelfRepairingLogStore.open(directory(), new StoreOwner("cluster-b", new NodeId("n0")), true));
        assertEquals(List.of(), keptAside());
    }
}
