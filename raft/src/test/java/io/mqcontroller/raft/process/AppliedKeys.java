package io.mqcontroller.raft.process;

import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.node.StateMachine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A state machine that remembers each command: numbers, in order. Its snapshots are padded, so that they go in some pieces. */
final class AppliedKeys implements StateMachine {
    private static final int PADDING_BYTES = 3 << 20;

    private final TreeSet<Long> keys = new TreeSet<>();

    /** How many there are, and all of them. */
    synchronized String asText() {
        StringBuilder text = new StringBuilder().append(keys.size());
        keys.forEach(key -> text.append(' ').append(key));
        return text.toString();
    }

    @Override
    public synchronized void apply(List<Entry> commands) {
        commands.forEach(command -> keys.add(Long.valueOf(command.command().toUtf8())));
    }

    @Override
    public CompletionStage<SnapshotWriter> capture() {
        String captured = asText() + "\n";
        return CompletableFuture.completedFuture(out -> {
            out.write(captured.getBytes(StandardCharsets.US_ASCII));
            out.write(new byte[PADDING_BYTES]);
        });
    }

    @Override
    public synchronized CompletionStage<Void> restore(LogPosition last, InputStream content) {
        try {
            BufferedReader in = new BufferedReader(new InputStreamReader(content, StandardCharsets.US_ASCII));
            List<Long> read = KeyList.parse(in.readLine()).orElseThrow();
            // To the end, where the checksum is compared.
            content.transferTo(OutputStream.nullOutputStream());
            keys.clear();
            keys.addAll(read);
            return CompletableFuture.completedFuture(null);
        } catch (IOException failed) {
            return CompletableFuture.failedFuture(failed);
        }
    }

    @Override
    public void onLeading(long term) {}

    @Override
    public void onFollowing(long term, Optional<NodeId> leader) {}
}
