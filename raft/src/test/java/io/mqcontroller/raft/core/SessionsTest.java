package io.mqcontroller.raft.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SessionsTest {
    private static boolean isDuplicate(Sessions sessions, long client, long sequence) {
        Entry entry = Entry.create(
                0, new LogPosition(1, 1), EntryKind.COMMAND, new ProposalId(client, sequence), Bytes.EMPTY);
        return !sessions.record(List.of(entry)).isEmpty();
    }

    @Test
    void retryThatComesAfterLaterCommandsIsToldApart() {
        Sessions sessions = new Sessions(10);
        assertFalse(isDuplicate(sessions, 1, 1));
        assertFalse(isDuplicate(sessions, 1, 3));
        assertTrue(isDuplicate(sessions, 1, 1));
        assertFalse(isDuplicate(sessions, 1, 2));
        assertTrue(isDuplicate(sessions, 1, 2));
        assertTrue(isDuplicate(sessions, 1, 3));
        assertFalse(isDuplicate(sessions, 2, 1));
    }

    @Test
    void entriesThatNobodyProposedAreNeverDuplicates() {
        Sessions sessions = new Sessions(10);
        assertFalse(isDuplicate(sessions, 0, 0));
        assertFalse(isDuplicate(sessions, 0, 0));
        assertEquals(0, sessions.size());
    }

    @Test
    void longestSilentClientIsForgottenFirst() {
        Sessions sessions = new Sessions(2);
        isDuplicate(sessions, 1, 1);
        isDuplicate(sessions, 2, 1);
        isDuplicate(sessions, 1, 2);
        isDuplicate(sessions, 3, 1);
        assertEquals(2, sessions.size());
        assertTrue(isDuplicate(sessions, 1, 1));
        assertTrue(isDuplicate(sessions, 3, 1));
        assertFalse(isDuplicate(sessions, 2, 1));
    }

    @Test
    void restoredSessionsGoOnAlike() {
        Random random = new Random(3);
        Sessions sessions = new Sessions(5);
        for (int i = 0; i < 1000; i++) {
            isDuplicate(sessions, random.nextInt(8), 1 + random.nextInt(200));
        }
        Sessions restored = new Sessions(5);
        restored.restore(sessions.serialize());
        assertEquals(sessions.serialize(), restored.serialize());
        for (int i = 0; i < 1000; i++) {
            long client = random.nextInt(8);
            long sequence = 1 + random.nextInt(200);
            assertEquals(isDuplicate(sessions, client, sequence), isDuplicate(restored, client, sequence));
        }
        assertEquals(sessions.serialize(), restored.serialize());
    }

    @Test
    void formatIsTheOneOfVersionOne() {
        Sessions sessions = new Sessions(5);
        isDuplicate(sessions, 7, 1);
        isDuplicate(sessions, 7, 2);
        isDuplicate(sessions, 7, 9);
        ByteBuffer expected = ByteBuffer.allocate(1 + 4 + 8 + 4 + 4 * 8);
        expected.put((byte) 1).putInt(1).putLong(7).putInt(2);
        expected.putLong(1).putLong(2).putLong(9).putLong(9);
        assertEquals(Bytes.wrap(expected.array()), sessions.serialize());
    }

    @Test
    void newerFormatStopsThisVersion() {
        Sessions sessions = new Sessions(5);
        assertThrows(LogDamagedException.class, () -> sessions.restore(Bytes.wrap(new byte[] {2, 0, 0, 0, 0})));
    }

    @Test
    void sequenceSetEqualsAPlainSet() {
        Random random = new Random(5);
        SequenceSet runs = new SequenceSet();
        Set<Long> plain = new HashSet<>();
        for (int i = 0; i < 5000; i++) {
            long sequence = random.nextInt(900);
            assertEquals(plain.add(sequence), runs.add(sequence), "sequence " + sequence);
        }
    }

    @Test
    void oldestGapIsClosedWhenThereAreTooMany() {
        SequenceSet runs = new SequenceSet();
        for (long i = 0; i <= SequenceSet.MAX_GAPS; i++) {
            runs.add(2 * i);
        }
        int size = runs.serializedSize();
        runs.add(2 * (SequenceSet.MAX_GAPS + 1L));
        assertEquals(size, runs.serializedSize());
        assertFalse(runs.add(1));
        assertTrue(runs.add(3));
    }
}
