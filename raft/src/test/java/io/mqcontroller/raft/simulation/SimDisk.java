package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.Event;
import io.mqcontroller.raft.core.HardState;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.RecoveredState;
import io.mqcontroller.raft.core.SnapshotMetadata;
import io.mqcontroller.raft.simulation.invariant.StoreView;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A member's disk. Writes are handed over in order and become durable in order, several per sync; of what was not synced a
 * crash keeps any sectors, and the store at its next start those writes that are whole, with all before them. Takes its time,
 * in virtual time. What was durable may be damaged while the member is down.
 */
final class SimDisk implements StoreView {
    private static final int HEAD_BYTES = 60;
    private static final int ENTRY_BYTES = 50;

    private final SimClock time;
    private final Chance chance;
    private final FaultPlan.Disk plan;
    private final Interference interference;
    private final Owner owner;

    private final LogImage durable = new LogImage(false);
    private final LogImage written = new LogImage(true);
    private final Deque<Write> waiting = new ArrayDeque<>();
    private boolean syncing;
    private int life;
    private int slowness = 1;
    private boolean faulty = true;
    private SnapshotMetadata receiving;
    private ByteArrayOutputStream received;

    private boolean nextSyncFails;
    private boolean full;
    private boolean ignoresFailure;

    /** Whoever hears from the disk. */
    interface Owner {
        void report(Event event);

        /** The process can't go on with this disk. */
        void onDiskFailed(String why);
    }

    /**
     * What waits for a sync: {@code toDurable} carries it out, {@code report} is told to the member then.
     *
     * @param torn the part of it that a store takes for the whole that does not look whether it is
     */
    private record Write(
            int sizeBytes,
            Consumer<LogImage> toDurable,
            BiConsumer<LogImage, Integer> torn,
            Event report,
            boolean isInstall) {
        /** Of no consequence if it is lost. */
        Write(Consumer<LogImage> toDurable, Event report, boolean isInstall) {
            this(TornTail.SECTOR_BYTES, toDurable, (image, bytes) -> {}, report, isInstall);
        }

        static Write of(Effect.Persist persist, Event report) {
            int sizeBytes = HEAD_BYTES;
            for (Entry entry : persist.append()) {
                sizeBytes += sizeOf(entry);
            }
            return new Write(
                    sizeBytes,
                    image -> image.write(persist),
                    (image, bytes) -> image.write(beginning(persist, bytes)),
                    report,
                    false);
        }

        /** As much of it as there is in the first {@code bytes}: the hard state, then entries. */
        private static Effect.Persist beginning(Effect.Persist persist, int bytes) {
            int left = bytes - HEAD_BYTES;
            List<Entry> entries = new ArrayList<>();
            for (Entry entry : persist.append()) {
                left -= sizeOf(entry);
                if (left >= 0) {
                    entries.add(entry);
                }
            }
            Optional<HardState> hardState = bytes < HEAD_BYTES ? Optional.empty() : persist.hardState();
            return new Effect.Persist(persist.sequence(), hardState, persist.truncateFrom(), entries);
        }

        private static int sizeOf(Entry entry) {
            return ENTRY_BYTES + entry.command().size();
        }
    }

    SimDisk(SimClock time, Chance chance, FaultPlan.Disk plan, Interference interference, Owner owner) {
        this.time = time;
        this.chance = chance;
        this.plan = plan;
        this.interference = interference;
        this.owner = owner;
    }

    void persist(Effect.Persist persist) {
        written.write(persist);
        Event.Persisted report = new Event.Persisted(persist.sequence());
        if (interference.reportsBeforeDurable(this)) {
            owner.report(report);
            enqueue(Write.of(persist, null));
        } else {
            enqueue(Write.of(persist, report));
        }
    }

    private void enqueue(Write write) {
        waiting.add(write);
        syncLater();
    }

    private void syncLater() {
        if (syncing || waiting.isEmpty()) {
            return;
        }
        syncing = true;
        int together = waiting.size();
        int ofLife = life;
        boolean installs = waiting.stream().anyMatch(Write::isInstall);
        time.after(latencyUs(installs ? plan.snapshotSlowness() : 1), () -> {
            if (ofLife == life) {
                finishSync(together);
            }
        });
    }

    private void finishSync(int together) {
        syncing = false;
        if (nextSyncFails) {
            nextSyncFails = false;
            if (!interference.ignoresFailedSyncs()) {
                owner.onDiskFailed("a sync failed");
                return;
            }
            ignoresFailure = true;
        }
        if (interference.powerFails(false)) {
            owner.onDiskFailed("the power fails before a sync has ended");
            return;
        }
        List<Write> done = new ArrayList<>();
        for (int i = 0; i < together; i++) {
            Write write = waiting.remove();
            if (!ignoresFailure) {
                write.toDurable.accept(durable);
            }
            done.add(write);
        }
        if (interference.powerFails(true)) {
            owner.onDiskFailed("the power fails after a sync");
            return;
        }
        reportAll(done);
        syncLater();
    }

    private void reportAll(List<Write> done) {
        Event lastPersisted = null;
        for (Write write : done) {
            // One report for all persists that shared the sync; others are told each.
            if (write.report instanceof Event.Persisted) {
                lastPersisted = write.report;
            } else if (write.report != null) {
                if (lastPersisted != null) {
                    owner.report(lastPersisted);
                    lastPersisted = null;
                }
                owner.report(write.report);
            }
        }
        if (lastPersisted != null) {
            owner.report(lastPersisted);
        }
    }

    void takeSnapshot(Effect.TakeSnapshot effect, Bytes state) {
        StoredSnapshot taken = StoredSnapshot.of(effect.position(), effect.chain(), effect.sessions(), state);
        boolean fails = faulty && (full || chance.permille(plan.snapshotFailPermille()));
        later(plan.snapshotSlowness(), () -> {
            if (durable.snapshot().isPresent()
                    && durableSnapshot().index() >= effect.position().index()) {
                throw new AssertionError("own snapshot of " + effect.position() + " is ready when the one of "
                        + durableSnapshot() + " is in place");
            }
            if (fails) {
                owner.report(new Event.SnapshotFailed(effect.position()));
                return;
            }
            durable.setOwnSnapshot(taken);
            written.setOwnSnapshot(taken);
            owner.report(new Event.SnapshotTaken(taken.metadata()));
        });
    }

    void compactThrough(long index) {
        written.compactThrough(index);
        // Not synced: as if it were only in memory, it may come back after a crash.
        if (chance.permille(700)) {
            durable.compactThrough(index);
        }
    }

    void readChunk(Effect.ReadSnapshotChunk effect) {
        later(1, () -> {
            Optional<StoredSnapshot> stored =
                    durable.snapshot().filter(s -> s.metadata().equals(effect.snapshot()));
            if (stored.isEmpty()) {
                owner.report(new Event.SnapshotChunkUnavailable(effect.to(), effect.snapshot()));
                return;
            }
            if (!canRestore()) {
                owner.onDiskFailed("the snapshot can't be read");
                return;
            }
            Bytes piece = stored.get().piece(effect.offset(), effect.maxBytes());
            boolean last = effect.offset() + piece.size() >= effect.snapshot().sizeBytes();
            owner.report(new Event.SnapshotChunkRead(effect.to(), effect.snapshot(), effect.offset(), piece, last));
        });
    }

    void writeChunk(Effect.WriteSnapshotChunk effect) {
        boolean same = effect.snapshot().equals(receiving);
        boolean here =
                effect.offset() == 0 && same && received.size() > effect.chunk().size();
        if (effect.offset() == 0 && !here) {
            receiving = effect.snapshot();
            received = new ByteArrayOutputStream();
        } else if (!here && (!same || received.size() != effect.offset())) {
            throw new AssertionError("a piece of " + effect.snapshot() + " at " + effect.offset() + " does not follow "
                    + (receiving == null ? "anything" : received.size() + " bytes of " + receiving));
        }
        if (!here) {
            receive(effect);
        }
        if (!effect.last()) {
            LogPosition snapshot = effect.snapshot().last();
            enqueue(new Write(image -> {}, new Event.SnapshotChunkWritten(snapshot, received.size()), false));
            return;
        }
        installReceived(effect);
    }

    private void receive(Effect.WriteSnapshotChunk effect) {
        byte[] piece = effect.chunk().toByteArray();
        if (piece.length > 0 && faulty && chance.permille(plan.damagedPiecePermille())) {
            piece[chance.below(piece.length)] ^= 1;
        }
        received.writeBytes(piece);
    }

    private void installReceived(Effect.WriteSnapshotChunk effect) {
        Optional<StoredSnapshot> whole = StoredSnapshot.checked(receiving, Bytes.wrap(received.toByteArray()));
        receiving = null;
        received = null;
        if (whole.isEmpty()) {
            enqueue(new Write(
                    image -> {}, new Event.SnapshotRefused(effect.snapshot().last()), true));
            return;
        }
        written.install(whole.get());
        enqueue(new Write(
                image -> image.install(whole.get()),
                new Event.SnapshotInstalled(effect.snapshot(), whole.get().sessions()),
                true));
    }

    /** Whether the newest snapshot can be read; that it can't is noticed while it is. */
    boolean canRestore() {
        boolean intact = durable.snapshot().map(StoredSnapshot::isIntact).orElse(true);
        return intact || !interference.checks(StoreCheck.SNAPSHOT_CHECKSUM);
    }

    /** The state of the newest snapshot, which must be this one. */
    Bytes stateOf(SnapshotMetadata snapshot) {
        StoredSnapshot stored = durable.snapshot()
                .filter(s -> s.metadata().equals(snapshot))
                .orElseThrow(() -> new AssertionError("no such snapshot to restore: " + snapshot));
        return stored.state();
    }

    void crash() {
        life++;
        syncing = false;
        nextSyncFails = false;
        keepWhatIsWhole();
        waiting.clear();
        ignoresFailure = false;
        interference.onCrash(durable);
        written.becomeCopyOf(durable);
        loseEndOfReceived();
    }

    /** What was received is not promised to anybody: some of it, from the beginning on, may still be there. */
    private void loseEndOfReceived() {
        long kept = receiving == null ? 0 : chance.between(0, received.size());
        if (kept == 0) {
            receiving = null;
            received = null;
        } else {
            byte[] all = received.toByteArray();
            received = new ByteArrayOutputStream();
            received.write(all, 0, (int) kept);
        }
    }

    private void keepWhatIsWhole() {
        if (waiting.isEmpty() || ignoresFailure) {
            return;
        }
        List<Integer> surviving = TornTail.survivingBytes(
                waiting.stream().map(Write::sizeBytes).toList(), chance.below(TornTail.SECTOR_BYTES), chance);
        boolean torn = false;
        int number = 0;
        for (Write write : waiting) {
            int bytes = surviving.get(number++);
            boolean whole = bytes == write.sizeBytes();
            if (whole && !torn) {
                write.toDurable.accept(durable);
            } else if (whole && !interference.checks(StoreCheck.NOTHING_BEHIND_A_TORN_BATCH)) {
                write.toDurable.accept(durable);
            } else if (!torn && !interference.checks(StoreCheck.BATCH_IS_WHOLE)) {
                write.torn.accept(durable, bytes);
            }
            torn |= !whole;
        }
    }

    /** Something that was durable is not what it was any more; false if there was nothing to damage in this way. */
    boolean damage(StoreDamage damage, Chance dice) {
        return damage.strike(durable, dice);
    }

    /** Whether something is wrong that has not been found or overwritten yet. */
    boolean isDamaged() {
        return durable.isDamaged();
    }

    /** Size of the snapshot that it holds; 0 if there is none. */
    long snapshotBytes() {
        return durable.snapshot().map(s -> s.metadata().sizeBytes()).orElse(0L);
    }

    void failNextSync() {
        nextSyncFails = true;
    }

    RecoveredState recover() throws DamagedStore {
        RecoveredState recovered =
                new StoreOpening(durable, interference::checks).recover(chance.oneOf(0, 1, 10, 1_000));
        written.becomeCopyOf(durable);
        return recovered;
    }

    /** An empty store in the place of the one that is damaged. */
    RecoveredState beginAnew(long recoveryId) {
        durable.becomeCopyOf(new LogImage(false));
        durable.write(
                new Effect.Persist(0, Optional.of(HardState.afterLoss(recoveryId)), OptionalLong.empty(), List.of()));
        written.becomeCopyOf(durable);
        return new RecoveredState(durable.hardState(), Optional.empty(), Bytes.EMPTY, List.of());
    }

    /** Another disk, with nothing on it, is in the place of this one. */
    void lose() {
        durable.becomeCopyOf(new LogImage(false));
        written.becomeCopyOf(durable);
        receiving = null;
        received = null;
    }

    /** There is no room for another snapshot; what is written to the log goes to a reserve. */
    void setFull(boolean nowFull) {
        full = nowFull;
    }

    /** Slower than the plan has it, and nothing else. */
    boolean isSlow() {
        return slowness > 1 && !full;
    }

    void setSlowness(int factor) {
        slowness = factor;
    }

    /** From now on only what a healthy disk does. */
    void heal() {
        faulty = false;
        nextSyncFails = false;
        full = false;
        slowness = 1;
    }

    /** It may make mistakes again. */
    void fallIll() {
        faulty = true;
    }

    /** The slower of the two: together they would take longer than anybody can be asked to wait for after the faults. */
    private long latencyUs(int slownessOfWork) {
        return Math.max(slowness, slownessOfWork) * chance.between(plan.minSyncUs(), plan.maxSyncUs());
    }

    private void later(int slownessOfWork, Runnable work) {
        int ofLife = life;
        time.after(latencyUs(slownessOfWork), () -> {
            if (ofLife == life) {
                work.run();
            }
        });
    }

    @Override
    public HardState durableHardState() {
        return durable.hardState();
    }

    @Override
    public LogPosition durableLast() {
        return durable.last();
    }

    @Override
    public LogPosition durableSnapshot() {
        return durable.snapshot().map(s -> s.metadata().last()).orElse(LogPosition.ZERO);
    }

    @Override
    public boolean holdsDurably(long index, long chain) {
        return durable.holds(index, chain);
    }

    @Override
    public boolean holds(long index, long chain) {
        return written.holds(index, chain);
    }

    @Override
    public LogPosition writtenLast() {
        return written.last();
    }

    @Override
    public OptionalLong writtenChain(long index) {
        return written.chain(index);
    }
}
