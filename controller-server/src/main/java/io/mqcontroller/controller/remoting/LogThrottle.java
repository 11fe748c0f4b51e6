package io.mqcontroller.controller.remoting;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets one line through now and then, for events that strangers can cause as often as they like. Any thread; metrics count
 * every event.
 */
public final class LogThrottle {
    private final long intervalNanos;
    private final AtomicLong nextNanos = new AtomicLong(System.nanoTime());
    private final AtomicLong skipped = new AtomicLong();

    public LogThrottle(long intervalMs) {
        intervalNanos = TimeUnit.MILLISECONDS.toNanos(intervalMs);
    }

    /** Whether to write a line for the event that has just happened. */
    public boolean admits() {
        long now = System.nanoTime();
        long next = nextNanos.get();
        if (now - next >= 0 && nextNanos.compareAndSet(next, now + intervalNanos)) {
            return true;
        }
        skipped.incrementAndGet();
        return false;
    }

    /** How many events had no line since this was last asked for: belongs into the line. */
    public long takeSkipped() {
        return skipped.getAndSet(0);
    }
}
