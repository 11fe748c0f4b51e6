package io.mqcontroller.agent.rocketmq;

import io.mqcontroller.agent.core.EpochHistory;
import java.util.List;
import org.apache.rocketmq.remoting.protocol.EpochEntry;
import org.apache.rocketmq.store.ha.autoswitch.EpochFileCache;

/**
 * Apache's epoch file, with another rule for what begins where nothing was written since. Apache's refuses such an epoch, and
 * what follows is taken for the older one's: a master that returns with messages of that one, which nobody else has, finds
 * nothing to cut off, and keeps another log than everybody else.
 */
final class EpochFile extends EpochFileCache {
    EpochFile(String path) {
        super(path);
    }

    @Override
    public boolean appendEntry(EpochEntry entry) {
        List<EpochEntry> known = getAllEntries();
        List<EpochEntry> begun = begin(known, entry);
        if (starts(begun).equals(starts(known))) {
            return false;
        }
        initCacheFromEntries(begun);
        return true;
    }

    static List<EpochEntry> begin(List<EpochEntry> known, EpochEntry next) {
        return EpochHistory.begin(starts(known), start(next)).stream()
                .map(start -> new EpochEntry(start.epoch(), start.offset()))
                .toList();
    }

    private static List<EpochHistory.Start> starts(List<EpochEntry> entries) {
        return entries.stream().map(EpochFile::start).toList();
    }

    private static EpochHistory.Start start(EpochEntry entry) {
        return new EpochHistory.Start(entry.getEpoch(), entry.getStartOffset());
    }

    /** Whether the newest epoch began at the end of a log that ends here. */
    boolean isLastEmpty(long logEnd) {
        EpochEntry last = lastEntry();
        return last != null && last.getStartOffset() >= logEnd;
    }
}
