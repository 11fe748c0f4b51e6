package io.mqcontroller.controller.controller;

/**
 * The monotonic time of the loop's turns, without the time in which the loop did not run: a controller that was frozen did not
 * hear its brokers, and must not take that for their silence.
 */
final class LoopClock {
    private final long stallMs;
    private long lastMs = Long.MIN_VALUE;
    private long lostMs;

    LoopClock(long stallMs) {
        this.stallMs = stallMs;
    }

    /** Begins a turn; true if there was a stall before it. */
    boolean advanceTo(long monotonicMs) {
        long gapMs = lastMs == Long.MIN_VALUE ? 0 : monotonicMs - lastMs;
        lastMs = monotonicMs;
        if (gapMs <= stallMs) {
            return false;
        }
        lostMs += gapMs - stallMs;
        return true;
    }

    long nowMs() {
        return lastMs - lostMs;
    }

    /** The monotonic time at which the loop's time will be {@code loopMs}. */
    long toMonotonic(long loopMs) {
        return loopMs == Long.MAX_VALUE ? Long.MAX_VALUE : loopMs + lostMs;
    }
}
