package io.mqcontroller.raft.simulation;

import com.google.protobuf.InvalidProtocolBufferException;
import io.mqcontroller.proto.raft.LogEntry;
import io.mqcontroller.raft.codec.EntryCodec;
import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.RecoveredState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Reads a store back at start, and checks what the real one checks, record by record. */
final class StoreOpening {
    private final LogImage image;
    private final Predicate<StoreCheck> checks;

    /** @param checks which are made */
    StoreOpening(LogImage image, Predicate<StoreCheck> checks) {
        this.image = image;
        this.checks = checks;
    }

    /**
     * Afterwards the image is what was read.
     *
     * @param before entries that the snapshot covers, which may come along if they are still there
     * @throws DamagedStore if a check finds something
     */
    RecoveredState recover(int before) throws DamagedStore {
        if (image.databaseIsBroken()) {
            if (checks.test(StoreCheck.DATABASE_CHECKSUMS)) {
                throw new DamagedStore("the database does not open");
            }
            image.loseBehindTheBreak();
        }
        Bytes sessions = openSnapshot();
        readRecords();
        LogPosition last = image.last();
        boolean fit = last.term() <= image.hardState().term()
                && last.index() >= image.hardState().commitIndex();
        if (!fit && checks.test(StoreCheck.PARTS_FIT)) {
            throw new DamagedStore("the log ends at " + last + ", with " + image.hardState());
        }
        return new RecoveredState(
                image.hardState(),
                image.snapshot().map(StoredSnapshot::metadata),
                sessions,
                image.entriesFrom(coveredIndex() - before));
    }

    private long coveredIndex() {
        return image.snapshot().map(s -> s.metadata().last().index()).orElse(0L);
    }

    private Bytes openSnapshot() throws DamagedStore {
        if (image.snapshot().isEmpty()) {
            return Bytes.EMPTY;
        }
        StoredSnapshot stored = image.snapshot().get();
        if (checks.test(StoreCheck.SNAPSHOT_CHECKSUM)
                && StoredSnapshot.checked(stored.metadata(), stored.content()).isEmpty()) {
            throw new DamagedStore("the snapshot " + stored.metadata() + " is not what was written");
        }
        return stored.sessions();
    }

    /** Of damaged records those behind the snapshot; nobody reads the others. */
    private void readRecords() throws DamagedStore {
        long covered = coveredIndex();
        if (!image.isDamagedBehind(covered)) {
            image.forgetDamage();
            return;
        }
        long index = Math.max(covered, image.base());
        long chain = image.chain(index).orElseThrow();
        long first = index + 1;
        List<Entry> read = new ArrayList<>();
        while (index < image.last().index()) {
            index++;
            Entry entry = readRecord(index, chain);
            chain = entry.chain();
            read.add(entry);
        }
        image.replaceFrom(first, read);
        image.forgetDamage();
    }

    private Entry readRecord(long index, long chain) throws DamagedStore {
        Optional<byte[]> record = image.damagedRecord(index);
        Entry entry = record.isPresent() ? parse(record.get(), index) : image.entryAt(index);
        boolean intact = entry.index() == index && hasItsChecksum(entry);
        if (!intact && checks.test(StoreCheck.ENTRY_CHECKSUM)) {
            throw new DamagedStore("the entry at " + index + " is not what was written there");
        }
        boolean fits = entry.isIntactAfter(chain);
        if (intact && !fits && checks.test(StoreCheck.CHAIN)) {
            throw new DamagedStore("the entry at " + index + " stands behind another past");
        }
        // A store that does not look takes what it finds for what was written there.
        return intact && fits
                ? entry
                : Entry.create(
                        chain, new LogPosition(entry.term(), index), entry.kind(), entry.proposal(), entry.command());
    }

    /** Whatever it stands behind. */
    private static boolean hasItsChecksum(Entry entry) {
        Entry same = Entry.create(0, entry.position(), entry.kind(), entry.proposal(), entry.command());
        return same.checksum() == entry.checksum();
    }

    private Entry parse(byte[] record, long index) throws DamagedStore {
        try {
            return EntryCodec.decode(LogEntry.parseFrom(record));
        } catch (InvalidProtocolBufferException | IllegalArgumentException unreadable) {
            throw new DamagedStore("the entry at " + index + " is unreadable: " + unreadable.getMessage());
        }
    }
}
