package io.mqcontroller.raft.log;

import io.mqcontroller.raft.core.SnapshotMetadata;
import io.mqcontroller.raft.log.RocksDatabase.Cursor;
import io.mqcontroller.raft.log.RocksDatabase.Family;
import io.mqcontroller.raft.log.RocksDatabase.Fill;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The content of one generation while it is being written, piece behind piece. For one thread.
 *
 * <p>Synced every now and then, so that no sync of the log, which goes through the same file, has much of it to wait for.
 */
final class SnapshotPieces {
    private static final long SYNC_EVERY_BYTES = 1 << 20;

    private final RocksDatabase database;
    private final long generation;
    private final CRC32C checksum = new CRC32C();
    private long size;
    private long syncedSize;

    SnapshotPieces(RocksDatabase database, long generation) {
        this.database = database;
        this.generation = generation;
    }

    long generation() {
        return generation;
    }

    long size() {
        return size;
    }

    int checksum() {
        return (int) checksum.getValue();
    }

    boolean match(SnapshotMetadata snapshot) {
        return size == snapshot.sizeBytes() && checksum() == snapshot.checksum();
    }

    /** Durable at the latest when the generation is put in force. */
    void append(byte[] piece, int length) throws IOException {
        append(piece, length, batch -> {});
    }

    /** @param alongWith what else is written in the same batch */
    void append(byte[] piece, int length, Fill alongWith) throws IOException {
        if (length == 0) {
            return;
        }
        byte[] stored = length == piece.length ? piece : Arrays.copyOf(piece, length);
        Fill all = batch -> {
            alongWith.into(batch);
            batch.put(database.handle(Family.SNAPSHOTS), RocksSnapshots.pieceKey(generation, size), stored);
        };
        if (size + length - syncedSize >= SYNC_EVERY_BYTES) {
            database.writeSynced(all);
            syncedSize = size + length;
        } else {
            database.write(all);
        }
        grow(stored);
    }

    private void grow(byte[] stored) {
        checksum.update(stored, 0, stored.length);
        size += stored.length;
    }

    /** Takes over what is stored already: all pieces from the first one on that follow each other without a gap. */
    void takeOverStored() throws IOException {
        try (Cursor cursor = database.cursor(Family.SNAPSHOTS)) {
            boolean more = cursor.seek(RocksSnapshots.pieceKey(generation, 0));
            while (more && Arrays.equals(cursor.key(), RocksSnapshots.pieceKey(generation, size))) {
                grow(cursor.value());
                more = cursor.next();
            }
        }
        syncedSize = size;
    }

    void drop() throws IOException {
        database.write(batch -> batch.deleteRange(
                database.handle(Family.SNAPSHOTS),
                RocksSnapshots.pieceKey(generation, 0),
                RocksSnapshots.pieceKey(generation + 1, 0)));
    }
}
