package io.mqcontroller.raft.node;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.RecoveredState;
import io.mqcontroller.raft.core.SnapshotMetadata;
import io.mqcontroller.raft.log.LogStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** A real store whose disk fails at the n-th write, and at all after it. */
final class FailingLogStore implements LogStore {
    private final LogStore store;
    private int writesLeft;

    FailingLogStore(LogStore store, int writesLeft) {
        this.store = store;
        this.writesLeft = writesLeft;
    }

    @Override
    public void write(List<Effect.Persist> persists) throws IOException {
        if (--writesLeft < 0) {
            throw new IOException("Input/output error");
        }
        store.write(persists);
    }

    @Override
    public RecoveredState recover() throws IOException {
        return store.recover();
    }

    @Override
    public void compactThrough(long throughIndex) throws IOException {
        store.compactThrough(throughIndex);
    }

    @Override
    public SnapshotSink beginSnapshot(LogPosition last, long chain, Bytes sessions) throws IOException {
        return store.beginSnapshot(last, chain, sessions);
    }

    @Override
    public Optional<SnapshotMetadata> latestSnapshot() throws IOException {
        return store.latestSnapshot();
    }

    @Override
    public InputStream openSnapshot(SnapshotMetadata snapshot) throws IOException {
        return store.openSnapshot(snapshot);
    }

    @Override
    public Optional<Bytes> readSnapshotChunk(SnapshotMetadata snapshot, long offset, int maxBytes) throws IOException {
        return store.readSnapshotChunk(snapshot, offset, maxBytes);
    }

    @Override
    public long receiveSnapshotChunk(SnapshotMetadata snapshot, long offset, Bytes chunk) throws IOException {
        return store.receiveSnapshotChunk(snapshot, offset, chunk);
    }

    @Override
    public Optional<Bytes> installReceivedSnapshot(SnapshotMetadata snapshot) throws IOException {
        return store.installReceivedSnapshot(snapshot);
    }

    @Override
    public void close() {
        store.close();
    }
}
