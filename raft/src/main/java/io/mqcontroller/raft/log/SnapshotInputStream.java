package io.mqcontroller.raft.log;

import io.mqcontroller.raft.core.SnapshotMetadata;
import io.mqcontroller.raft.log.RocksDatabase.Cursor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** Reads a stored snapshot from its first byte to its last, and then compares length and checksum. For one thread. */
final class SnapshotInputStream extends InputStream {
    private final Cursor cursor;
    private final byte[] firstKey;
    private final SnapshotMetadata snapshot;
    private final Path directory;
    private final CRC32C checksum = new CRC32C();

    private byte[] piece = new byte[0];
    private int position;
    private long offset;
    private boolean started;

    SnapshotInputStream(Cursor cursor, byte[] firstKey, SnapshotMetadata snapshot, Path directory) {
        this.cursor = cursor;
        this.firstKey = firstKey;
        this.snapshot = snapshot;
        this.directory = directory;
    }

    @Override
    public int read() throws IOException {
        return fill() ? piece[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, piece.length - position);
        System.arraycopy(piece, position, into, from, count);
        position += count;
        return count;
    }

    void skipToEnd() throws IOException {
        while (fill()) {
            position = piece.length;
        }
    }

    /** Has bytes at hand, or the content is at its end and sound. */
    private boolean fill() throws IOException {
        if (position < piece.length) {
            return true;
        }
        if (offset == snapshot.sizeBytes()) {
            if ((int) checksum.getValue() != snapshot.checksum()) {
                throw damaged("it has checksum " + Long.toHexString(checksum.getValue()) + " instead of "
                        + Integer.toHexString(snapshot.checksum()));
            }
            return false;
        }
        boolean found = started ? cursor.next() : cursor.seek(firstKey);
        started = true;
        if (!found || !isExpected(cursor.key())) {
            throw damaged("the piece at offset " + offset + " of " + snapshot.sizeBytes() + " is missing");
        }
        piece = cursor.value();
        position = 0;
        offset += piece.length;
        checksum.update(piece, 0, piece.length);
        return true;
    }

    private boolean isExpected(byte[] key) {
        ByteBuffer expected = ByteBuffer.wrap(firstKey.clone());
        expected.putLong(firstKey.length - Long.BYTES, offset);
        return ByteBuffer.wrap(key).equals(expected);
    }

    private DamagedStoreException damaged(String what) {
        return new DamagedStoreException(
                "the snapshot at " + snapshot.last() + " in the store " + directory + " is damaged: " + what);
    }

    @Override
    public void close() {
        cursor.close();
    }
}
