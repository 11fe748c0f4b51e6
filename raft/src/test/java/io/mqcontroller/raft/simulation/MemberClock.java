package io.mqcontroller.raft.simulation;

/** A member's own monotonic clock: starts anywhere, runs a little fast or slow, may leap, or stand still while the member does. */
final class MemberClock {
    private final SimClock time;
    private long ratePpm;
    private long originUs;
    private long startedUs;
    private long stoodStillUs;

    MemberClock(SimClock time, long ratePpm) {
        this.time = time;
        this.ratePpm = ratePpm;
    }

    /** A new life of the machine: the clock begins at another value. */
    void restart(long newOriginUs) {
        originUs = newOriginUs;
        startedUs = time.nowUs();
        stoodStillUs = 0;
    }

    void standStillFor(long us) {
        stoodStillUs += us;
    }

    /** Goes on from a later moment. */
    void leap(long us) {
        originUs += us;
    }

    /** From now on it is this much too fast or too slow. */
    void changeRate(long newRatePpm) {
        originUs = nowUs();
        startedUs = time.nowUs();
        stoodStillUs = 0;
        ratePpm = newRatePpm;
    }

    long nowMs() {
        return nowUs() / 1_000;
    }

    private long nowUs() {
        long runUs = Math.max(0, time.nowUs() - startedUs - stoodStillUs);
        return originUs + runUs + runUs * ratePpm / 1_000_000;
    }
}
