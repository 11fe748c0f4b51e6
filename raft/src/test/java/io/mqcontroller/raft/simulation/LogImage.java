package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.HardState;
import io.mqcontroller.raft.core.LogPosition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Content of a store at one moment. Refuses what no store could keep: a gap, an entry that does not fit the one before it, a
 * snapshot that would throw away what is newer.
 */
final class LogImage {
    private static final int FORMER_KEPT = 50;

    private final boolean verifying;
    /** What was written over entries while the member was down, by index. */
    private final TreeMap<Long, byte[]> damagedRecords = new TreeMap<>();
    /** Entries that were truncated lately. */
    private final ArrayDeque<Entry> former = new ArrayDeque<>();

    private HardState formerHardState = HardState.INITIAL;
    private OptionalLong brokenAt = OptionalLong.empty();
    private final ArrayList<Entry> entries = new ArrayList<>();
    private HardState hardState = HardState.INITIAL;
    private Optional<StoredSnapshot> snapshot = Optional.empty();
    private LogPosition base = LogPosition.ZERO;
    private long baseChain = Entry.CHAIN_START;

    /** @param verifying whether each entry's checksums are computed again; once per entry is enough */
    LogImage(boolean verifying) {
        this.verifying = verifying;
    }

    void becomeCopyOf(LogImage other) {
        forgetDamage();
        brokenAt = OptionalLong.empty();
        entries.clear();
        entries.addAll(other.entries);
        hardState = other.hardState;
        snapshot = other.snapshot;
        base = other.base;
        baseChain = other.baseChain;
    }

    void write(Effect.Persist persist) {
        persist.hardState().ifPresent(this::replace);
        if (persist.truncateFrom().isPresent()) {
            truncateFrom(persist.truncateFrom().getAsLong());
        }
        for (Entry entry : persist.append()) {
            append(entry);
        }
    }

    private void replace(HardState state) {
        formerHardState = hardState;
        hardState = state;
    }

    private void truncateFrom(long index) {
        if (index <= base.index()) {
            throw new AssertionError("truncation from " + index + " on reaches behind the start of the log at " + base);
        }
        int keep = (int) (index - base.index() - 1);
        if (keep < entries.size()) {
            former.addAll(entries.subList(keep, entries.size()));
            entries.subList(keep, entries.size()).clear();
            while (former.size() > FORMER_KEPT) {
                former.remove();
            }
        }
    }

    private void append(Entry entry) {
        if (entry.index() != last().index() + 1) {
            throw new AssertionError("entry " + entry.position() + " is appended behind " + last());
        }
        if (verifying && !entry.isIntactAfter(lastChain())) {
            throw new AssertionError("entry " + entry.position() + " does not fit the log that ends at " + last());
        }
        entries.add(entry);
    }

    /** What the newest snapshot covers may go. */
    void compactThrough(long index) {
        long covered = snapshot.map(s -> s.metadata().last().index()).orElse(0L);
        if (index > covered) {
            throw new AssertionError("compaction up to " + index + ", but the snapshot covers " + covered);
        }
        long drop = Math.min(index, last().index()) - base.index();
        if (drop > 0) {
            Entry lastDropped = entries.get((int) drop - 1);
            base = lastDropped.position();
            baseChain = lastDropped.chain();
            entries.subList(0, (int) drop).clear();
        }
    }

    void setOwnSnapshot(StoredSnapshot taken) {
        snapshot = Optional.of(taken);
    }

    void install(StoredSnapshot received) {
        LogPosition last = received.metadata().last();
        if (snapshot.isPresent() && snapshot.get().metadata().last().index() >= last.index()) {
            throw new AssertionError("snapshot of " + last + " would replace the one of "
                    + snapshot.get().metadata().last());
        }
        OptionalLong ownChain = chain(last.index());
        boolean logGoesOn = ownChain.isPresent()
                && ownChain.getAsLong() == received.metadata().chain();
        snapshot = Optional.of(received);
        if (logGoesOn) {
            compactThrough(last.index());
        } else {
            entries.clear();
            base = last;
            baseChain = received.metadata().chain();
        }
    }

    LogPosition last() {
        return entries.isEmpty() ? base : entries.get(entries.size() - 1).position();
    }

    private long lastChain() {
        return entries.isEmpty() ? baseChain : entries.get(entries.size() - 1).chain();
    }

    OptionalLong chain(long index) {
        if (index == base.index()) {
            return OptionalLong.of(baseChain);
        }
        return index < base.index() || index > last().index()
                ? OptionalLong.empty()
                : OptionalLong.of(entries.get((int) (index - base.index() - 1)).chain());
    }

    boolean holds(long index, long chain) {
        OptionalLong own = chain(index);
        return own.isPresent() ? own.getAsLong() == chain : index < base.index();
    }

    HardState hardState() {
        return hardState;
    }

    Optional<StoredSnapshot> snapshot() {
        return snapshot;
    }

    /** The newest {@code count} entries are gone: what no disk that keeps its word does. */
    void lose(int count) {
        for (int i = 0; i < count && !entries.isEmpty(); i++) {
            entries.remove(entries.size() - 1);
        }
    }

    // ---- damage, and what finds it

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Index of the place before the first entry. */
    long base() {
        return base.index();
    }

    Entry entryAt(long index) {
        return entries.get((int) (index - base.index() - 1));
    }

    Entry anyEntry(Chance chance) {
        return chance.oneOf(entries);
    }

    /** An entry that was here once, in a place where another one is now, with more behind it. */
    Optional<Entry> former(Chance chance) {
        List<Entry> replaced = former.stream()
                .filter(entry -> entry.index() > base.index()
                        && entry.index() < last().index()
                        && entryAt(entry.index()).chain() != entry.chain())
                .toList();
        return replaced.isEmpty() ? Optional.empty() : Optional.of(chance.oneOf(replaced));
    }

    void putRecord(long index, byte[] record) {
        damagedRecords.put(index, record);
    }

    Optional<byte[]> damagedRecord(long index) {
        return Optional.ofNullable(damagedRecords.get(index));
    }

    boolean isDamagedBehind(long index) {
        return !damagedRecords.isEmpty() && damagedRecords.lastKey() > index;
    }

    boolean isDamaged() {
        return !damagedRecords.isEmpty()
                || brokenAt.isPresent()
                || snapshot.isPresent() && !snapshot.get().isIntact();
    }

    void forgetDamage() {
        damagedRecords.clear();
    }

    /** What was written from {@code index} on can't be read, and all else that was written after it. */
    void breakDatabaseAt(long index) {
        brokenAt = OptionalLong.of(index);
    }

    boolean databaseIsBroken() {
        return brokenAt.isPresent();
    }

    /** As a database does that goes back to the last point in time at which all was in order, and does not say so. */
    void loseBehindTheBreak() {
        truncateFrom(Math.max(brokenAt.getAsLong(), base.index() + 1));
        hardState = formerHardState;
        brokenAt = OptionalLong.empty();
    }

    /** From {@code index} on these are the entries now. */
    void replaceFrom(long index, List<Entry> read) {
        entries.subList((int) (index - base.index() - 1), entries.size()).clear();
        entries.addAll(read);
    }

    /** Those behind {@code index}, and the one there if it is kept. */
    List<Entry> entriesFrom(long index) {
        int skip = (int) Math.max(0, Math.min(entries.size(), index - base.index()));
        return List.copyOf(entries.subList(skip, entries.size()));
    }
}
