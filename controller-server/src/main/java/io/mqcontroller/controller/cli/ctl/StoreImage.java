package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.ctl.client.CallException;
import io.mqcontroller.controller.cli.ctl.client.ExitCode;
import io.mqcontroller.controller.config.ControllerConfig;
import io.mqcontroller.controller.controller.replication.DecidedBatch;
import io.mqcontroller.controller.controller.replication.RecordCodec;
import io.mqcontroller.controller.controller.replication.ReplicatedState;
import io.mqcontroller.controller.controller.replication.SnapshotCodec;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.EntryKind;
import io.mqcontroller.raft.core.LogDamagedException;
import io.mqcontroller.raft.core.RecoveredState;
import io.mqcontroller.raft.log.RocksLogStore;
import io.mqcontroller.raft.log.StoreOwner;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the store of a stopped controller holds: log, hard state, and the replicated state up to what is known to be committed.
 * Read from a copy, for opening a store changes it.
 *
 * @param base the state of its snapshot; empty without one
 */
record StoreImage(RecoveredState recovered, ReplicatedState base) {
    /**
     * Reads all of it, and checks it as the controller would.
     *
     * @throws CallException if the store is damaged, in use, or not there
     */
    static StoreImage read(ControllerConfig config) throws CallException {
        Path store = config.store().resolve("raft");
        if (!Files.isDirectory(store)) {
            throw new CallException(
                    ExitCode.PRECONDITION,
                    "there is no store at " + store + "; is this controller's configuration right?");
        }
        try {
            assertNotInUse(store);
            Path copy = Files.createTempDirectory("mqctl-store");
            try {
                copy(store, copy);
                return readCopy(config, copy);
            } finally {
                delete(copy);
            }
        } catch (LogDamagedException e) {
            throw new CallException(ExitCode.FAILED, "the store " + store + " is damaged: " + e.getMessage());
        } catch (IOException e) {
            throw new CallException(ExitCode.FAILED, "the store " + store + " can't be read: " + e.getMessage());
        }
    }

    /** RocksDB holds a lock on this file for as long as it has the store open. */
    private static void assertNotInUse(Path store) throws IOException, CallException {
        Path lock = store.resolve("LOCK");
        if (!Files.exists(lock)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                FileLock free = channel.tryLock()) {
            if (free == null) {
                throw new CallException(
                        ExitCode.PRECONDITION, "the store " + store + " is in use: stop the controller first");
            }
        }
    }

    private static void copy(Path store, Path copy) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(store)) {
            files = all.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().equals("LOCK"))
                    .toList();
        }
        for (Path file : files) {
            Files.copy(file, copy.resolve(file.getFileName()));
        }
    }

    private static StoreImage readCopy(ControllerConfig config, Path copy) throws IOException {
        try (RocksLogStore log = RocksLogStore.open(copy, new StoreOwner(config.cluster(), config.self()))) {
            RecoveredState recovered = log.recover();
            ReplicatedState state = ReplicatedState.EMPTY;
            if (recovered.snapshot().isPresent()) {
                try (InputStream content = log.openSnapshot(recovered.snapshot().get())) {
                    state = SnapshotCodec.read(content);
                }
            }
            return new StoreImage(recovered, state);
        }
    }

    /** The replicated state after all that is known to be committed. */
    ReplicatedState state() {
        return stateAfter(recovered.hardState().commitIndex());
    }

    /** The replicated state after this entry, which is behind the snapshot, or its last one. */
    ReplicatedState stateAfter(long index) {
        ReplicatedState state = base;
        for (Entry entry : recovered.entries()) {
            if (entry.kind() == EntryKind.COMMAND && entry.index() <= index) {
                DecidedBatch batch = RecordCodec.decode(entry.command());
                state = state.accepts(entry.term(), batch) ? state.replay(batch) : state;
            }
        }
        return state;
    }

    private static void delete(Path folder) throws IOException {
        List<Path> innermostFirst;
        try (Stream<Path> all = Files.walk(folder)) {
            innermostFirst = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : innermostFirst) {
            Files.delete(path);
        }
    }
}
