package io.mqcontroller.raft.log;

import com.google.protobuf.InvalidProtocolBufferException;
import io.mqcontroller.proto.raft.LogEntry;
import io.mqcontroller.proto.raft.StoredHardState;
import io.mqcontroller.raft.codec.EntryCodec;
import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.EntryKind;
import io.mqcontroller.raft.core.HardState;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RecoveredState;
import io.mqcontroller.raft.core.SnapshotMetadata;
import io.mqcontroller.raft.log.RocksDatabase.Cursor;
import io.mqcontroller.raft.log.RocksDatabase.Family;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * The store in one RocksDB database. Entries lie under their index (8 bytes, big-endian, so that they sort), the hard state
 * under one key, snapshots in pieces (see {@link RocksSnapshots}).
 *
 * <p>Kept small on purpose: 8 MiB write buffers, a block cache of 4 MiB, two background threads. The log in memory is the
 * core's; this one is read at start only.
 */
public final class RocksLogStore implements NumberedStore {
    private static final byte[] HARD_STATE_KEY = {0};
    private static final byte[] FIRST_MEMBERS_KEY = "first-members".getBytes(StandardCharsets.US_ASCII);

    private final RocksDatabase database;
    private final RocksSnapshots snapshots;
    private final long incarnation;
    private final KnownStores knownStores;

    private RocksLogStore(RocksDatabase database) throws IOException {
        this.database = database;
        this.snapshots = new RocksSnapshots(database);
        this.incarnation = StoreIdentityCheck.read(database).orElseThrow().getIncarnation();
        this.knownStores = new KnownStores(database);
    }

    /**
     * Opens the store in {@code directory}, or makes it if there is none. The directory is the store's alone.
     *
     * @throws DamagedStoreException if what is there is damaged
     * @throws ForeignStoreException if it is of another cluster or member, or of a newer format
     * @throws DiskFullException if there is no room to open it
     * @throws IOException if another process has it open, or the disk fails
     */
    public static RocksLogStore open(Path directory, StoreOwner owner) throws IOException {
        RocksDatabase database = RocksDatabase.open(directory, owner);
        try {
            return new RocksLogStore(database);
        } catch (IOException | RuntimeException failed) {
            database.close();
            throw failed;
        }
    }

    @Override
    public long incarnation() {
        return incarnation;
    }

    @Override
    public KnownStores knownStores() {
        return knownStores;
    }

    @Override
    public String rememberFirstMembers(String told) throws IOException {
        byte[] known = database.get(Family.IDENTITY, FIRST_MEMBERS_KEY);
        if (known != null) {
            return new String(known, StandardCharsets.UTF_8);
        }
        byte[] text = told.getBytes(StandardCharsets.UTF_8);
        database.writeSynced(batch -> batch.put(database.handle(Family.IDENTITY), FIRST_MEMBERS_KEY, text));
        return told;
    }

    @Override
    public RecoveredState recover() throws IOException {
        HardState hardState = readHardState();
        if (hardState.isRecovering()) {
            knownStores.noteLoss();
        }
        Optional<SnapshotMetadata> snapshot = snapshots.latest();
        Bytes sessions = snapshot.isPresent() ? snapshots.verify(snapshot.get()) : Bytes.EMPTY;
        List<Entry> entries = readEntries(snapshot);
        LogPosition last = entries.isEmpty()
                ? snapshot.map(SnapshotMetadata::last).orElse(LogPosition.ZERO)
                : entries.get(entries.size() - 1).position();
        if (last.term() > hardState.term() || last.index() < hardState.commitIndex()) {
            // Both were written together, so one of them is older than what this member has promised.
            throw damaged("the log ends at " + last + ", which does not go with term " + hardState.term()
                    + " and commit index " + hardState.commitIndex());
        }
        return new RecoveredState(hardState, snapshot, sessions, entries, incarnation);
    }

    private HardState readHardState() throws IOException {
        byte[] stored = database.get(Family.HARD_STATE, HARD_STATE_KEY);
        if (stored == null) {
            return HardState.INITIAL;
        }
        try {
            StoredHardState state = StoredHardState.parseFrom(stored);
            Optional<NodeId> votedFor =
                    state.getVotedFor().isEmpty() ? Optional.empty() : Optional.of(new NodeId(state.getVotedFor()));
            return new HardState(state.getTerm(), votedFor, state.getCommitIndex(), state.getRecoveryId());
        } catch (InvalidProtocolBufferException | IllegalArgumentException unreadable) {
            throw new DamagedStoreException(
                    "the store " + database.directory() + " has an unreadable hard state", unreadable);
        }
    }

    private List<Entry> readEntries(Optional<SnapshotMetadata> snapshot) throws IOException {
        long index = snapshot.map(s -> s.last().index()).orElse(0L);
        long chain = snapshot.map(SnapshotMetadata::chain).orElse(Entry.CHAIN_START);
        List<Entry> entries = new ArrayList<>();
        try (Cursor cursor = database.cursor(Family.ENTRIES)) {
            for (boolean more = cursor.seek(keyOf(index + 1)); more; more = cursor.next()) {
                index++;
                long found = ByteBuffer.wrap(cursor.key()).getLong();
                if (found != index) {
                    throw damaged("the log goes on at index " + found + " where " + index + " belongs");
                }
                Entry entry = parseEntry(index, cursor.value());
                if (entry.index() != index || !entry.isIntactAfter(chain)) {
                    throw damaged("the log entry at index " + index + " is not what was written there");
                }
                chain = entry.chain();
                entries.add(entry);
            }
        }
        return entries;
    }

    private Entry parseEntry(long index, byte[] stored) throws IOException {
        try {
            LogEntry parsed = LogEntry.parseFrom(stored);
            if (!EntryKind.isKnown(parsed.getKind())) {
                throw new ForeignStoreException("the store " + database.directory() + " has a log entry of kind "
                        + parsed.getKind() + " at index " + index + ", which a newer version wrote");
            }
            return EntryCodec.decode(parsed);
        } catch (InvalidProtocolBufferException | IllegalArgumentException unreadable) {
            throw new DamagedStoreException(
                    "the store " + database.directory() + " has an unreadable log entry at index " + index + ": "
                            + unreadable.getMessage(),
                    unreadable);
        }
    }

    private DamagedStoreException damaged(String what) {
        return new DamagedStoreException("the store " + database.directory() + " is damaged: " + what);
    }

    @Override
    public void write(List<Effect.Persist> persists) throws IOException {
        database.writeSynced(batch -> {
            HardState newest = null;
            for (Effect.Persist persist : persists) {
                newest = persist.hardState().orElse(newest);
                collectEntries(persist, batch);
            }
            if (newest != null) {
                batch.put(database.handle(Family.HARD_STATE), HARD_STATE_KEY, encode(newest));
            }
        });
    }

    private void collectEntries(Effect.Persist persist, WriteBatch batch) throws RocksDBException {
        if (persist.truncateFrom().isPresent()) {
            batch.deleteRange(
                    database.handle(Family.ENTRIES),
                    keyOf(persist.truncateFrom().getAsLong()),
                    keyOf(Long.MAX_VALUE));
        }
        for (Entry entry : persist.append()) {
            batch.put(
                    database.handle(Family.ENTRIES),
                    keyOf(entry.index()),
                    EntryCodec.encode(entry).toByteArray());
        }
    }

    private static byte[] encode(HardState state) {
        return StoredHardState.newBuilder()
                .setTerm(state.term())
                .setVotedFor(state.votedFor().map(NodeId::value).orElse(""))
                .setCommitIndex(state.commitIndex())
                .setRecoveryId(state.recoveryId())
                .build()
                .toByteArray();
    }

    @Override
    public void compactThrough(long throughIndex) throws IOException {
        database.write(batch -> batch.deleteRange(database.handle(Family.ENTRIES), keyOf(0), keyOf(throughIndex + 1)));
    }

    @Override
    public SnapshotSink beginSnapshot(LogPosition last, long chain, Bytes sessions) throws IOException {
        return snapshots.begin(last, chain, sessions);
    }

    @Override
    public Optional<SnapshotMetadata> latestSnapshot() {
        return snapshots.latest();
    }

    @Override
    public InputStream openSnapshot(SnapshotMetadata snapshot) throws IOException {
        return snapshots.open(snapshot);
    }

    @Override
    public Optional<Bytes> readSnapshotChunk(SnapshotMetadata snapshot, long offset, int maxBytes) throws IOException {
        return snapshots.readChunk(snapshot, offset, maxBytes);
    }

    @Override
    public long receiveSnapshotChunk(SnapshotMetadata snapshot, long offset, Bytes chunk) throws IOException {
        return snapshots.receive(snapshot, offset, chunk);
    }

    @Override
    public Optional<Bytes> installReceivedSnapshot(SnapshotMetadata snapshot) throws IOException {
        long dropBefore = holds(snapshot) ? snapshot.last().index() + 1 : Long.MAX_VALUE;
        return snapshots.install(
                snapshot, batch -> batch.deleteRange(database.handle(Family.ENTRIES), keyOf(0), keyOf(dropBefore)));
    }

    /** Whether the log goes through the snapshot's last entry, so that what follows it here is worth keeping. */
    private boolean holds(SnapshotMetadata snapshot) throws IOException {
        byte[] stored = database.get(Family.ENTRIES, keyOf(snapshot.last().index()));
        if (stored == null) {
            return false;
        }
        Entry entry = parseEntry(snapshot.last().index(), stored);
        return entry.position().equals(snapshot.last()) && entry.chain() == snapshot.chain();
    }

    private static byte[] keyOf(long index) {
        return ByteBuffer.allocate(Long.BYTES).putLong(index).array();
    }

    @Override
    public void close() {
        database.close();
    }
}
