package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Event;
import io.mqcontroller.raft.core.HardState;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.RecoveredState;
import io.mqcontroller.raft.core.SnapshotMetadata;
import io.mqcontroller.raft.simulation.invariant.StoreView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A member's disk. Writes are handed over in order and become durable in order, several per sync; of what was not synced a
 * crash keeps any sectors, and the store at its next start those writes that are whole, with all before them. Takes its time,
 * in virtual time. What was durable may be damaged while the member is down.
 */
final class SimDisk implements StoreView {
    private final SimClock time;
    private final Chance chance;
    private final FaultPlan.Disk plan;
    private final Interference interference;
    private final Owner owner;

    private final LogImage durable = new LogImage(false);
    private final LogImage written = new LogImage(true);
    private final Deque<DiskWrite> waiting = new ArrayDeque<>();
    private boolean syncing;
    private int life;
    private int slowness = 1;
    private boolean faulty = true;
    private final SnapshotReception reception = new SnapshotReception();
    private boolean nextSyncFails;
    private boolean full;
    private boolean ignoresFailure;

    /** Whoever hears from the disk. */
    interface Owner {
        void report(Event event);

        /** The process can't go on with this disk. */
        void onDiskFailed(String why);
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
            enqueue(DiskWrite.of(persist, null));
        } else {
            enqueue(DiskWrite.of(persist, report));
        }
    }

    private void enqueue(DiskWrite write) {
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
        boolean installs = waiting.stream().anyMatch(DiskWrite::isInstall);
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
        List<DiskWrite> done = new ArrayList<>();
        for (int i = 0; i < together; i++) {
            DiskWrite write = waiting.remove();
            if (!ignoresFailure) {
                write.toDurable().accept(durable);
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

    private void reportAll(List<DiskWrite> done) {
        Event lastPersisted = null;
        for (DiskWrite write : done) {
            // One report for all persists that shared the sync; others are told each.
            if (write.report() instanceof Event.Persisted) {
                lastPersisted = write.report();
            } else if (write.report() != null) {
                if (lastPersisted != null) {
                    owner.report(lastPersisted);
                    lastPersisted = null;
                }
                owner.report(write.report());
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
        if (!reception.isHereAlready(effect)) {
            reception.add(effect, maybeDamaged(effect.chunk().toByteArray()));
        }
        if (effect.last()) {
            installReceived(effect.snapshot());
        } else {
            Event report = new Event.SnapshotChunkWritten(effect.snapshot().last(), reception.size());
            enqueue(new DiskWrite(image -> {}, report, false));
        }
    }

    private byte[] maybeDamaged(byte[] piece) {
        if (piece.length > 0 && faulty && chance.permille(plan.damagedPiecePermille())) {
            piece[chance.below(piece.length)] ^= 1;
        }
        return piece;
    }

    private void installReceived(SnapshotMetadata snapshot) {
        Optional<StoredSnapshot> whole = reception.finish();
        if (whole.isEmpty()) {
            enqueue(new DiskWrite(image -> {}, new Event.SnapshotRefused(snapshot.last()), true));
            return;
        }
        written.install(whole.get());
        enqueue(new DiskWrite(
                image -> image.install(whole.get()),
                new Event.SnapshotInstalled(snapshot, whole.get().sessions()),
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
        reception.loseEnd(chance);
    }

    private void keepWhatIsWhole() {
        if (waiting.isEmpty() || ignoresFailure) {
            return;
        }
        List<Integer> surviving = TornTail.survivingBytes(
                waiting.stream().map(DiskWrite::sizeBytes).toList(), chance.below(TornTail.SECTOR_BYTES), chance);
        boolean torn = false;
        int number = 0;
        for (DiskWrite write : waiting) {
            int bytes = surviving.get(number++);
            boolean whole = bytes == write.sizeBytes();
            if (whole && !torn) {
                write.toDurable().accept(durable);
            } else if (whole && !interference.checks(StoreCheck.NOTHING_BEHIND_A_TORN_BATCH)) {
                write.toDurable().accept(durable);
            } else if (!torn && !interference.checks(StoreCheck.BATCH_IS_WHOLE)) {
                write.torn().accept(durable, bytes);
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
        reception.forget();
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
