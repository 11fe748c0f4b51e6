package io.mqcontroller.controller.config;

import java.util.Objects;

/**
 * One key.
 *
 * @param name as in the file
 * @param type how its text is read
 * @param defaultText what holds if nobody gives it; empty if it must be given, or if {@code doc} says what it follows from
 * @param required must be given
 * @param changeable may be changed while the daemon runs
 * @param doc what it means and what follows from a change, for people
 */
record Setting<T>(
        String name, ValueType<T> type, String defaultText, boolean required, boolean changeable, String doc) {
    Setting {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(defaultText, "defaultText");
        if (required && !defaultText.isEmpty()) {
            throw new IllegalArgumentException(name + " is required, so its default would never hold");
        }
    }

    static <T> Setting<T> required(String name, ValueType<T> type, String doc) {
        return new Setting<>(name, type, "", true, false, doc);
    }

    static <T> Setting<T> fixed(String name, ValueType<T> type, String defaultText, String doc) {
        return new Setting<>(name, type, defaultText, false, false, doc);
    }

    static <T> Setting<T> changeable(String name, ValueType<T> type, String defaultText, String doc) {
        return new Setting<>(name, type, defaultText, false, true, doc);
    }
}
