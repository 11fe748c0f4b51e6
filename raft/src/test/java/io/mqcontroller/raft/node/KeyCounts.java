package io.mqcontroller.raft.node;

import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.NodeId;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A state machine that counts how often each command was applied, and notes whether it may decide. */
final class KeyCounts implements StateMachine {
    private Map<String, Integer> counts = new TreeMap<>();
    private int restored;
    private Optional<Long> leadingTerm = Optional.empty();
    private volatile boolean behind;

    synchronized int total() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    synchronized Map<String, Integer> counts() {
        return new TreeMap<>(counts);
    }

    synchronized int timesRestored() {
        return restored;
    }

    synchronized Optional<Long> leadingTerm() {
        return leadingTerm;
    }

    @Override
    public synchronized void apply(List<Entry> commands) {
        for (Entry command : commands) {
            counts.merge(command.command().toUtf8(), 1, Integer::sum);
        }
    }

    @Override
    public synchronized CompletionStage<SnapshotWriter> capture() {
        Map<String, Integer> captured = new TreeMap<>(counts);
        return CompletableFuture.completedFuture(out -> {
            try (DataOutputStream data = new DataOutputStream(out)) {
                data.writeInt(captured.size());
                for (Map.Entry<String, Integer> each : captured.entrySet()) {
                    data.writeUTF(each.getKey());
                    data.writeInt(each.getValue());
                }
            }
        });
    }

    @Override
    public synchronized CompletionStage<Void> restore(LogPosition last, InputStream content) {
        try {
            DataInputStream data = new DataInputStream(content);
            Map<String, Integer> read = new TreeMap<>();
            int size = data.readInt();
            for (int i = 0; i < size; i++) {
                read.put(data.readUTF(), data.readInt());
            }
            counts = read;
            restored++;
            return CompletableFuture.completedFuture(null);
        } catch (IOException failed) {
            return CompletableFuture.failedFuture(failed);
        }
    }

    /** From now on it says that it has too much to do, or no longer. */
    void sayIsBehind(boolean now) {
        behind = now;
    }

    @Override
    public boolean isBehind() {
        return behind;
    }

    @Override
    public synchronized void onLeading(long term) {
        leadingTerm = Optional.of(term);
    }

    @Override
    public synchronized void onFollowing(long term, Optional<NodeId> leader) {
        leadingTerm = Optional.empty();
    }
}
