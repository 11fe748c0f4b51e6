package io.mqcontroller.controller.cli.ctl.output;

import java.util.Objects;

/**
 * One field of a table.
 *
 * @param shown to people
 * @param plain for scripts: without units and shortenings
 */
public record Cell(String shown, String plain, Tone tone) {
    /** What a terminal with colours makes of it. */
    public enum Tone {
        NONE(""),
        STRONG("1"),
        GOOD("32"),
        WARNING("33"),
        BAD("31");

        private final String ansi;

        Tone(String ansi) {
            this.ansi = ansi;
        }

        String paint(String text) {
            return ansi.isEmpty() || text.isEmpty() ? text : "\u001b[" + ansi + "m" + text + "\u001b[0m";
        }
    }

    public Cell {
        Objects.requireNonNull(shown, "shown");
        Objects.requireNonNull(plain, "plain");
        Objects.requireNonNull(tone, "tone");
    }

    public static Cell of(Object value) {
        return value instanceof Cell cell ? cell : new Cell(value.toString(), value.toString(), Tone.NONE);
    }

    public static Cell of(Object value, Tone tone) {
        return new Cell(value.toString(), value.toString(), tone);
    }

    /** For instance 12.5 MiB. */
    public static Cell bytes(long bytes) {
        return new Cell(Units.bytes(bytes), Long.toString(bytes), Tone.NONE);
    }

    /** For instance 3.2 s; plain in milliseconds. */
    public static Cell duration(long ms) {
        return new Cell(Units.duration(ms), Long.toString(ms), Tone.NONE);
    }
}
