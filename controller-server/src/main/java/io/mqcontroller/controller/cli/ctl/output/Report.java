package io.mqcontroller.controller.cli.ctl.output;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a command has to say: fields for programs, and the same for people as tables and lines.
 *
 * <p>Values of fields are strings, numbers, booleans, null, lists and maps of such. A field that was once there keeps its name
 * and meaning; when that can't be, {@link #SCHEMA_VERSION} grows.
 */
public final class Report {
    /** Of the fields of all kinds. */
    public static final int SCHEMA_VERSION = 1;

    private final Map<String, Object> fields = new LinkedHashMap<>();
    private final List<Object> sections = new ArrayList<>();

    /** @param kind what it is about; never changes */
    public Report(String kind) {
        fields.put("schemaVersion", SCHEMA_VERSION);
        fields.put("kind", kind);
    }

    public Report field(String name, Object value) {
        fields.put(name, value);
        return this;
    }

    public Report table(Table table) {
        sections.add(table);
        return this;
    }

    /** A line for people only. */
    public Report line(String line) {
        return line(line, Cell.Tone.NONE);
    }

    /** A line for people only. */
    public Report line(String line, Cell.Tone tone) {
        sections.add(Cell.of(line, tone));
        return this;
    }

    /** An object among the fields, of names and values in turn. */
    public static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return object;
    }

    Map<String, Object> fields() {
        return fields;
    }

    /** {@link Table}s, and {@link Cell}s as lines. */
    List<Object> sections() {
        return sections;
    }
}
