package io.mqcontroller.agent.runtime;

/** The core's time: milliseconds of the monotonic clock since the agent was made, rounded down. */
final class Clock {
    private static final long NANOS_PER_MS = 1_000_000;

    private final long originNanos = System.nanoTime();

    long nowMs() {
        return (System.nanoTime() - originNanos) / NANOS_PER_MS;
    }

    /** That moment on the clock of {@link System#nanoTime()}. */
    long nanosAt(long timeMs) {
        return originNanos + timeMs * NANOS_PER_MS;
    }
}
