package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Event;
import io.mqcontroller.raft.core.HardState;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.RecoveredState;
import io.mqcontroller.raft.core.SnapshotMetadata;
import io.mqcontroller.raft.simulation.invariant.StoreView;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * A member's disk. Writes are handed over in order and become durable in order, several per sync; a crash keeps a random
 * prefix of what was not synced. Takes its time, in virtual time.
 */
final class SimDisk implements StoreView {
    private final SimClock time;
    private final Chance chance;
    private final FaultPlan.Disk plan;
    private final Interference interference;
    private final Consumer<Event> reports;

    private final LogImage durable = new LogImage(false);
    private final LogImage written = new LogImage(true);
    private final Deque<Write> waiting = new ArrayDeque<>();
    private boolean syncing;
    private int life;
    private int slowness = 1;
    private boolean faulty = true;
    private SnapshotMetadata receiving;
    private ByteArrayOutputStream received;

    /** What waits for a sync: {@code toDurable} carries it out, {@code report} is told to the member then. */
    private record Write(Consumer<LogImage> toDurable, Event report, boolean isInstall) {}

    SimDisk(SimClock time, Chance chance, FaultPlan.Disk plan, Interference interference, Consumer<Event> reports) {
        this.time = time;
        this.chance = chance;
        this.plan = plan;
        this.interference = interference;
        this.reports = reports;
    }

    void persist(Effect.Persist persist) {
        written.write(persist);
        Event.Persisted report = new Event.Persisted(persist.sequence());
        if (interference.reportsBeforeDurable(this)) {
            reports.accept(report);
            enqueue(new Write(image -> image.write(persist), null, false));
        } else {
            enqueue(new Write(image -> image.write(persist), report, false));
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
        time.after(latencyUs() * (installs ? plan.snapshotSlowness() : 1), () -> {
            if (ofLife == life) {
                finishSync(together);
            }
        });
    }

    private void finishSync(int together) {
        syncing = false;
        Event lastPersisted = null;
        for (int i = 0; i < together; i++) {
            Write write = waiting.remove();
            write.toDurable.accept(durable);
            // One report for all persists that shared the sync; others are told each.
            if (write.report instanceof Event.Persisted) {
                lastPersisted = write.report;
            } else if (write.report != null) {
                if (lastPersisted != null) {
                    reports.accept(lastPersisted);
                    lastPersisted = null;
                }
                reports.accept(write.report);
            }
        }
        if (lastPersisted != null) {
            reports.accept(lastPersisted);
        }
        syncLater();
    }

    void takeSnapshot(Effect.TakeSnapshot effect, Bytes state) {
        StoredSnapshot taken = StoredSnapshot.of(effect.position(), effect.chain(), effect.sessions(), state);
        boolean fails = faulty && chance.permille(plan.snapshotFailPermille());
        later(plan.snapshotSlowness(), () -> {
            if (durable.snapshot().isPresent()
                    && durableSnapshot().index() >= effect.position().index()) {
                throw new AssertionError("own snapshot of " + effect.position() + " is ready when the one of "
                        + durableSnapshot() + " is in place");
            }
            if (fails) {
                reports.accept(new Event.SnapshotFailed(effect.position()));
                return;
            }
            durable.setOwnSnapshot(taken);
            written.setOwnSnapshot(taken);
            reports.accept(new Event.SnapshotTaken(taken.metadata()));
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
                reports.accept(new Event.SnapshotChunkUnavailable(effect.to(), effect.snapshot()));
                return;
            }
            Bytes piece = stored.get().piece(effect.offset(), effect.maxBytes());
            boolean last = effect.offset() + piece.size() >= effect.snapshot().sizeBytes();
            reports.accept(new Event.SnapshotChunkRead(effect.to(), effect.snapshot(), effect.offset(), piece, last));
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
        long kept = chance.between(0, waiting.size());
        for (long i = 0; i < kept; i++) {
            waiting.remove().toDurable.accept(durable);
        }
        waiting.clear();
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

    RecoveredState recover() {
        return durable.recover(chance.oneOf(0, 1, 10, 1_000));
    }

    void setSlowness(int factor) {
        slowness = factor;
    }

    /** From now on only what a healthy disk does. */
    void heal() {
        faulty = false;
        slowness = 1;
    }

    private long latencyUs() {
        return slowness * chance.between(plan.minSyncUs(), plan.maxSyncUs());
    }

    private void later(int slownessOfWork, Runnable work) {
        int ofLife = life;
        time.after(latencyUs() * slownessOfWork, () -> {
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
