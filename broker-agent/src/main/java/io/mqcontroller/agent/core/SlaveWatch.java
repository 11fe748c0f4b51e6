package io.mqcontroller.agent.core;

/**
 * When a slave last had everything. An offset of the master is remembered together with its time; a slave that has reached it
 * had everything then. The next one is remembered only when it is reached, so that a slave that keeps up at a distance counts
 * as what it is.
 */
final class SlaveWatch {
    private long caughtUpMs;
    private long markOffset;
    private long markMs;
    private long gapSinceMs = Memory.NEVER;

    SlaveWatch(long nowMs, long masterOffset) {
        caughtUpMs = nowMs;
        markMs = nowMs;
        markOffset = masterOffset;
    }

    void observe(SlaveProgress progress, long masterOffset, long nowMs) {
        if (!progress.connected()) {
            absent(nowMs);
            return;
        }
        gapSinceMs = Memory.NEVER;
        if (progress.ackOffset() >= masterOffset) {
            caughtUpMs = nowMs;
            markMs = nowMs;
            markOffset = masterOffset;
        } else if (progress.ackOffset() >= markOffset) {
            caughtUpMs = Math.max(caughtUpMs, markMs);
            markMs = nowMs;
            markOffset = masterOffset;
        }
    }

    /** It has no connection. */
    void absent(long nowMs) {
        if (gapSinceMs == Memory.NEVER) {
            gapSinceMs = nowMs;
        }
    }

    long behindMs(long nowMs) {
        return nowMs - caughtUpMs;
    }

    /** When it should leave the set if nothing more is heard of it. */
    long leaveDueMs(AgentSettings settings) {
        long dueMs = caughtUpMs + settings.haMaxTimeSlaveNotCatchupMs();
        return gapSinceMs == Memory.NEVER ? dueMs : Math.min(dueMs, gapSinceMs + settings.haConnectionLossGraceMs());
    }
}
