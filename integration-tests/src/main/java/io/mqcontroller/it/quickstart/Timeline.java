package io.mqcontroller.it.quickstart;

import java.util.Locale;

/** Lines with the time since the start, for people. */
final class Timeline {
    private final long startNanos = System.nanoTime();

    void say(String format, Object... arguments) {
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        System.out.printf(Locale.ROOT, "%7.1f s  %s%n", seconds, format.formatted(arguments));
    }

    /** Something that happened so many milliseconds after the fault. */
    void after(long ms, String format, Object... arguments) {
        System.out.printf(Locale.ROOT, "        + %6d ms  %s%n", ms, format.formatted(arguments));
    }

    void line(String format, Object... arguments) {
        System.out.println(format.formatted(arguments));
    }
}
