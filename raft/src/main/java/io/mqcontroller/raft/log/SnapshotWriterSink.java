package io.mqcontroller.raft.log;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.SnapshotMetadata;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Takes the content of an own snapshot and stores it in pieces. For one thread. */
final class SnapshotWriterSink implements LogStore.SnapshotSink {
    private final RocksSnapshots snapshots;
    private final LogPosition last;
    private final long chain;
    private final SnapshotPieces pieces;
    private final byte[] buffer = new byte[RocksSnapshots.PIECE_BYTES];
    private final OutputStream content = new Content();
    private int buffered;
    private boolean kept;

    SnapshotWriterSink(RocksSnapshots snapshots, LogPosition last, long chain, Bytes sessions) throws IOException {
        this.snapshots = snapshots;
        this.last = last;
        this.chain = chain;
        this.pieces = snapshots.newPieces();
        content.write(ByteBuffer.allocate(Integer.BYTES).putInt(sessions.size()).array());
        content.write(sessions.toByteArray());
    }

    @Override
    public OutputStream content() {
        return content;
    }

    private void storeBuffer() throws IOException {
        pieces.append(buffer.clone(), buffered);
        buffered = 0;
    }

    @Override
    public SnapshotMetadata commit() throws IOException {
        storeBuffer();
        SnapshotMetadata snapshot = new SnapshotMetadata(last, chain, pieces.size(), pieces.checksum());
        kept = snapshots.putInForce(snapshot, pieces, batch -> {});
        return snapshots.latest().orElse(snapshot);
    }

    @Override
    public void close() {
        if (kept) {
            return;
        }
        kept = true;
        try {
            pieces.drop();
        } catch (IOException ignored) {
            // Left-over pieces belong to no snapshot in force: they are dropped when the store is opened again.
        }
    }

    /** Closing it ends nothing: whoever writes the content may wrap it and close the wrapping; {@link #commit} decides. */
    private final class Content extends OutputStream {
        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            int done = 0;
            while (done < length) {
                int count = Math.min(length - done, buffer.length - buffered);
                System.arraycopy(from, offset + done, buffer, buffered, count);
                buffered += count;
                done += count;
                if (buffered == buffer.length) {
                    storeBuffer();
                }
            }
        }
    }
}
