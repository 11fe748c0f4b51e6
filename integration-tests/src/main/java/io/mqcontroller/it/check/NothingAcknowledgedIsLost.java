package io.mqcontroller.it.check;

import io.mqcontroller.it.history.Send;
import io.mqcontroller.it.history.Stored;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Invariant C8: every acknowledged message can be read, and the offsets of each queue have no gap and no double. */
public final class NothingAcknowledgedIsLost {
    /** Begins the worst kind of violation. */
    public static final String LOST = "acknowledged and gone: ";

    private NothingAcknowledgedIsLost() {}

    /** The violations, empty when all is well. */
    public static List<String> violations(List<Send> sends, List<Stored> stored) {
        List<String> violations = new ArrayList<>();
        lost(sends, stored).forEach(send -> violations.add(LOST + send));
        violations.addAll(otherThanLost(sends, stored));
        return violations;
    }

    /** What was acknowledged and cannot be read. */
    public static List<Send> lost(List<Send> sends, List<Stored> stored) {
        Set<String> keys = keys(stored);
        return sends.stream()
                .filter(send -> send.isAcknowledged() && !keys.contains(send.key()))
                .toList();
    }

    /** All violations but the worst. */
    public static List<String> otherThanLost(List<Send> sends, List<Stored> stored) {
        List<String> violations = new ArrayList<>();
        Set<String> keys = keys(stored);
        for (Send send : sends) {
            if (send.outcome() == Send.Outcome.REFUSED && keys.contains(send.key())) {
                violations.add("refused and stored: " + send);
            }
        }
        SortedMap<Integer, SortedSet<Long>> offsets = new TreeMap<>();
        for (Stored message : stored) {
            if (!offsets.computeIfAbsent(message.queue(), q -> new TreeSet<>()).add(message.offset())) {
                violations.add("offset read twice: " + message);
            }
        }
        offsets.forEach((queue, seen) -> {
            if (seen.last() - seen.first() + 1 != seen.size()) {
                violations.add("gap in queue " + queue + ": " + seen.size() + " messages from " + seen.first() + " to "
                        + seen.last());
            }
        });
        return violations;
    }

    private static Set<String> keys(List<Stored> stored) {
        Set<String> keys = new HashSet<>();
        stored.forEach(message -> keys.add(message.key()));
        return keys;
    }
}
