package io.mqcontroller.it.check;

import io.mqcontroller.it.history.Send;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * No two brokers of a group acknowledge at the same time: once the new master has acknowledged a message, the old one
 * acknowledges none. For sends whose detail begins with the broker's address, all seen by one clock, from a client that is not
 * held up itself: what counts is when an answer came, so a send that waited in a frozen broker's socket is seen too, which
 * {@link OneAcknowledgesAtATime} must leave open.
 */
public final class MastersNeverOverlap {
    private MastersNeverOverlap() {}

    /** The violations of one change from one master to another, empty when all is well. */
    public static List<String> violations(List<Send> sends, String oldMaster, String newMaster) {
        Optional<Send> first = acknowledgedBy(sends, newMaster).stream().min(Comparator.comparingLong(Send::endMs));
        if (first.isEmpty()) {
            return List.of("the new master " + newMaster + " acknowledged nothing");
        }
        List<String> violations = new ArrayList<>();
        for (Send send : acknowledgedBy(sends, oldMaster)) {
            if (send.endMs() > first.get().endMs()) {
                violations.add("acknowledged by the old master "
                        + (send.endMs() - first.get().endMs()) + " ms after the new one's first: " + send);
            }
        }
        return violations;
    }

    private static List<Send> acknowledgedBy(List<Send> sends, String address) {
        return sends.stream()
                .filter(send -> send.isAcknowledged() && send.detail().startsWith(address + " "))
                .toList();
    }
}
