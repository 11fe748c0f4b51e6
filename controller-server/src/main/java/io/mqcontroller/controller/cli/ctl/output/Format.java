package io.mqcontroller.controller.cli.ctl.output;

/** How a report is written. Names are what {@code -o} takes. */
public enum Format {
    /** For people; may change. */
    table,
    /** Stable, with {@code schemaVersion}. */
    json,
    /** The same fields as {@link #json}. */
    yaml,
    /** Rows of the tables without heads, fields with tabs between them; for shell scripts. */
    plain
}
