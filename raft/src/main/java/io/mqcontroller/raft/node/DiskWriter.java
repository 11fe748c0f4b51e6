package io.mqcontroller.raft.node;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Event;
import io.mqcontroller.raft.log.DiskReserve;
import io.mqcontroller.raft.log.LogStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The disk thread: does what must be durable, in the order in which the core asked for it, and reports back. All persists
 * that wait share one batch and one sync; while it syncs the next ones gather (group commit).
 *
 * <p>The queue has no bound of its own: the core bounds what is not yet durable, by its limits for uncommitted bytes on a
 * leader and by its window on a follower.
 */
final class DiskWriter implements Runnable {
    private final LogStore store;
    private final Mailbox mailbox;
    private final Fault fault;
    private final RaftListener listener;
    private final DiskRoom room;
    private final BlockingQueue<Task> queue = new LinkedBlockingQueue<>();

    private sealed interface Task {
        record Persist(Effect.Persist effect) implements Task {}

        record StoreChunk(Effect.WriteSnapshotChunk effect) implements Task {}

        record Compact(long throughIndex) implements Task {}

        record End() implements Task {}
    }

    DiskWriter(LogStore store, Mailbox mailbox, Fault fault, RaftListener listener, DiskReserve reserve) {
        this.store = store;
        this.mailbox = mailbox;
        this.fault = fault;
        this.listener = listener;
        this.room = new DiskRoom(reserve, mailbox);
    }

    void persist(Effect.Persist effect) {
        queue.add(new Task.Persist(effect));
    }

    void storeSnapshotChunk(Effect.WriteSnapshotChunk effect) {
        queue.add(new Task.StoreChunk(effect));
    }

    void compactThrough(long index) {
        queue.add(new Task.Compact(index));
    }

    /** Ends the thread after what is in the queue. */
    void end() {
        queue.add(new Task.End());
    }

    @Override
    public void run() {
        try {
            List<Task> tasks = new ArrayList<>();
            long nextLookNanos = System.nanoTime();
            do {
                tasks.clear();
                if (System.nanoTime() >= nextLookNanos) {
                    room.look();
                    nextLookNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(room.nextLookMs());
                }
                Task first = queue.poll(nextLookNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (first != null) {
                    tasks.add(first);
                    queue.drainTo(tasks);
                }
            } while (doAll(tasks));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException | Error failed) {
            // Never tried again: after a failed sync the system may call lost pages clean.
            fault.fatal("a write to the store failed", failed);
        }
    }

    /** False if the thread is to end. */
    private boolean doAll(List<Task> tasks) throws IOException, InterruptedException {
        List<Effect.Persist> batch = new ArrayList<>();
        for (Task task : tasks) {
            if (task instanceof Task.Persist persist) {
                batch.add(persist.effect());
                continue;
            }
            write(batch);
            if (task instanceof Task.StoreChunk chunk) {
                storeChunk(chunk.effect());
            } else if (task instanceof Task.Compact compact) {
                room.insist(() -> {
                    store.compactThrough(compact.throughIndex());
                    return null;
                });
            } else {
                return false;
            }
        }
        write(batch);
        return true;
    }

    private void write(List<Effect.Persist> batch) throws IOException, InterruptedException {
        if (batch.isEmpty()) {
            return;
        }
        long begin = System.nanoTime();
        room.insist(() -> {
            store.write(batch);
            return null;
        });
        int entries = 0;
        for (Effect.Persist persist : batch) {
            entries += persist.append().size();
        }
        listener.onSynced(System.nanoTime() - begin, entries);
        report(new Event.Persisted(batch.get(batch.size() - 1).sequence()));
        batch.clear();
    }

    private void storeChunk(Effect.WriteSnapshotChunk effect) throws IOException, InterruptedException {
        long nextOffset =
                room.insist(() -> store.receiveSnapshotChunk(effect.snapshot(), effect.offset(), effect.chunk()));
        if (!effect.last()) {
            report(new Event.SnapshotChunkWritten(effect.snapshot().last(), nextOffset));
            return;
        }
        Optional<Bytes> sessions = room.insist(() -> store.installReceivedSnapshot(effect.snapshot()));
        if (sessions.isPresent()) {
            listener.onSnapshotInstalled(effect.snapshot());
            report(new Event.SnapshotInstalled(effect.snapshot(), sessions.get()));
        } else {
            report(new Event.SnapshotRefused(effect.snapshot().last()));
        }
    }

    private void report(Event event) {
        mailbox.offer(new Input.Happened(event));
    }
}
