package io.mqcontroller.agent.simulation;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.Event;
import io.mqcontroller.raft.core.HardState;
import io.mqcontroller.raft.core.RecoveredState;
import io.mqcontroller.raft.core.SnapshotMetadata;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A controller's disk. Raft's own simulation is about disks; here it is enough that a crash loses what was not synced. */
final class SimDisk {
    private final List<Entry> entries = new ArrayList<>();
    private final Deque<Supplier<Event>> unsynced = new ArrayDeque<>();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private HardState hardState = HardState.INITIAL;
    private Optional<Snapshot> snapshot = Optional.empty();

    /** Its content is what travels: Raft's sessions, and behind them the state. */
    private record Snapshot(SnapshotMetadata metadata, Bytes content) {
        Bytes sessions() {
            ByteBuffer buffer = content.asReadOnlyBuffer();
            return Bytes.wrap(take(buffer, buffer.getInt()));
        }

        byte[] state() {
            ByteBuffer buffer = content.asReadOnlyBuffer();
            take(buffer, buffer.getInt());
            return take(buffer, buffer.remaining());
        }

        private static byte[] take(ByteBuffer buffer, int size) {
            byte[] bytes = new byte[size];
            buffer.get(bytes);
            return bytes;
        }
    }

    void write(Effect.Persist persist) {
        unsynced.add(() -> {
            persist.hardState().ifPresent(state -> hardState = state);
            persist.truncateFrom().ifPresent(from -> entries.removeIf(entry -> entry.index() >= from));
            entries.addAll(persist.append());
            return new Event.Persisted(persist.sequence());
        });
    }

    /** The member's own snapshot; the log stays until it is compacted. */
    void writeSnapshot(Effect.TakeSnapshot taken, byte[] state) {
        ByteBuffer content =
                ByteBuffer.allocate(Integer.BYTES + taken.sessions().size() + state.length);
        content.putInt(taken.sessions().size())
                .put(taken.sessions().asReadOnlyBuffer())
                .put(state);
        Bytes bytes = Bytes.wrap(content.array());
        SnapshotMetadata metadata =
                new SnapshotMetadata(taken.position(), taken.chain(), bytes.size(), bytes.hashCode());
        unsynced.add(() -> {
            if (snapshot.isPresent()
                    && snapshot.get().metadata().last().index()
                            >= taken.position().index()) {
                return new Event.SnapshotFailed(taken.position());
            }
            snapshot = Optional.of(new Snapshot(metadata, bytes));
            return new Event.SnapshotTaken(metadata);
        });
    }

    void writeChunk(Effect.WriteSnapshotChunk chunk) {
        if (chunk.offset() == 0) {
            received.reset();
        }
        byte[] piece = new byte[chunk.chunk().size()];
        chunk.chunk().asReadOnlyBuffer().get(piece);
        received.writeBytes(piece);
        long nextOffset = received.size();
        Bytes content = Bytes.wrap(received.toByteArray());
        unsynced.add(() -> {
            if (!chunk.last()) {
                return new Event.SnapshotChunkWritten(chunk.snapshot().last(), nextOffset);
            }
            Snapshot whole = new Snapshot(chunk.snapshot(), content);
            snapshot = Optional.of(whole);
            entries.clear();
            return new Event.SnapshotInstalled(chunk.snapshot(), whole.sessions());
        });
    }

    Event readChunk(Effect.ReadSnapshotChunk wanted) {
        Optional<Snapshot> stored = snapshot.filter(there -> there.metadata().equals(wanted.snapshot()));
        if (stored.isEmpty()) {
            return new Event.SnapshotChunkUnavailable(wanted.to(), wanted.snapshot());
        }
        ByteBuffer content = stored.get().content().asReadOnlyBuffer();
        content.position((int) wanted.offset());
        Bytes piece = Bytes.wrap(Snapshot.take(content, Math.min(wanted.maxBytes(), content.remaining())));
        return new Event.SnapshotChunkRead(
                wanted.to(), wanted.snapshot(), wanted.offset(), piece, !content.hasRemaining());
    }

    byte[] stateOf(SnapshotMetadata wanted) {
        return snapshot.filter(there -> there.metadata().equals(wanted))
                .orElseThrow(() -> new AssertionError("no such snapshot: " + wanted))
                .state();
    }

    void compactThrough(long index) {
        entries.removeIf(entry -> entry.index() <= index);
    }

    /** The oldest write is durable now. */
    Event sync() {
        return unsynced.remove().get();
    }

    void crash() {
        unsynced.clear();
        received.reset();
    }

    RecoveredState recover() {
        // What a snapshot covers and was not dropped yet is not part of the log any more.
        long covered = snapshot.map(there -> there.metadata().last().index()).orElse(0L);
        return new RecoveredState(
                hardState,
                snapshot.map(Snapshot::metadata),
                snapshot.map(Snapshot::sessions).orElse(Bytes.EMPTY),
                entries.stream().filter(entry -> entry.index() > covered).toList());
    }
}
