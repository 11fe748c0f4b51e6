package io.mqcontroller.raft.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The log in memory: everything behind the last compaction. Metadata entries are small and compaction bounds their number,
 * so that no read of the log ever waits for the disk. {@code base} is the place before the first entry that is kept.
 */
final class RaftLog {
    /** What an entry costs beside its command, for limits in bytes. */
    private static final int ENTRY_OVERHEAD_BYTES = 64;

    private final ArrayList<Entry> entries = new ArrayList<>();
    /** Term to the first kept index of that term: finds the ends of a term without walking the log. */
    private final TreeMap<Long, Long> firstIndexOfTerm = new TreeMap<>();

    private LogPosition base;
    private long baseChain;

    RaftLog(LogPosition base, long baseChain) {
        this.base = base;
        this.baseChain = baseChain;
    }

    static int sizeOf(Entry entry) {
        return entry.command().size() + ENTRY_OVERHEAD_BYTES;
    }

    LogPosition base() {
        return base;
    }

    long lastIndex() {
        return base.index() + entries.size();
    }

    LogPosition last() {
        return entries.isEmpty() ? base : entries.get(entries.size() - 1).position();
    }

    long lastChain() {
        return entries.isEmpty() ? baseChain : entries.get(entries.size() - 1).chain();
    }

    /** Whether the place of {@code index} is known: {@code base} itself, or a kept entry. */
    boolean knows(long index) {
        return index >= base.index() && index <= lastIndex();
    }

    boolean holds(LogPosition position) {
        return knows(position.index()) && termAt(position.index()) == position.term();
    }

    long termAt(long index) {
        return index == base.index() ? base.term() : entryAt(index).term();
    }

    long chainAt(long index) {
        return index == base.index() ? baseChain : entryAt(index).chain();
    }

    LogPosition positionAt(long index) {
        return index == base.index() ? base : entryAt(index).position();
    }

    Entry entryAt(long index) {
        return entries.get(offsetOf(index));
    }

    /** First kept index of the term of the entry at {@code index}, which is behind {@code base}. */
    long firstIndexOfTermAt(long index) {
        return firstIndexOfTerm.get(termAt(index));
    }

    /** Last index of {@code term}, or 0 if no entry of it is kept. */
    long lastIndexOfTerm(long term) {
        if (!firstIndexOfTerm.containsKey(term)) {
            return 0;
        }
        Map.Entry<Long, Long> next = firstIndexOfTerm.higherEntry(term);
        return next == null ? lastIndex() : next.getValue() - 1;
    }

    void append(Entry entry) {
        if (entry.index() != lastIndex() + 1 || entry.term() < last().term()) {
            throw new IllegalStateException("entry " + entry.position() + " cannot follow " + last());
        }
        entries.add(entry);
        firstIndexOfTerm.putIfAbsent(entry.term(), entry.index());
    }

    /** Drops the entries from {@code index} on. */
    void truncateFrom(long index) {
        entries.subList(offsetOf(index), entries.size()).clear();
        while (!firstIndexOfTerm.isEmpty() && firstIndexOfTerm.lastEntry().getValue() >= index) {
            firstIndexOfTerm.pollLastEntry();
        }
    }

    /** Drops the entries up to and with {@code index}, which becomes the base. */
    void compactThrough(long index) {
        LogPosition newBase = positionAt(index);
        baseChain = chainAt(index);
        entries.subList(0, offsetOf(index) + 1).clear();
        base = newBase;
        while (!firstIndexOfTerm.isEmpty() && lastIndexOfTerm(firstIndexOfTerm.firstKey()) <= index) {
            firstIndexOfTerm.pollFirstEntry();
        }
        if (!firstIndexOfTerm.isEmpty()) {
            firstIndexOfTerm.merge(firstIndexOfTerm.firstKey(), index + 1, Math::max);
        }
    }

    /** Forgets everything: the log begins behind {@code newBase}. */
    void resetTo(LogPosition newBase, long newBaseChain) {
        entries.clear();
        firstIndexOfTerm.clear();
        base = newBase;
        baseChain = newBaseChain;
    }

    /** A view of the entries from one index through another, to be copied before the log changes. */
    List<Entry> slice(long from, long through) {
        return entries.subList(offsetOf(from), offsetOf(through) + 1);
    }

    /** A view of the entries from {@code from} on within both limits, but of one entry at least if there is one. */
    List<Entry> sliceWithin(long from, int maxEntries, long maxBytes) {
        int begin = offsetOf(from);
        int end = begin;
        long bytes = 0;
        while (end < entries.size() && end - begin < maxEntries) {
            bytes += sizeOf(entries.get(end));
            if (bytes > maxBytes && end > begin) {
                break;
            }
            end++;
        }
        return entries.subList(begin, end);
    }

    private int offsetOf(long index) {
        return Math.toIntExact(index - base.index() - 1);
    }
}
