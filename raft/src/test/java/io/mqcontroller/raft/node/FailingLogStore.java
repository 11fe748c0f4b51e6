package io.mqcontroller.raft.node;

import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.log.ForwardingLogStore;
import io.mqcontroller.raft.log.LogStore;
import java.io.IOException;
import java.util.List;

/** A real store whose disk fails at the n-th write, and at all after it. */
final class FailingLogStore extends ForwardingLogStore {
    private final LogStore store;
    private int writesLeft;

    FailingLogStore(LogStore store, int writesLeft) {
        this.store = store;
        this.writesLeft = writesLeft;
    }

    @Override
    protected LogStore store() {
        return store;
    }

    @Override
    public void write(List<Effect.Persist> persists) throws IOException {
        if (--writesLeft < 0) {
            throw new IOException("Input/output error");
        }
        super.write(persists);
    }
}
