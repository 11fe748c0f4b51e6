package io.mqcontroller.controller.config;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The text of each key that has one, and where it came from. Immutable; everything in it parses. */
final class EffectiveValues {
    /** @param origin for people: {@code default}, {@code file conf/controller.conf}, … */
    record Value(String text, String origin) {}

    private final SortedMap<String, Value> values;

    EffectiveValues(SortedMap<String, Value> values) {
        this.values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    /** The value, or empty if nothing gives one. */
    <T> Optional<T> find(Setting<T> setting) {
        return Optional.ofNullable(values.get(setting.name()))
                .map(value -> setting.type().parse(value.text()));
    }

    /** The value of a key that always has one. */
    <T> T get(Setting<T> setting) {
        return find(setting).orElseThrow(() -> new IllegalStateException(setting.name() + " has no value"));
    }

    /** The text of a key, or an empty one if nothing gives it. */
    String text(String name) {
        Value value = values.get(name);
        return value == null ? "" : value.text();
    }

    EffectiveValues with(String name, Value value) {
        SortedMap<String, Value> changed = new TreeMap<>(values);
        changed.put(name, value);
        return new EffectiveValues(changed);
    }

    /** {@code key=value} lines, sorted by key. */
    String asProperties() {
        StringBuilder text = new StringBuilder();
        values.forEach((name, value) ->
                text.append(name).append('=').append(value.text()).append('\n'));
        return text.toString();
    }

    /** The same with a comment behind each line that says where it came from. */
    String explained() {
        int width = values.entrySet().stream()
                .mapToInt(e -> e.getKey().length() + 1 + e.getValue().text().length())
                .max()
                .orElse(0);
        StringBuilder text = new StringBuilder();
        values.forEach((name, value) -> text.append(
                String.format("%-" + Math.min(width, 72) + "s  # %s%n", name + "=" + value.text(), value.origin())));
        return text.toString();
    }
}
