package io.mqcontroller.raft.log;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.HardState;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.RecoveredState;
import io.mqcontroller.raft.core.SnapshotMetadata;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** A store without a disk, for tests: what was written is there until {@link Contents} is thrown away. */
public final class MemoryLogStore implements LogStore {
    /** What a disk would hold: outlives the store. */
    public static final class Contents {
        private HardState hardState = HardState.INITIAL;
        private final TreeMap<Long, Entry> entries = new TreeMap<>();
        private Optional<SnapshotMetadata> snapshot = Optional.empty();
        private byte[] content = new byte[0];
        private Optional<SnapshotMetadata> receiving = Optional.empty();
        private ByteArrayOutputStream received = new ByteArrayOutputStream();
    }

    private final Contents contents;

    public MemoryLogStore(Contents contents) {
        this.contents = contents;
    }

    @Override
    public RecoveredState recover() throws IOException {
        synchronized (contents) {
            long after = contents.snapshot.map(s -> s.last().index()).orElse(0L);
            List<Entry> entries =
                    List.copyOf(contents.entries.tailMap(after, false).values());
            Bytes sessions = contents.snapshot.isPresent() ? sessionsOf(contents.content) : Bytes.EMPTY;
            return new RecoveredState(contents.hardState, contents.snapshot, sessions, entries);
        }
    }

    @Override
    public void write(List<Effect.Persist> persists) {
        synchronized (contents) {
            for (Effect.Persist persist : persists) {
                contents.hardState = persist.hardState().orElse(contents.hardState);
                persist.truncateFrom()
                        .ifPresent(from -> contents.entries.tailMap(from, true).clear());
                persist.append().forEach(entry -> contents.entries.put(entry.index(), entry));
            }
        }
    }

    @Override
    public void compactThrough(long throughIndex) {
        synchronized (contents) {
            contents.entries.headMap(throughIndex, true).clear();
        }
    }

    @Override
    public SnapshotSink beginSnapshot(LogPosition last, long chain, Bytes sessions) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream head = new DataOutputStream(bytes);
        head.writeInt(sessions.size());
        head.write(sessions.toByteArray());
        return new SnapshotSink() {
            @Override
            public OutputStream content() {
                return bytes;
            }

            @Override
            public SnapshotMetadata commit() {
                byte[] content = bytes.toByteArray();
                SnapshotMetadata taken = new SnapshotMetadata(last, chain, content.length, checksumOf(content));
                putInForce(taken, content);
                return latestSnapshot().orElseThrow();
            }

            @Override
            public void close() {}
        };
    }

    private boolean putInForce(SnapshotMetadata snapshot, byte[] content) {
        synchronized (contents) {
            if (contents.snapshot
                    .filter(s -> s.last().index() >= snapshot.last().index())
                    .isPresent()) {
                return false;
            }
            contents.snapshot = Optional.of(snapshot);
            contents.content = content;
            contents.receiving = contents.receiving.filter(
                    r -> r.last().index() > snapshot.last().index());
            return true;
        }
    }

    @Override
    public Optional<SnapshotMetadata> latestSnapshot() {
        synchronized (contents) {
            return contents.snapshot;
        }
    }

    @Override
    public InputStream openSnapshot(SnapshotMetadata snapshot) throws IOException {
        synchronized (contents) {
            if (!contents.snapshot.equals(Optional.of(snapshot))) {
                throw new IOException("no such snapshot any more: " + snapshot);
            }
            ByteArrayInputStream in = new ByteArrayInputStream(contents.content);
            in.skipNBytes(Integer.BYTES + (long) sessionsOf(contents.content).size());
            return in;
        }
    }

    @Override
    public Optional<Bytes> readSnapshotChunk(SnapshotMetadata snapshot, long offset, int maxBytes) {
        synchronized (contents) {
            if (!contents.snapshot.equals(Optional.of(snapshot))) {
                return Optional.empty();
            }
            int from = (int) Math.min(offset, contents.content.length);
            int to = (int) Math.min(offset + maxBytes, contents.content.length);
            return Optional.of(Bytes.wrap(Arrays.copyOfRange(contents.content, from, to)));
        }
    }

    @Override
    public long receiveSnapshotChunk(SnapshotMetadata snapshot, long offset, Bytes chunk) throws IOException {
        boolean same = contents.receiving.equals(Optional.of(snapshot));
        if (offset == 0 && same && contents.received.size() > chunk.size()) {
            return contents.received.size();
        }
        if (offset == 0) {
            contents.receiving = Optional.of(snapshot);
            contents.received = new ByteArrayOutputStream();
        } else if (!same || contents.received.size() != offset) {
            throw new IllegalArgumentException("out of order: " + snapshot + " at " + offset);
        }
        contents.received.write(chunk.toByteArray());
        return contents.received.size();
    }

    @Override
    public Optional<Bytes> installReceivedSnapshot(SnapshotMetadata snapshot) throws IOException {
        byte[] content = contents.received.toByteArray();
        boolean complete = contents.receiving.equals(Optional.of(snapshot))
                && content.length == snapshot.sizeBytes()
                && checksumOf(content) == snapshot.checksum();
        contents.receiving = Optional.empty();
        synchronized (contents) {
            if (!complete || !putInForce(snapshot, content)) {
                return Optional.empty();
            }
            Entry old = contents.entries.get(snapshot.last().index());
            boolean holds = old != null && old.position().equals(snapshot.last()) && old.chain() == snapshot.chain();
            List<Long> kept = holds
                    ? new ArrayList<>(contents.entries
                            .tailMap(snapshot.last().index(), false)
                            .keySet())
                    : List.of();
            contents.entries.keySet().retainAll(kept);
            return Optional.of(sessionsOf(content));
        }
    }

    private static Bytes sessionsOf(byte[] content) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(content));
        return Bytes.wrap(in.readNBytes(in.readInt()));
    }

    private static int checksumOf(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content);
        return (int) crc.getValue();
    }

    @Override
    public void close() {}
}
