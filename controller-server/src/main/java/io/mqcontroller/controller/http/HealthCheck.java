package io.mqcontroller.controller.http;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One thing that must hold.
 *
 * @param name stable, as monitoring matches on it: lower case with underscores
 * @param failure what is wrong, or empty if it holds; called on a thread that may wait
 */
public record HealthCheck(String name, Supplier<Optional<String>> failure) {
    public HealthCheck {
        Objects.requireNonNull(failure, "failure");
        if (!name.matches("[a-z][a-z0-9_]*")) {
            throw new IllegalArgumentException("a check is named in lower case with underscores, not " + name);
        }
    }

    /** What is wrong, or empty; a check that fails itself is wrong, too. */
    public Optional<String> run() {
        try {
            return failure.get();
        } catch (RuntimeException e) {
            return Optional.of("the check itself failed: " + e);
        }
    }
}
