package io.mqcontroller.raft.log;

import io.mqcontroller.raft.core.SnapshotMetadata;
import io.mqcontroller.raft.log.RocksDatabase.Family;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** The content of one generation while it is being written, piece behind piece. For one thread. */
final class SnapshotPieces {
    private final RocksDatabase database;
    private final long generation;
    private final CRC32C checksum = new CRC32C();
    private long size;

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

    /** Un-synced: durable when the generation is put in force. */
    void append(byte[] piece, int length) throws IOException {
        if (length == 0) {
            return;
        }
        byte[] stored = length == piece.length ? piece : Arrays.copyOf(piece, length);
        long offset = size;
        database.write(batch ->
                batch.put(database.handle(Family.SNAPSHOTS), RocksSnapshots.pieceKey(generation, offset), stored));
        checksum.update(stored, 0, length);
        size += length;
    }

    void drop() throws IOException {
        database.write(batch -> batch.deleteRange(
                database.handle(Family.SNAPSHOTS),
                RocksSnapshots.pieceKey(generation, 0),
                RocksSnapshots.pieceKey(generation + 1, 0)));
    }
}
