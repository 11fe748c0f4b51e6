package io.mqcontroller.raft.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.EntryKind;
import io.mqcontroller.raft.core.HardState;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.ProposalId;
import io.mqcontroller.raft.core.RecoveredState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a simulated disk does to a store is found when the store opens, and is not when the check for it is left out. */
class StoreOpeningTest {
    @Test
    void givesBackWhatWasWritten() throws DamagedStore {
        LogImage image = image();
        List<Entry> written = image.entriesFrom(0);
        RecoveredState recovered = new StoreOpening(image, check -> true).recover(0);
        assertEquals(written, recovered.entries());
        assertEquals(image.hardState(), recovered.hardState());
    }

    @ParameterizedTest
    @EnumSource(StoreDamage.class)
    void findsEachKindOfDamage(StoreDamage damage) {
        for (long seed = 1; seed <= 50; seed++) {
            LogImage image = image();
            image.setOwnSnapshot(snapshot());
            if (damage.strike(image, new Chance(seed))) {
                assertTrue(image.isDamaged());
                assertThrows(DamagedStore.class, () -> new StoreOpening(image, check -> true).recover(0));
            }
        }
    }

    @Test
    void takesAStaleEntryForGoodWithoutTheChain() throws DamagedStore {
        LogImage image = image();
        List<Entry> written = image.entriesFrom(0);
        assertTrue(StoreDamage.STALE_READ.strike(image, new Chance(1)));
        RecoveredState recovered = new StoreOpening(image, check -> check != StoreCheck.CHAIN).recover(0);
        assertEquals(written.size(), recovered.entries().size());
        assertNotEquals(written, recovered.entries());
    }

    @Test
    void forgetsWhatCameAfterTheDamageWithoutTheDatabasesChecksums() throws DamagedStore {
        LogImage image = image();
        image.breakDatabaseAt(5);
        RecoveredState recovered = new StoreOpening(
                        image, check -> check != StoreCheck.DATABASE_CHECKSUMS && check != StoreCheck.PARTS_FIT)
                .recover(0);
        assertEquals(4, recovered.entries().size());
        assertEquals(1, recovered.hardState().term());
    }

    /** Entries 3 to 6 were written twice, the second time in term 2. */
    private static LogImage image() {
        LogImage image = new LogImage(true);
        List<Entry> first = entriesAfter(List.of(), 1, 6);
        image.write(
                new Effect.Persist(1, Optional.of(new HardState(1, Optional.empty(), 2)), OptionalLong.empty(), first));
        List<Entry> second = entriesAfter(first.subList(0, 2), 2, 10);
        image.write(
                new Effect.Persist(2, Optional.of(new HardState(2, Optional.empty(), 2)), OptionalLong.of(3), second));
        return image;
    }

    private static List<Entry> entriesAfter(List<Entry> before, long term, int through) {
        long chain = before.isEmpty()
                ? Entry.CHAIN_START
                : before.get(before.size() - 1).chain();
        List<Entry> entries = new ArrayList<>();
        for (int index = before.size() + 1; index <= through; index++) {
            Entry entry = Entry.create(
                    chain, new LogPosition(term, index), EntryKind.COMMAND, new ProposalId(1, index), Bytes.utf8("x"));
            entries.add(entry);
            chain = entry.chain();
        }
        return entries;
    }

    private static StoredSnapshot snapshot() {
        return StoredSnapshot.of(LogPosition.ZERO, Entry.CHAIN_START, Bytes.utf8("sessions"), Bytes.utf8("state"));
    }
}
