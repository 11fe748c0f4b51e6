package io.mqcontroller.controller.cli.ctl.output;

import java.util.Locale;

/** Numbers as people read them. */
public final class Units {
    private static final String[] SIZES = {"B", "KiB", "MiB", "GiB", "TiB"};
    private static final long SECOND = 1_000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private Units() {}

    /** For instance 12.5 MiB. */
    public static String bytes(long bytes) {
        double value = bytes;
        int size = 0;
        while (value >= 1024 && size < SIZES.length - 1) {
            value /= 1024;
            size++;
        }
        return size == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, SIZES[size]);
    }

    /** For instance 250 ms, 3.2 s, 4m 10s, 3h 5m, 2d 4h. */
    public static String duration(long ms) {
        if (ms < SECOND) {
            return ms + " ms";
        } else if (ms < MINUTE) {
            return String.format(Locale.ROOT, "%.1f s", ms / 1000.0);
        } else if (ms < HOUR) {
            return ms / MINUTE + "m " + ms % MINUTE / SECOND + "s";
        } else if (ms < DAY) {
            return ms / HOUR + "h " + ms % HOUR / MINUTE + "m";
        }
        return ms / DAY + "d " + ms % DAY / HOUR + "h";
    }
}
