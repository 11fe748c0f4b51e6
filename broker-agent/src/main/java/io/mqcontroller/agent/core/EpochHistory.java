package io.mqcontroller.agent.core;

import java.util.ArrayList;
import java.util.List;

/**
 * Where in a broker's log each masterEpoch began. Two brokers compare these to find where their logs part: at the end of the
 * newest epoch that began at the same offset in both. So whatever is written under an epoch must stand under that epoch and no
 * other: an epoch without messages that goes on to name those of its successor makes different messages pass for equal.
 */
public final class EpochHistory {
    /** So many epochs without a message are remembered at the beginning of a log. */
    static final int KEPT = 100;

    /** An epoch, and the offset of the first message written under it. */
    public record Start(int epoch, long offset) {}

    private EpochHistory() {}

    /**
     * What the history becomes when an epoch begins where the log ends, be it a master's own or the one that a slave is sent.
     *
     * <p>What began there before, or further on, holds nothing: messages under it were cut off, or there were none. It is
     * forgotten; but at the beginning of the log, where it may be all that is common with somebody who wrote under it, it
     * stays, as an epoch that ends where it begins.
     *
     * @param known what has begun so far, in ascending order
     * @return the same if this epoch is known already, or an older one than what stands before it
     */
    public static List<Start> begin(List<Start> known, Start next) {
        if (known.contains(next)) {
            return known.stream().filter(start -> start.offset <= next.offset).toList();
        }
        List<Start> begun = new ArrayList<>(
                known.stream().filter(start -> start.offset < next.offset).toList());
        if (begun.isEmpty()) {
            List<Start> empty = known.stream()
                    .filter(start -> start.offset == next.offset && start.epoch < next.epoch)
                    .toList();
            begun.addAll(empty.subList(Math.max(0, empty.size() - KEPT), empty.size()));
        } else if (begun.get(begun.size() - 1).epoch >= next.epoch) {
            return known;
        }
        begun.add(next);
        return begun;
    }
}
