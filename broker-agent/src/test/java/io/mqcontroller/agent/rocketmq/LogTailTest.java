package io.mqcontroller.agent.rocketmq;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mqcontroller.agent.rocketmq.LogTail.Reader;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** A log of files of 100 bytes. */
class LogTailTest {
    private static OptionalLong firstUnreadable(long from, long end, Map<Long, Long> sizes) {
        return LogTail.firstUnreadable(from, end, 100, offset -> sizes.getOrDefault(offset, Reader.UNREADABLE));
    }

    @Test
    void aLogThatCanBeReadToItsEndIsLeftAlone() {
        Map<Long, Long> sizes = Map.of(0L, 40L, 40L, 50L, 90L, Reader.END_OF_FILE, 100L, 30L);
        assertEquals(OptionalLong.empty(), firstUnreadable(0, 130, sizes));
        assertEquals(OptionalLong.empty(), firstUnreadable(130, 130, sizes));
    }

    @Test
    void itIsCutWhereTheFirstMessageThatCannotBeReadBegins() {
        Map<Long, Long> sizes = Map.of(0L, 40L, 40L, 50L, 90L, Reader.END_OF_FILE, 100L, 30L);
        assertEquals(OptionalLong.of(130), firstUnreadable(0, 160, sizes));
        assertEquals(OptionalLong.of(130), firstUnreadable(100, 400, sizes));
    }

    @Test
    void anEmptyPageIsNoEndOfAFile() {
        assertEquals(OptionalLong.of(40), firstUnreadable(0, 300, Map.of(0L, 40L, 200L, 10L)));
    }
}
