package io.mqcontroller.raft.log;

import com.google.protobuf.InvalidProtocolBufferException;
import io.mqcontroller.proto.raft.StoredSnapshot;
import io.mqcontroller.raft.codec.EntryCodec;
import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.SnapshotMetadata;
import io.mqcontroller.raft.log.RocksDatabase.Cursor;
import io.mqcontroller.raft.log.RocksDatabase.Family;
import io.mqcontroller.raft.log.RocksDatabase.Fill;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Snapshots in their column family. The content (length of the sessions in 4 bytes, sessions, state machine) lies in pieces
 * under {@code 1, generation, offset}; the key {@code 0} names the generation in force and describes it. A new snapshot is
 * written under a new generation and put in force by one synced batch, which makes its pieces durable with it. The key {@code
 * 2} names and describes the one that is being received, so that receiving goes on where it was after a restart. What belongs
 * to neither is left over from a crash and dropped at opening.
 *
 * <p>One thread takes snapshots and one receives them, so putting in force is guarded: the newer one wins.
 */
final class RocksSnapshots {
    static final int PIECE_BYTES = 256 << 10;

    private static final byte[] IN_FORCE_KEY = {0};
    private static final byte[] RECEIVING_KEY = {2};
    private static final long NONE = 0;

    private final RocksDatabase database;
    private final AtomicLong generations;
    private final Object switching = new Object();

    /** Written under {@link #switching}. */
    private volatile Optional<Stored> inForce;

    /** The receiving thread's. */
    private Optional<Receiving> receiving;

    private record Stored(SnapshotMetadata snapshot, long generation) {}

    private record Receiving(SnapshotMetadata snapshot, SnapshotPieces pieces) {}

    RocksSnapshots(RocksDatabase database) throws IOException {
        this.database = database;
        this.inForce = read(IN_FORCE_KEY);
        Optional<Stored> unfinished = read(RECEIVING_KEY).filter(this::isNewerThanInForce);
        long current = inForce.map(Stored::generation).orElse(NONE);
        long kept = unfinished.map(Stored::generation).orElse(current);
        this.generations = new AtomicLong(Math.max(current, kept));
        database.write(batch -> {
            long from = 0;
            for (long generation : new TreeSet<>(List.of(current, kept))) {
                batch.deleteRange(database.handle(Family.SNAPSHOTS), pieceKey(from, 0), pieceKey(generation, 0));
                from = generation + 1;
            }
            batch.deleteRange(database.handle(Family.SNAPSHOTS), pieceKey(from, 0), pieceKey(Long.MAX_VALUE, 0));
        });
        this.receiving = unfinished.isPresent() ? takeUp(unfinished.get()) : Optional.empty();
    }

    private boolean isNewerThanInForce(Stored other) {
        return inForce.isEmpty()
                || other.snapshot().last().index()
                        > inForce.get().snapshot().last().index();
    }

    /** What was being received when the process ended, as far as it is there. */
    private Optional<Receiving> takeUp(Stored unfinished) throws IOException {
        SnapshotPieces pieces = new SnapshotPieces(database, unfinished.generation());
        pieces.takeOverStored();
        return pieces.size() == 0 ? Optional.empty() : Optional.of(new Receiving(unfinished.snapshot(), pieces));
    }

    private Optional<Stored> read(byte[] key) throws IOException {
        byte[] stored = database.get(Family.SNAPSHOTS, key);
        if (stored == null) {
            return Optional.empty();
        }
        try {
            StoredSnapshot parsed = StoredSnapshot.parseFrom(stored);
            return Optional.of(new Stored(EntryCodec.decode(parsed.getSnapshot()), parsed.getGeneration()));
        } catch (InvalidProtocolBufferException | IllegalArgumentException unreadable) {
            throw new DamagedStoreException(
                    "the store " + database.directory() + " has an unreadable description of its snapshot", unreadable);
        }
    }

    private static byte[] encode(SnapshotMetadata snapshot, long generation) {
        return StoredSnapshot.newBuilder()
                .setSnapshot(EntryCodec.encode(snapshot))
                .setGeneration(generation)
                .build()
                .toByteArray();
    }

    Optional<SnapshotMetadata> latest() {
        return inForce.map(Stored::snapshot);
    }

    /** Reads the whole content once, and gives back the sessions. */
    Bytes verify(SnapshotMetadata snapshot) throws IOException {
        try (SnapshotInputStream content = openContent(snapshot)) {
            Bytes sessions = readSessions(content);
            content.skipToEnd();
            return sessions;
        }
    }

    /** The state machine's part, as it is now, whatever replaces it meanwhile. */
    InputStream open(SnapshotMetadata snapshot) throws IOException {
        SnapshotInputStream content = openContent(snapshot);
        try {
            readSessions(content);
            return content;
        } catch (IOException damaged) {
            content.close();
            throw damaged;
        }
    }

    private SnapshotInputStream openContent(SnapshotMetadata snapshot) throws IOException {
        synchronized (switching) {
            Stored current = inForce.filter(c -> c.snapshot().equals(snapshot))
                    .orElseThrow(() -> new IOException("the snapshot at " + snapshot.last() + " is not in the store "
                            + database.directory() + " any more, it holds " + latest()));
            Cursor cursor = database.cursor(Family.SNAPSHOTS);
            return new SnapshotInputStream(cursor, pieceKey(current.generation(), 0), snapshot, database.directory());
        }
    }

    private static Bytes readSessions(InputStream content) throws IOException {
        DataInputStream in = new DataInputStream(content);
        int length = in.readInt();
        byte[] sessions = in.readNBytes(Math.max(0, length));
        if (sessions.length != length) {
            throw new DamagedStoreException(
                    "a snapshot ends inside its sessions: " + sessions.length + " of " + length + " bytes");
        }
        return Bytes.wrap(sessions);
    }

    Optional<Bytes> readChunk(SnapshotMetadata snapshot, long offset, int maxBytes) throws IOException {
        Cursor cursor;
        long generation;
        synchronized (switching) {
            Optional<Stored> current = inForce.filter(c -> c.snapshot().equals(snapshot));
            if (current.isEmpty()) {
                return Optional.empty();
            }
            generation = current.get().generation();
            cursor = database.cursor(Family.SNAPSHOTS);
        }
        try (cursor) {
            return Optional.of(Bytes.wrap(readPieces(cursor, generation, offset, maxBytes)));
        }
    }

    private byte[] readPieces(Cursor cursor, long generation, long offset, int maxBytes) throws IOException {
        ByteArrayOutputStream chunk = new ByteArrayOutputStream(maxBytes);
        boolean more = cursor.seekAtOrBefore(pieceKey(generation, offset));
        while (more && chunk.size() < maxBytes) {
            ByteBuffer key = ByteBuffer.wrap(cursor.key());
            if (key.get() != 1 || key.getLong() != generation) {
                break;
            }
            byte[] piece = cursor.value();
            int from = (int) Math.min(piece.length, offset + chunk.size() - key.getLong());
            chunk.write(piece, from, Math.min(piece.length - from, maxBytes - chunk.size()));
            more = cursor.next();
        }
        return chunk.toByteArray();
    }

    LogStore.SnapshotSink begin(LogPosition last, long chain, Bytes sessions) throws IOException {
        return new SnapshotWriterSink(this, last, chain, sessions);
    }

    SnapshotPieces newPieces() {
        return new SnapshotPieces(database, generations.incrementAndGet());
    }

    long receive(SnapshotMetadata snapshot, long offset, Bytes chunk) throws IOException {
        if (offset == 0 && holdsMoreThan(chunk, snapshot)) {
            return receiving.orElseThrow().pieces().size();
        }
        Fill description = batch -> {};
        if (offset == 0) {
            dropReceived();
            SnapshotPieces pieces = newPieces();
            receiving = Optional.of(new Receiving(snapshot, pieces));
            byte[] described = encode(snapshot, pieces.generation());
            description = batch -> batch.put(database.handle(Family.SNAPSHOTS), RECEIVING_KEY, described);
        }
        Receiving current = receiving
                .filter(r -> r.snapshot().equals(snapshot) && r.pieces().size() == offset)
                .orElseThrow(() -> new IllegalArgumentException("a piece of the snapshot at " + snapshot.last()
                        + " with offset " + offset + " does not follow what was received: " + receiving));
        current.pieces().append(chunk.toByteArray(), chunk.size(), description);
        return current.pieces().size();
    }

    /** Its content is compared with the checksum of all when all is here. */
    private boolean holdsMoreThan(Bytes firstChunk, SnapshotMetadata snapshot) {
        return receiving
                .filter(r -> r.snapshot().equals(snapshot) && r.pieces().size() > firstChunk.size())
                .isPresent();
    }

    private void dropReceived() throws IOException {
        if (receiving.isPresent()) {
            receiving.get().pieces().drop();
            receiving = Optional.empty();
        }
    }

    /** @param alongWith what else is written in the same batch, if it is installed */
    Optional<Bytes> install(SnapshotMetadata snapshot, Fill alongWith) throws IOException {
        Optional<Receiving> received = receiving.filter(r -> r.snapshot().equals(snapshot));
        if (received.isPresent() && received.get().pieces().match(snapshot)) {
            SnapshotPieces pieces = received.get().pieces();
            Optional<Bytes> sessions = receivedSessions(pieces);
            if (sessions.isPresent() && putInForce(snapshot, pieces, alongWith)) {
                receiving = Optional.empty();
                return sessions;
            }
        }
        dropReceived();
        return Optional.empty();
    }

    private Optional<Bytes> receivedSessions(SnapshotPieces pieces) throws IOException {
        try (Cursor cursor = database.cursor(Family.SNAPSHOTS)) {
            byte[] head = readPieces(cursor, pieces.generation(), 0, Integer.BYTES);
            int length =
                    head.length < Integer.BYTES ? -1 : ByteBuffer.wrap(head).getInt();
            if (length < 0 || length > pieces.size() - Integer.BYTES) {
                return Optional.empty();
            }
            return Optional.of(Bytes.wrap(readPieces(cursor, pieces.generation(), Integer.BYTES, length)));
        }
    }

    /** False, and nothing changed, if the one in force covers as much already. */
    boolean putInForce(SnapshotMetadata snapshot, SnapshotPieces pieces, Fill alongWith) throws IOException {
        synchronized (switching) {
            Optional<Stored> old = inForce;
            if (old.isPresent()
                    && old.get().snapshot().last().index() >= snapshot.last().index()) {
                return false;
            }
            byte[] described = encode(snapshot, pieces.generation());
            database.writeSynced(batch -> {
                alongWith.into(batch);
                batch.put(database.handle(Family.SNAPSHOTS), IN_FORCE_KEY, described);
                if (old.isPresent()) {
                    batch.deleteRange(
                            database.handle(Family.SNAPSHOTS),
                            pieceKey(old.get().generation(), 0),
                            pieceKey(old.get().generation() + 1, 0));
                }
            });
            inForce = Optional.of(new Stored(snapshot, pieces.generation()));
            return true;
        }
    }

    static byte[] pieceKey(long generation, long offset) {
        return ByteBuffer.allocate(1 + 2 * Long.BYTES)
                .put((byte) 1)
                .putLong(generation)
                .putLong(offset)
                .array();
    }
}
