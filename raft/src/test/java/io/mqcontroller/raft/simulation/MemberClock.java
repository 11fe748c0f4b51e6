package io.mqcontroller.raft.simulation;

/** A member's own monotonic clock: starts anywhere, runs a little fast or slow, may leap, or stand still while the member does. */
final class MemberClock {
    private final SimClock time;
    private long ratePpm;
    private long originUs;
    private long startedUs;

    MemberClock(SimClock time, long ratePpm) {
        this.time = time;
        this.ratePpm = ratePpm;
    }

    /** A new life of the machine: the clock begins at another value. */
    void restart(long newOriginUs) {
        originUs = newOriginUs;
        startedUs = time.nowUs();
    }

    /** It stood still since it showed {@code us}. */
    void goOnFrom(long us) {
        originUs = us;
        startedUs = time.nowUs();
    }

    /** Goes on from a later moment. */
    void leap(long us) {
        originUs += us;
    }

    /** From now on it is this much too fast or too slow. */
    void changeRate(long newRatePpm) {
        originUs = nowUs();
        startedUs = time.nowUs();
        ratePpm = newRatePpm;
    }

    long nowMs() {
        return nowUs() / 1_000;
    }

    long nowUs() {
        long runUs = time.nowUs() - startedUs;
        return originUs + runUs + runUs * ratePpm / 1_000_000;
    }
}
