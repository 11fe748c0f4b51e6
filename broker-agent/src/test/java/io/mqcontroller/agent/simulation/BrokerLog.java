package io.mqcontroller.agent.simulation;

import io.mqcontroller.agent.core.EpochHistory;
import io.mqcontroller.agent.core.EpochHistory.Start;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * A broker's log, an entry a message, and its epoch file, as RocketMQ keeps them: what cuts the log does not touch the epoch
 * file, which may name epochs of which nothing is left. Outlives the process.
 */
final class BrokerLog {
    private EpochRule rule = EpochRule.AGENT;
    private final List<Long> messages = new ArrayList<>();
    private List<Start> epochs = List.of();

    /** How an epoch gets into the file. */
    enum EpochRule {
        AGENT {
            @Override
            List<Start> begin(List<Start> known, Start next) {
                return EpochHistory.begin(known, next);
            }
        },
        /** RocketMQ's own: one that begins where the last one does is left out. */
        ROCKETMQ {
            @Override
            List<Start> begin(List<Start> known, Start next) {
                Start last = known.isEmpty() ? new Start(-1, -1) : known.get(known.size() - 1);
                if (next.epoch() <= last.epoch() || next.offset() <= last.offset()) {
                    return known;
                }
                List<Start> begun = new ArrayList<>(known);
                begun.add(next);
                return begun;
            }
        };

        abstract List<Start> begin(List<Start> known, Start next);
    }

    /** From now on, in a new life of the process. */
    void goBy(EpochRule newRule) {
        rule = newRule;
    }

    int size() {
        return messages.size();
    }

    long get(int offset) {
        return messages.get(offset);
    }

    boolean holds(int offset, long number) {
        return offset < messages.size() && messages.get(offset) == number;
    }

    int lastEpoch() {
        return epochs.isEmpty() ? -1 : epochs.get(epochs.size() - 1).epoch();
    }

    List<Start> epochs() {
        return epochs;
    }

    /** Whether what it holds, or will, was written under other epochs than the file says. */
    boolean isMistakenAbout(int epoch) {
        return lastEpoch() < epoch || epochs.get(epochs.size() - 1).offset() > size();
    }

    /** A master's new epoch begins here. */
    void beginEpoch(int epoch) {
        List<Start> older = epochs.stream().filter(e -> e.epoch() < epoch).toList();
        epochs = rule.begin(older, new Start(epoch, size()));
    }

    /** A master that stays master goes on under the entry that its slaves are being sent, if that holds nothing yet. */
    void continueUnder(int epoch) {
        if (epochs.isEmpty() || epochs.get(epochs.size() - 1).offset() < size()) {
            beginEpoch(epoch);
        }
    }

    /** What a slave is sent from now on was written under this epoch. */
    void learnEpoch(Start start) {
        epochs = rule.begin(epochs, start);
    }

    /** What a slave forgets before it compares its log with its master's. */
    void forgetEpochsBehindTheEnd() {
        epochs = epochs.stream().filter(e -> e.offset() <= size()).toList();
    }

    void append(long message) {
        messages.add(message);
    }

    void append(List<Long> copied) {
        messages.addAll(copied);
    }

    /** The epoch of what is written at this offset, or would be; null if nobody knows, and so it can't be sent. */
    Start epochOf(int offset) {
        Start found = null;
        for (Start start : epochs) {
            if (start.offset() <= offset) {
                found = start;
            }
        }
        return found;
    }

    /** What is there, none of it from the epoch after this one. */
    List<Long> from(int offset, int atMost) {
        long end = epochs.stream()
                .mapToLong(Start::offset)
                .filter(start -> start > offset)
                .min()
                .orElse(size());
        return List.copyOf(messages.subList(offset, (int) Math.min(Math.min(size(), end), offset + atMost)));
    }

    /**
     * Where this log and a master's stop to agree: at the end of the newest epoch that both began at the same place. Nowhere if
     * there is none.
     */
    OptionalInt agreesUntil(List<Start> masters, int masterSize) {
        if (epochs.isEmpty()) {
            return OptionalInt.of(0);
        }
        for (int i = epochs.size() - 1; i >= 0; i--) {
            int at = masters.indexOf(epochs.get(i));
            if (at >= 0) {
                long ownEnd = i + 1 < epochs.size() ? epochs.get(i + 1).offset() : size();
                long end = at + 1 < masters.size() ? masters.get(at + 1).offset() : masterSize;
                return OptionalInt.of((int) Math.min(ownEnd, end));
            }
        }
        return OptionalInt.empty();
    }

    void truncateTo(int size) {
        if (size < messages.size()) {
            messages.subList(size, messages.size()).clear();
        }
    }

    /** An operator's last resort. */
    void wipe() {
        messages.clear();
        epochs = List.of();
    }
}
