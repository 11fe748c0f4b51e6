package io.mqcontroller.raft.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Event;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.SnapshotMetadata;
import io.mqcontroller.raft.log.ForwardingLogStore;
import io.mqcontroller.raft.log.LogStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class SnapshotWorkerTest {
    private static final NodeId FOLLOWER = new NodeId("n1");
    private static final SnapshotMetadata SNAPSHOT = new SnapshotMetadata(new LogPosition(1, 5), 0, 5, 0);

    private final Mailbox mailbox = new Mailbox(10, 1_000);
    private final CountDownLatch reading = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    /** A disk that does not answer until it is told to. */
    private final class StuckStore extends ForwardingLogStore {
        @Override
        protected LogStore store() {
            throw new AssertionError("only pieces are read");
        }

        @Override
        public Optional<Bytes> readSnapshotChunk(SnapshotMetadata snapshot, long offset, int maxBytes) {
            reading.countDown();
            try {
                assertTrue(goOn.await(30, TimeUnit.SECONDS));
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
            return Optional.of(Bytes.utf8("piece"));
        }
    }

    @Test
    void whatFindsNoPlaceIsReportedAsNotDoneAndTheRestIsDone() throws Exception {
        SnapshotWorker worker = new SnapshotWorker(
                new StuckStore(), mailbox, new Fault(mailbox, (what, cause) -> {}), RaftListener.NONE, Thread::new);
        try {
            worker.readChunk(piece());
            assertTrue(reading.await(30, TimeUnit.SECONDS));
            for (int i = 0; i < SnapshotWorker.MAX_WAITING; i++) {
                worker.readChunk(piece());
            }
            assertEquals(List.of(), reported());
            worker.readChunk(piece());
            worker.write(new Effect.TakeSnapshot(SNAPSHOT.last(), 0, Bytes.EMPTY), out -> {
                throw new AssertionError("there is no place for it");
            });
            assertEquals(
                    List.of(
                            new Event.SnapshotChunkUnavailable(FOLLOWER, SNAPSHOT),
                            new Event.SnapshotFailed(SNAPSHOT.last())),
                    reported());
            goOn.countDown();
            List<Event> done = new ArrayList<>();
            Awaitility.await().until(() -> done.addAll(reported()) && done.size() > SnapshotWorker.MAX_WAITING);
            assertTrue(done.stream().allMatch(Event.SnapshotChunkRead.class::isInstance), done::toString);
        } finally {
            goOn.countDown();
            worker.close();
        }
    }

    private static Effect.ReadSnapshotChunk piece() {
        return new Effect.ReadSnapshotChunk(FOLLOWER, SNAPSHOT, 0, 100);
    }

    private List<Event> reported() {
        List<Input> inputs = new ArrayList<>();
        mailbox.drainTo(inputs, Integer.MAX_VALUE);
        return inputs.stream().map(input -> ((Input.Happened) input).event()).toList();
    }
}
