package io.mqcontroller.raft.process;

import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.log.ForwardingLogStore;
import io.mqcontroller.raft.log.LogStore;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** A store that always keeps back the last writes that it has called durable: the tests must find out that it does. */
final class LateWrites extends ForwardingLogStore {
    private static final int KEPT_BACK = 5;

    private final LogStore store;
    private final Deque<List<Effect.Persist>> keptBack = new ArrayDeque<>();

    LateWrites(LogStore store) {
        this.store = store;
    }

    @Override
    protected LogStore store() {
        return store;
    }

    @Override
    public void write(List<Effect.Persist> persists) throws IOException {
        keptBack.add(List.copyOf(persists));
        if (keptBack.size() > KEPT_BACK) {
            super.write(keptBack.remove());
        }
    }
}
