package io.mqcontroller.controller.controller;

/**
 * So many log lines in an interval, for what may hit all groups at once: ten thousand lines take seconds, in which the loop
 * decides nothing. Metrics count every event.
 */
final class LineBudget {
    private final int lines;
    private final long intervalMs;
    private long endsAtMs = Long.MIN_VALUE;
    private int left;
    private long skipped;

    LineBudget(int lines, long intervalMs) {
        this.lines = lines;
        this.intervalMs = intervalMs;
    }

    /** Whether to write a line for the event that has just happened. */
    boolean admits(long nowMs) {
        if (nowMs >= endsAtMs) {
            endsAtMs = nowMs + intervalMs;
            left = lines;
        }
        if (left == 0) {
            skipped++;
            return false;
        }
        left--;
        return true;
    }

    /** How many events had no line since this was last asked for: belongs into the line. */
    long takeSkipped() {
        long taken = skipped;
        skipped = 0;
        return taken;
    }
}
