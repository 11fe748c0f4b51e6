package io.mqcontroller.raft.log;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.RecoveredState;
import io.mqcontroller.raft.core.SnapshotMetadata;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** A store that has another one do everything; a subclass says what it does differently. */
public abstract class ForwardingLogStore implements LogStore {
    /** The one that does it now. */
    protected abstract LogStore store();

    @Override
    public RecoveredState recover() throws IOException {
        return store().recover();
    }

    @Override
    public void write(List<Effect.Persist> persists) throws IOException {
        store().write(persists);
    }

    @Override
    public void compactThrough(long throughIndex) throws IOException {
        store().compactThrough(throughIndex);
    }

    @Override
    public SnapshotSink beginSnapshot(LogPosition last, long chain, Bytes sessions) throws IOException {
        return store().beginSnapshot(last, chain, sessions);
    }

    @Override
    public Optional<SnapshotMetadata> latestSnapshot() throws IOException {
        return store().latestSnapshot();
    }

    @Override
    public InputStream openSnapshot(SnapshotMetadata snapshot) throws IOException {
        return store().openSnapshot(snapshot);
    }

    @Override
    public Optional<Bytes> readSnapshotChunk(SnapshotMetadata snapshot, long offset, int maxBytes) throws IOException {
        return store().readSnapshotChunk(snapshot, offset, maxBytes);
    }

    @Override
    public long receiveSnapshotChunk(SnapshotMetadata snapshot, long offset, Bytes chunk) throws IOException {
        return store().receiveSnapshotChunk(snapshot, offset, chunk);
    }

    @Override
    public Optional<Bytes> installReceivedSnapshot(SnapshotMetadata snapshot) throws IOException {
        return store().installReceivedSnapshot(snapshot);
    }

    @Override
    public void close() {
        store().close();
    }
}
