package io.mqcontroller.raft.script;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.EntryKind;
import io.mqcontroller.raft.core.Event;
import io.mqcontroller.raft.core.HardState;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.ProposalId;
import io.mqcontroller.raft.core.RaftCore;
import io.mqcontroller.raft.core.RaftSettings;
import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.core.RecoveredState;
import io.mqcontroller.raft.core.SnapshotMetadata;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.zip.CRC32C;

/** A member of a script: the core, its clock, its disk, and a state machine that remembers the commands in their order. */
final class ScriptedMember {
    private static final long SEED = 7;

    private final RaftSettings settings;
    private final BiConsumer<ScriptedMember, Effect> surroundings;
    private final Deque<Effect.Persist> unsynced = new ArrayDeque<>();
    private final Deque<Event> answers = new ArrayDeque<>();
    private RecoveredState disk = RecoveredState.EMPTY;
    private String diskState = "";
    private String state = "";
    private String incoming = "";
    private long nowMs = 1_000_000;
    private boolean slowDisk;
    private boolean running;
    private RaftCore core;

    /** @param surroundings are shown each effect that this member does not carry out by itself */
    ScriptedMember(RaftSettings settings, BiConsumer<ScriptedMember, Effect> surroundings) {
        this.settings = settings;
        this.surroundings = surroundings;
    }

    NodeId id() {
        return settings.self();
    }

    boolean isRunning() {
        return running;
    }

    RaftStatus status() {
        return core.status();
    }

    String state() {
        return state;
    }

    /** Its disk holds entries of these terms. */
    void recoverWith(List<Long> termOfEachEntry, long newestTerm) {
        List<Entry> entries = new ArrayList<>();
        long chain = Entry.CHAIN_START;
        for (long term : termOfEachEntry) {
            LogPosition position = new LogPosition(term, entries.size() + 1);
            entries.add(Entry.create(
                    chain,
                    position,
                    EntryKind.COMMAND,
                    new ProposalId(9, 100 * term + position.index()),
                    Bytes.utf8("old" + position.index())));
            chain = entries.get(entries.size() - 1).chain();
        }
        disk = new RecoveredState(
                new HardState(newestTerm, Optional.empty(), 0), Optional.empty(), Bytes.EMPTY, entries);
    }

    /** Its disk is empty, and was made to join a cluster. */
    void join(long incarnation) {
        disk = new RecoveredState(HardState.INITIAL, Optional.empty(), Bytes.EMPTY, List.of(), incarnation);
        start();
    }

    void start() {
        running = true;
        state = diskState;
        core = new RaftCore(settings, disk, new Random(SEED));
    }

    /** Forgets all that is not on its disk. */
    void crash() {
        running = false;
        unsynced.clear();
        answers.clear();
        incoming = "";
    }

    void goOn(long ms) {
        nowMs += ms;
    }

    void slowDisk(boolean slow) {
        slowDisk = slow;
    }

    void step(Event event) {
        if (!running) {
            return;
        }
        for (Effect effect : core.step(nowMs, event)) {
            surroundings.accept(this, effect);
            carryOut(effect);
        }
        if (!slowDisk) {
            sync();
        }
        while (!answers.isEmpty()) {
            step(answers.poll());
        }
    }

    /** What was written is durable now. */
    void sync() {
        long sequence = -1;
        while (!unsynced.isEmpty()) {
            Effect.Persist written = unsynced.poll();
            write(written);
            sequence = written.sequence();
        }
        if (sequence >= 0) {
            step(new Event.Persisted(sequence));
        }
    }

    private void write(Effect.Persist persist) {
        List<Entry> entries = new ArrayList<>(disk.entries());
        persist.truncateFrom().ifPresent(index -> entries.removeIf(entry -> entry.index() >= index));
        entries.addAll(persist.append());
        HardState hard = persist.hardState().orElse(disk.hardState());
        disk = onDisk(hard, disk.snapshot(), disk.sessions(), entries);
    }

    private RecoveredState onDisk(
            HardState hard, Optional<SnapshotMetadata> snapshot, Bytes sessions, List<Entry> entries) {
        return new RecoveredState(hard, snapshot, sessions, entries, disk.incarnation());
    }

    private void carryOut(Effect effect) {
        if (effect instanceof Effect.Persist persist) {
            unsynced.add(persist);
        } else if (effect instanceof Effect.Apply apply) {
            apply.entries().stream()
                    .filter(entry -> !entry.proposal().equals(ProposalId.NONE))
                    .filter(entry -> !apply.duplicates().contains(entry.index()))
                    .forEach(entry -> state +=
                            (state.isEmpty() ? "" : " ") + entry.command().toUtf8());
        } else if (effect instanceof Effect.TakeSnapshot take) {
            SnapshotMetadata snapshot = new SnapshotMetadata(
                    take.position(), take.chain(), state.getBytes(StandardCharsets.UTF_8).length, checksumOf(state));
            diskState = state;
            disk = onDisk(disk.hardState(), Optional.of(snapshot), take.sessions(), disk.entries());
            answers.add(new Event.SnapshotTaken(snapshot));
        } else if (effect instanceof Effect.CompactLog compact) {
            List<Entry> kept = disk.entries().stream()
                    .filter(entry -> entry.index() > compact.throughIndex())
                    .toList();
            disk = onDisk(disk.hardState(), disk.snapshot(), disk.sessions(), kept);
        } else if (effect instanceof Effect.ReadSnapshotChunk read) {
            answers.add(chunkOf(read));
        } else if (effect instanceof Effect.WriteSnapshotChunk write) {
            receive(write);
        } else if (effect instanceof Effect.RestoreStateMachine) {
            state = diskState;
        }
    }

    private Event chunkOf(Effect.ReadSnapshotChunk read) {
        byte[] content = diskState.getBytes(StandardCharsets.UTF_8);
        int size = (int) Math.min(read.maxBytes(), content.length - read.offset());
        byte[] chunk = new byte[size];
        ByteBuffer.wrap(content, (int) read.offset(), size).get(chunk);
        boolean last = read.offset() + size == content.length;
        return new Event.SnapshotChunkRead(read.to(), read.snapshot(), read.offset(), Bytes.wrap(chunk), last);
    }

    /** The sessions of a snapshot are the sender's business here: scripts about them need none of the receiver. */
    private void receive(Effect.WriteSnapshotChunk write) {
        incoming = (write.offset() == 0 ? "" : incoming) + write.chunk().toUtf8();
        if (!write.last()) {
            answers.add(new Event.SnapshotChunkWritten(
                    write.snapshot().last(), write.offset() + write.chunk().size()));
        } else if (checksumOf(incoming) != write.snapshot().checksum()) {
            answers.add(new Event.SnapshotRefused(write.snapshot().last()));
        } else {
            diskState = incoming;
            disk = onDisk(disk.hardState(), Optional.of(write.snapshot()), Bytes.EMPTY, List.of());
            answers.add(new Event.SnapshotInstalled(write.snapshot(), Bytes.EMPTY));
        }
    }

    private static int checksumOf(String content) {
        CRC32C crc = new CRC32C();
        crc.update(content.getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue();
    }
}
