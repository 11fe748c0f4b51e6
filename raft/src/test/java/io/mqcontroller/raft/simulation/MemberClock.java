package io.mqcontroller.raft.simulation;

/** A member's own monotonic clock: starts anywhere, runs a little fast or slow, may stand still while the member does. */
final class MemberClock {
    private final SimClock time;
    private final long ratePpm;
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

    long nowMs() {
        long runUs = Math.max(0, time.nowUs() - startedUs - stoodStillUs);
        return (originUs + runUs + runUs * ratePpm / 1_000_000) / 1_000;
    }
}
