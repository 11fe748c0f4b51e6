package io.mqcontroller.raft.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RaftLogTest {
    /** Random appends, truncations and compactions on the log and on a plain list; terms are looked up by walking the list. */
    @Test
    void equalsAPlainListThatIsWalked() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            RaftLog log = new RaftLog(LogPosition.ZERO, Entry.CHAIN_START);
            List<Entry> kept = new ArrayList<>();
            long term = 1;
            for (int i = 0; i < 100; i++) {
                int choice = random.nextInt(10);
                if (choice < 7) {
                    term += random.nextInt(4) == 0 ? 1 : 0;
                    LogPosition position = new LogPosition(term, log.lastIndex() + 1);
                    Entry entry =
                            Entry.create(log.lastChain(), position, EntryKind.COMMAND, ProposalId.NONE, Bytes.EMPTY);
                    log.append(entry);
                    kept.add(entry);
                } else if (!kept.isEmpty()) {
                    int at = random.nextInt(kept.size());
                    long index = kept.get(at).index();
                    if (choice < 9) {
                        log.truncateFrom(index);
                        kept.subList(at, kept.size()).clear();
                    } else {
                        log.compactThrough(index);
                        kept.subList(0, at + 1).clear();
                    }
                }
                compare(log, kept, term);
            }
        }
    }

    private static void compare(RaftLog log, List<Entry> kept, long maxTerm) {
        assertEquals(log.base().index() + kept.size(), log.lastIndex());
        for (Entry entry : kept) {
            assertEquals(entry, log.entryAt(entry.index()));
            long first = kept.stream()
                    .filter(other -> other.term() == entry.term())
                    .findFirst()
                    .orElseThrow()
                    .index();
            assertEquals(first, log.firstIndexOfTermAt(entry.index()));
        }
        for (long term = 1; term <= maxTerm; term++) {
            long wanted = term;
            long last = kept.stream()
                    .filter(entry -> entry.term() == wanted)
                    .mapToLong(Entry::index)
                    .max()
                    .orElse(0);
            assertEquals(last, log.lastIndexOfTerm(term));
        }
    }

    @Test
    void appendsOnlyWhatFollows() {
        RaftLog log = new RaftLog(LogPosition.ZERO, Entry.CHAIN_START);
        List<Entry> entries = TestMember.log(2, 2);
        assertThrows(IllegalStateException.class, () -> log.append(entries.get(1)));
        log.append(entries.get(0));
        Entry older =
                Entry.create(log.lastChain(), new LogPosition(1, 2), EntryKind.COMMAND, ProposalId.NONE, Bytes.EMPTY);
        assertThrows(IllegalStateException.class, () -> log.append(older));
    }

    @Test
    void knowsItsBaseByPosition() {
        RaftLog log = new RaftLog(new LogPosition(3, 10), 5);
        assertTrue(log.holds(new LogPosition(3, 10)));
        assertFalse(log.holds(new LogPosition(2, 10)));
        assertFalse(log.holds(new LogPosition(3, 9)));
        assertFalse(log.holds(new LogPosition(3, 11)));
        assertEquals(5, log.chainAt(10));
    }
}
