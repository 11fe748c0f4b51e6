package io.mqcontroller.agent.simulation;

import java.util.ArrayList;
import java.util.List;

/** A broker's log, an entry a message, and the epochs that it was written under. Outlives the process. */
final class BrokerLog {
    /** A message; no two have the same number. */
    record Message(int epoch, long number) {}

    /** From {@code start} on, until the next one begins. */
    record EpochStart(int epoch, int start) {}

    private final List<Message> messages = new ArrayList<>();
    private final List<EpochStart> epochs = new ArrayList<>();

    int size() {
        return messages.size();
    }

    Message get(int offset) {
        return messages.get(offset);
    }

    boolean holds(int offset, long number) {
        return offset < messages.size() && messages.get(offset).number == number;
    }

    int lastEpoch() {
        return epochs.isEmpty() ? -1 : epochs.get(epochs.size() - 1).epoch;
    }

    List<EpochStart> epochs() {
        return List.copyOf(epochs);
    }

    /** A master's new epoch begins here. */
    void beginEpoch(int epoch) {
        epochs.removeIf(e -> e.epoch >= epoch || e.start >= size());
        epochs.add(new EpochStart(epoch, size()));
    }

    void append(Message message) {
        if (message.epoch != lastEpoch()) {
            beginEpoch(message.epoch);
        }
        messages.add(message);
    }

    List<Message> from(int offset, int atMost) {
        return List.copyOf(messages.subList(offset, Math.min(size(), offset + atMost)));
    }

    /** Where this log and a master's stop to agree: at the end of the newest epoch that both began at the same place. */
    int agreesUntil(List<EpochStart> masters, int masterSize) {
        for (int i = epochs.size() - 1; i >= 0; i--) {
            int ownEnd = i + 1 < epochs.size() ? epochs.get(i + 1).start : size();
            int at = masters.indexOf(epochs.get(i));
            if (at >= 0) {
                int end = at + 1 < masters.size() ? masters.get(at + 1).start : masterSize;
                return Math.min(ownEnd, end);
            }
        }
        return 0;
    }

    void truncateTo(int size) {
        if (size < messages.size()) {
            messages.subList(size, messages.size()).clear();
        }
        epochs.removeIf(e -> e.start >= size);
    }
}
