package io.mqcontroller.raft.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RefusalLogTest {
    private final AtomicLong nanos = new AtomicLong();
    private final RefusalLog refusals = new RefusalLog(nanos::get);

    @Test
    void aReasonIsLoggedOnceAMinute() {
        assertTrue(refusals.admits("a"));
        assertTrue(refusals.admits("b"));
        assertFalse(refusals.admits("a"), "also when others come in between");
        assertFalse(refusals.admits("b"));
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(59));
        assertFalse(refusals.admits("a"));
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertTrue(refusals.admits("a"));
    }

    @Test
    void whoeverInventsReasonsDoesNotFloodTheLog() {
        int lines = 0;
        for (int i = 0; i < 10_000; i++) {
            lines += refusals.admits("stranger " + i) ? 1 : 0;
        }
        assertEquals(RefusalLog.MAX_REASONS, lines);
        nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
        assertTrue(refusals.admits("another"));
    }

    @Test
    void whatOthersSayStaysInItsLine() {
        assertEquals("a  event=x   b", RefusalLog.said("a\r\nevent=x \"\tb"));
        assertEquals("z".repeat(128) + "...", RefusalLog.said("z".repeat(1_000)));
    }
}
