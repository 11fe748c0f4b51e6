package io.mqcontroller.controller.cli;

import com.google.protobuf.ByteString;
import io.mqcontroller.controller.controller.replication.ReplicatedState;
import io.mqcontroller.controller.controller.replication.SnapshotCodec;
import io.mqcontroller.controller.rpc.agent.NodeInspector.CapturedPart;
import java.io.IOException;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * States that operators fetch part by part. What is kept of one is the state, which shares what is alike with the newest one, and
 * not its bytes: they are made anew for each part. The newest few are kept.
 */
final class StateCaptures {
    private static final int KEPT = 4;

    private final Supplier<CompletionStage<Optional<ReplicatedState>>> newest;
    private final Executor mayWait;
    private final int partBytes;
    private final SecureRandom numbers = new SecureRandom();
    private final Map<Long, ReplicatedState> captures = new LinkedHashMap<>();

    /**
     * @param newest the state of now; empty if it can't be had
     * @param partBytes size of all parts but the last one
     */
    StateCaptures(Supplier<CompletionStage<Optional<ReplicatedState>>> newest, Executor mayWait, int partBytes) {
        this.newest = newest;
        this.mayWait = mayWait;
        this.partBytes = partBytes;
    }

    /** The first part of the state as it is now; empty if the loop ends or is too busy to tell it. */
    CompletionStage<Optional<CapturedPart>> capture() {
        return newest.get().thenApplyAsync(state -> state.map(this::keep), mayWait);
    }

    /** Another part; empty if that state is forgotten. */
    CompletionStage<Optional<CapturedPart>> part(long capture, long offset) {
        return CompletableFuture.supplyAsync(() -> find(capture).map(state -> partOf(capture, state, offset)), mayWait);
    }

    private synchronized Optional<ReplicatedState> find(long capture) {
        return Optional.ofNullable(captures.get(capture));
    }

    private CapturedPart keep(ReplicatedState state) {
        long capture = numbers.nextLong() | 1;
        remember(capture, state);
        return partOf(capture, state, 0);
    }

    private synchronized void remember(long capture, ReplicatedState state) {
        captures.put(capture, state);
        Iterator<Long> oldestFirst = captures.keySet().iterator();
        while (captures.size() > KEPT) {
            oldestFirst.next();
            oldestFirst.remove();
        }
    }

    private CapturedPart partOf(long capture, ReplicatedState state, long offset) {
        Window window = new Window(offset, partBytes);
        try {
            SnapshotCodec.write(state, window);
        } catch (IOException impossible) {
            throw new IllegalStateException("memory takes everything", impossible);
        }
        return new CapturedPart(capture, window.seen, window.kept.toByteString());
    }

    /** Counts what is written, and keeps a part of it. */
    private static final class Window extends OutputStream {
        private final ByteString.Output kept = ByteString.newOutput();
        private final long from;
        private final long to;
        private long seen;

        Window(long from, int length) {
            this.from = from;
            this.to = from + length;
        }

        @Override
        public void write(int value) {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            long first = Math.max(from, seen);
            long end = Math.min(to, seen + length);
            if (first < end) {
                kept.write(bytes, offset + (int) (first - seen), (int) (end - first));
            }
            seen += length;
        }
    }
}
