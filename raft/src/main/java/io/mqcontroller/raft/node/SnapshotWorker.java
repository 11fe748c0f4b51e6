package io.mqcontroller.raft.node;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Event;
import io.mqcontroller.raft.core.SnapshotMetadata;
import io.mqcontroller.raft.log.DiskFullException;
import io.mqcontroller.raft.log.LogStore;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshot thread: writes what the state machine captured, and reads pieces for followers that are far behind. At most one
 * snapshot and one piece per follower are under way, by the core's rules; whatever comes in spite of them, no more than {@link
 * #MAX_WAITING} tasks wait. What finds no place is reported as not done, and the core asks again.
 */
final class SnapshotWorker {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotWorker.class);

    static final int MAX_WAITING = 64;

    private final LogStore store;
    private final Mailbox mailbox;
    private final Fault fault;
    private final RaftListener listener;
    private final ExecutorService thread;

    SnapshotWorker(LogStore store, Mailbox mailbox, Fault fault, RaftListener listener, ThreadFactory threads) {
        this.store = store;
        this.mailbox = mailbox;
        this.fault = fault;
        this.listener = listener;
        this.thread = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING), threads);
    }

    void write(Effect.TakeSnapshot effect, StateMachine.SnapshotWriter captured) {
        Event notNow = new Event.SnapshotFailed(effect.position());
        execute("a snapshot could not be written", notNow, () -> {
            long begin = System.nanoTime();
            try (LogStore.SnapshotSink sink =
                    store.beginSnapshot(effect.position(), effect.chain(), effect.sessions())) {
                captured.writeTo(sink.content());
                reportTaken(effect, sink.commit(), System.nanoTime() - begin);
            } catch (DiskFullException noRoom) {
                LOG.warn("event=snapshot_not_taken last={} cause=\"{}\"", effect.position(), noRoom.getMessage());
                report(notNow);
            }
        });
    }

    private void reportTaken(Effect.TakeSnapshot effect, SnapshotMetadata inForce, long nanos) {
        if (!inForce.last().equals(effect.position())) {
            // One from the leader came into force meanwhile, and covers more.
            report(new Event.SnapshotFailed(effect.position()));
            return;
        }
        LOG.info(
                "event=snapshot_taken last={} bytes={} duration_ms={}",
                inForce.last(),
                inForce.sizeBytes(),
                TimeUnit.NANOSECONDS.toMillis(nanos));
        listener.onSnapshotTaken(inForce, nanos);
        report(new Event.SnapshotTaken(inForce));
    }

    void readChunk(Effect.ReadSnapshotChunk effect) {
        Event notNow = new Event.SnapshotChunkUnavailable(effect.to(), effect.snapshot());
        execute("a snapshot could not be read", notNow, () -> {
            Optional<Bytes> chunk = store.readSnapshotChunk(effect.snapshot(), effect.offset(), effect.maxBytes());
            if (chunk.isEmpty()) {
                report(notNow);
                return;
            }
            boolean last =
                    effect.offset() + chunk.get().size() >= effect.snapshot().sizeBytes();
            report(new Event.SnapshotChunkRead(effect.to(), effect.snapshot(), effect.offset(), chunk.get(), last));
        });
    }

    void report(Event event) {
        mailbox.offer(new Input.Happened(event));
    }

    private interface Work {
        void run() throws IOException;
    }

    private void execute(String whatIfFailed, Event ifNotTaken, Work work) {
        try {
            thread.execute(() -> {
                try {
                    work.run();
                } catch (IOException | RuntimeException | Error failed) {
                    if (!mailbox.isClosed()) {
                        fault.fatal(whatIfFailed, failed);
                    }
                }
            });
        } catch (RejectedExecutionException notTaken) {
            if (thread.isShutdown()) {
                LOG.debug("event=snapshot_work_dropped reason=stopping");
            } else {
                LOG.warn("event=snapshot_work_dropped reason=\"{} tasks wait already\"", MAX_WAITING);
            }
            report(ifNotTaken);
        }
    }

    /** Ends the thread; what it is at is waited for, what waits is dropped. */
    void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warn("event=snapshot_thread_stuck");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
