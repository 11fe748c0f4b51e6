package io.mqcontroller.controller.http.console;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * When passwords may be tried. After a wrong one the host that it came from has to wait, twice as long each time; and from
 * all hosts together there is one a second once one was wrong, for a comparison costs time that others need. One thread.
 */
final class Attempts {
    private static final long FIRST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long FORGOTTEN_AFTER_NANOS = TimeUnit.MINUTES.toNanos(15);
    private static final int MAX_HOSTS = 1_000;

    private final LongSupplier nanos;

    /** Whose last one was wrong; the one that was wrong longest ago is first. */
    private final Map<String, Failed> failed = new LinkedHashMap<>();

    private long nextOfAllNanos;

    /** @param nanos the monotonic clock */
    Attempts(LongSupplier nanos) {
        this.nanos = nanos;
        nextOfAllNanos = nanos.getAsLong();
    }

    private record Failed(long atNanos, long pauseNanos) {}

    /** For how long this host still has to wait, in whole seconds; 0: it may try. */
    long waitSeconds(String host) {
        long now = nanos.getAsLong();
        forgetOld(now);
        long left = nextOfAllNanos - now;
        Failed last = failed.get(host);
        if (last != null) {
            left = Math.max(left, last.atNanos() + last.pauseNanos() - now);
        }
        return left <= 0 ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toSeconds(left + FIRST_PAUSE_NANOS - 1));
    }

    void wrong(String host) {
        long now = nanos.getAsLong();
        Failed before = failed.remove(host);
        long pause = before == null ? FIRST_PAUSE_NANOS : Math.min(2 * before.pauseNanos(), LONGEST_PAUSE_NANOS);
        if (failed.size() == MAX_HOSTS) {
            failed.remove(failed.keySet().iterator().next());
        }
        failed.put(host, new Failed(now, pause));
        nextOfAllNanos = now + FIRST_PAUSE_NANOS;
    }

    void right(String host) {
        failed.remove(host);
    }

    private void forgetOld(long now) {
        failed.values().removeIf(last -> now - last.atNanos() > FORGOTTEN_AFTER_NANOS);
    }
}
