package io.mqcontroller.agent.rocketmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.apache.rocketmq.remoting.protocol.EpochEntry;
import org.apache.rocketmq.store.ha.autoswitch.EpochFileCache;
import org.junit.jupiter.api.Test;

/** What RocketMQ makes of it: where the logs part of an old master, who wrote 50 bytes that nobody else has, and of its successor. */
class EpochFileTest {
    private static final List<EpochEntry> BOTH = List.of(new EpochEntry(4, 50), new EpochEntry(5, 100));

    private static EpochFileCache log(List<EpochEntry> entries, long end) {
        EpochFileCache cache = new EpochFileCache();
        cache.initCacheFromEntries(entries);
        cache.setLastEpochEntryEndOffset(end);
        return cache;
    }

    @Test
    void byRocketMqsOwnRuleTheMessagesOfBothEpochsPassForTheSame() {
        EpochFileCache successor = new EpochFileCache();
        successor.initCacheFromEntries(BOTH);
        assertFalse(successor.appendEntry(new EpochEntry(6, 100)));
        assertEquals(150, log(BOTH, 150).findConsistentPoint(log(successor.getAllEntries(), 300)));
    }

    @Test
    void logsPartWhereTheNewEpochBegan() {
        EpochFileCache successor = log(EpochFile.begin(BOTH, new EpochEntry(6, 100)), 300);
        assertEquals(100, log(BOTH, 150).findConsistentPoint(successor));
        assertEquals(6, successor.findEpochEntryByOffset(100).getEpoch());
    }

    @Test
    void logsPartAtTheBeginningIfNothingWasEverCopied() {
        List<EpochEntry> first = List.of(new EpochEntry(1, 0));
        EpochFileCache successor = log(EpochFile.begin(first, new EpochEntry(2, 0)), 300);
        assertEquals(0, log(first, 70).findConsistentPoint(successor));
        assertEquals(2, successor.findEpochEntryByOffset(0).getEpoch(), "what slaves are sent");
    }
}
