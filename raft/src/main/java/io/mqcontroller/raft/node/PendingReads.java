package io.mqcontroller.raft.node;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Readers that wait for proof of leadership: those of one turn share one question to the cluster. The Raft thread's. */
final class PendingReads {
    private static final ReadResult NOT_LEADER = new ReadResult.NotLeader(Optional.empty());

    private final int maxWaiting;
    private final RaftListener listener;
    private final Map<Long, List<Consumer<ReadResult>>> asked = new HashMap<>();
    private List<Consumer<ReadResult>> unasked = new ArrayList<>();
    private int waiting;
    private long lastId;

    /** @param maxWaiting readers at a time; without a majority none goes before leadership does, and more keep coming */
    PendingReads(int maxWaiting, RaftListener listener) {
        this.maxWaiting = maxWaiting;
        this.listener = listener;
    }

    /** Takes a reader in, or refuses it at once. */
    void add(Consumer<ReadResult> reader) {
        if (waiting >= maxWaiting) {
            listener.onMailboxFull("read");
            reader.accept(NOT_LEADER);
            return;
        }
        waiting++;
        unasked.add(reader);
    }

    /** The id of the question for all that came since the last, if any came. */
    OptionalLong ask() {
        if (unasked.isEmpty()) {
            return OptionalLong.empty();
        }
        asked.put(++lastId, unasked);
        unasked = new ArrayList<>();
        return OptionalLong.of(lastId);
    }

    void end(long id, ReadResult result) {
        List<Consumer<ReadResult>> readers = asked.remove(id);
        if (readers != null) {
            waiting -= readers.size();
            readers.forEach(reader -> reader.accept(result));
        }
    }

    /** Nothing will be answered any more. */
    void endAll() {
        ask();
        List.copyOf(asked.keySet()).forEach(id -> end(id, NOT_LEADER));
    }
}
