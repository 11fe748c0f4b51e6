package io.mqcontroller.raft.process;

import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.node.StateMachine;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A number of commands, which a snapshot tells together with many megabytes that are made up while they are written. */
final class GeneratedState implements StateMachine {
    private static final int BLOCK = 64 << 10;
    private static final long STEP = 0x9E3779B97F4A7C15L;

    private final int blocks;
    private long applied;
    private long restoredBytes;

    GeneratedState(long snapshotBytes) {
        this.blocks = Math.toIntExact(snapshotBytes / BLOCK);
    }

    synchronized long applied() {
        return applied;
    }

    /** How many of the made-up bytes came back with the last restore, each as it should be. */
    synchronized long restoredBytes() {
        return restoredBytes;
    }

    @Override
    public synchronized void apply(List<Entry> commands) {
        applied += commands.size();
    }

    @Override
    public synchronized CompletionStage<SnapshotWriter> capture() {
        long captured = applied;
        return CompletableFuture.completedFuture(out -> write(captured, out));
    }

    private void write(long captured, OutputStream out) throws IOException {
        out.write(ByteBuffer.allocate(Long.BYTES).putLong(captured).array());
        for (int i = 0; i < blocks; i++) {
            out.write(block(i));
        }
    }

    private static byte[] block(int number) {
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        for (long i = 0; block.hasRemaining(); i++) {
            block.putLong((number * (long) BLOCK + i) * STEP);
        }
        return block.array();
    }

    /** Reads while later commands wait: in this program there are few. */
    @Override
    public synchronized CompletionStage<Void> restore(LogPosition last, InputStream content) {
        try {
            DataInputStream in = new DataInputStream(content);
            applied = in.readLong();
            restoredBytes = 0;
            for (int i = 0; i < blocks; i++) {
                if (!Arrays.equals(in.readNBytes(BLOCK), block(i))) {
                    throw new IOException("block " + i + " is not what was written");
                }
                restoredBytes += BLOCK;
            }
            if (in.read() != -1) {
                throw new IOException("there is more than was written");
            }
            return CompletableFuture.completedFuture(null);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void onLeading(long term) {}

    @Override
    public void onFollowing(long term, Optional<NodeId> leader) {}
}
