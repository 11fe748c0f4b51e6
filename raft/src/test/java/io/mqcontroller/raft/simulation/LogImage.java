package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.HardState;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.RecoveredState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Content of a store at one moment. Refuses what no store could keep: a gap, an entry that does not fit the one before it, a
 * snapshot that would throw away what is newer.
 */
final class LogImage {
    private final boolean verifying;
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
        entries.clear();
        entries.addAll(other.entries);
        hardState = other.hardState;
        snapshot = other.snapshot;
        base = other.base;
        baseChain = other.baseChain;
    }

    void write(Effect.Persist persist) {
        persist.hardState().ifPresent(state -> hardState = state);
        if (persist.truncateFrom().isPresent()) {
            truncateFrom(persist.truncateFrom().getAsLong());
        }
        for (Entry entry : persist.append()) {
            append(entry);
        }
    }

    private void truncateFrom(long index) {
        if (index <= base.index()) {
            throw new AssertionError("truncation from " + index + " on reaches behind the start of the log at " + base);
        }
        int keep = (int) (index - base.index() - 1);
        if (keep < entries.size()) {
            entries.subList(keep, entries.size()).clear();
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

    /**
     * What a store gives back at start.
     *
     * @param before entries that the snapshot covers, which may come along if they are still there
     */
    RecoveredState recover(int before) {
        if (snapshot.isEmpty()) {
            return new RecoveredState(hardState, Optional.empty(), Bytes.EMPTY, List.copyOf(entries));
        }
        LogPosition covered = snapshot.get().metadata().last();
        int skip = (int) Math.max(0, Math.min(entries.size(), covered.index() - base.index()) - before);
        return new RecoveredState(
                hardState,
                snapshot.map(StoredSnapshot::metadata),
                snapshot.get().sessions(),
                List.copyOf(entries.subList(skip, entries.size())));
    }
}
