package io.mqcontroller.raft.log;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.RecoveredState;
import io.mqcontroller.raft.core.SnapshotMetadata;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/**
 * Where a member keeps hard state, log and snapshot. One thread calls it, except for {@link #openSnapshot}, {@link
 * #readSnapshotChunk} and {@link #beginSnapshot}, which may be called from another.
 *
 * <p>Every {@link IOException} of a writing method but {@link DiskFullException} is final: the store is in an unknown state,
 * and the process must end without another answer (a failed sync must never be retried: what it lost may look written).
 */
public interface LogStore extends AutoCloseable {
    /**
     * Reads everything back, and checks it: entries without a gap, each intact behind the one before.
     *
     * @throws DamagedStoreException if anything does not fit together; the message says what and where
     */
    RecoveredState recover() throws IOException;

    /** Writes all of these as one atomic batch with one sync, in order. Durable on return. Blocks. */
    void write(List<Effect.Persist> persists) throws IOException;

    /** Drops entries up to and with {@code throughIndex}, which a durable snapshot covers. Not synced: may come back after a crash. */
    void compactThrough(long throughIndex) throws IOException;

    /**
     * Begins a new snapshot of the own state machine. The content is streamed; {@link SnapshotSink#commit} makes it the
     * newest one, durably.
     */
    SnapshotSink beginSnapshot(LogPosition last, long chain, Bytes sessions) throws IOException;

    /** The newest snapshot, if any. */
    Optional<SnapshotMetadata> latestSnapshot() throws IOException;

    /** The state machine's part of the newest snapshot as a stream that checks what it reads. */
    InputStream openSnapshot(SnapshotMetadata snapshot) throws IOException;

    /**
     * A piece of the snapshot's transferable content (sessions and state machine), or empty if this snapshot is no longer
     * stored.
     */
    Optional<Bytes> readSnapshotChunk(SnapshotMetadata snapshot, long offset, int maxBytes) throws IOException;

    /**
     * Stores a received piece. Offset 0 begins: another snapshot that was being received is dropped, and of this one what is
     * here already is kept, in an earlier life of the process as well.
     *
     * @return how much of the snapshot is here now, so the offset of the piece that is wanted next
     */
    long receiveSnapshotChunk(SnapshotMetadata snapshot, long offset, Bytes chunk) throws IOException;

    /**
     * Checks the received content and, in one atomic synced batch, makes it the newest snapshot and lets the log begin
     * behind it: all of the old log goes, unless it holds the snapshot's last entry with the same term and chain; then what
     * follows it is kept.
     *
     * @return the sessions, or empty if the content does not match its checksum (nothing was changed then)
     */
    Optional<Bytes> installReceivedSnapshot(SnapshotMetadata snapshot) throws IOException;

    @Override
    void close();

    /** Receives a snapshot while it is taken. */
    interface SnapshotSink extends AutoCloseable {
        OutputStream content();

        /**
         * Ends the content and makes it the newest snapshot, durably; older ones are dropped. If one that covers as much came
         * into force meanwhile, that one stays.
         *
         * @return the snapshot in force afterwards
         */
        SnapshotMetadata commit() throws IOException;

        /** Without {@link #commit}: forgets what was written. */
        @Override
        void close();
    }
}
