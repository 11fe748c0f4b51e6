package io.mqcontroller.controller.metadata;

import java.util.List;
import java.util.Objects;

/** What a use case came to: records to replicate and the answer that goes out when they are committed, or a refusal. */
public sealed interface Decision<R> {
    /** @param records in the order of replay; empty: everything is already as asked for */
    record Accepted<R>(List<MetadataRecord> records, R result) implements Decision<R> {
        public Accepted {
            records = List.copyOf(records);
            Objects.requireNonNull(result, "result");
        }
    }

    /** Nothing changes. {@code message} says what, where, and what would be right. */
    record Refused<R>(Refusal refusal, String message) implements Decision<R> {
        public Refused {
            Objects.requireNonNull(refusal, "refusal");
            Objects.requireNonNull(message, "message");
        }
    }

    static <R> Decision<R> noChange(R result) {
        return new Accepted<>(List.of(), result);
    }

    static <R> Decision<R> of(List<MetadataRecord> records, R result) {
        return new Accepted<>(records, result);
    }

    static <R> Decision<R> refused(Refusal refusal, String message) {
        return new Refused<>(refusal, message);
    }
}
