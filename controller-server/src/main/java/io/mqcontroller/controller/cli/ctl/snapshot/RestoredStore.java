package io.mqcontroller.controller.cli.ctl.snapshot;

import io.mqcontroller.controller.config.ControllerConfig;
import io.mqcontroller.controller.controller.replication.ReplicatedState;
import io.mqcontroller.controller.controller.replication.SnapshotCodec;
import io.mqcontroller.controller.metadata.decide.RestoreMetadata;
import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.HardState;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.log.LogStore;
import io.mqcontroller.raft.log.RocksLogStore;
import io.mqcontroller.raft.log.StoreOwner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The store of one of the first controllers of a new cluster, which begins where a snapshot ends. Made from the same file, the
 * stores of all of them hold the same.
 */
public final class RestoredStore {
    private RestoredStore() {}

    /** Why no store can be made for this controller; empty if it can. */
    public static Optional<String> hindrance(ControllerConfig config, ClusterSnapshot snapshot) {
        Path store = storeOf(config);
        if (config.cluster().equals(snapshot.header().getControllerCluster())) {
            return Optional.of("the snapshot is of the cluster " + config.cluster()
                    + ", and so would be the restored controllers: give them another controllerDLegerGroup, so that"
                    + " one of the old cluster that is still somewhere never takes them for its own");
        } else if (config.joins()) {
            return Optional.of(
                    "a controller with controllerInitialClusterState=existing gets everything from its leader:"
                            + " restore the first ones of the new cluster");
        } else if (Files.exists(store) || Files.exists(store.resolveSibling(store.getFileName() + ".being-replaced"))) {
            return Optional.of("there is a store at " + store + " already; move it away if it is not needed any more");
        }
        return Optional.empty();
    }

    /** Where the store of this controller is. */
    public static Path storeOf(ControllerConfig config) {
        return config.store().resolve("raft");
    }

    /** Makes the store, whole or not at all; nothing may be in the way ({@link #hindrance}). Durable on return. */
    public static void make(ControllerConfig config, ClusterSnapshot snapshot) throws IOException {
        Path store = storeOf(config);
        Path unfinished = store.resolveSibling(store.getFileName() + ".being-restored");
        Files.createDirectories(config.store());
        if (Files.exists(unfinished)) {
            Folders.delete(unfinished);
        }
        write(unfinished, new StoreOwner(config.cluster(), config.self()), snapshot);
        Files.move(unfinished, store, StandardCopyOption.ATOMIC_MOVE);
        Folders.sync(config.store());
    }

    private static void write(Path folder, StoreOwner owner, ClusterSnapshot snapshot) throws IOException {
        ReplicatedState old = snapshot.state();
        ReplicatedState restored =
                new ReplicatedState(RestoreMetadata.from(old.metadata()), old.decidedTerm(), old.sequence());
        // Terms go on, too: which batch of decisions follows the last one is told by them.
        LogPosition last = new LogPosition(
                Math.max(snapshot.header().getTerm(), old.decidedTerm()),
                snapshot.header().getIndex());
        try (RocksLogStore log = RocksLogStore.open(folder, owner)) {
            HardState hardState = new HardState(last.term(), Optional.empty(), last.index(), 0);
            try (LogStore.SnapshotSink sink = log.beginSnapshot(last, chainOf(snapshot), Bytes.EMPTY)) {
                SnapshotCodec.write(restored, sink.content());
                sink.commit();
            }
            log.write(List.of(new Effect.Persist(1, Optional.of(hardState), OptionalLong.empty(), List.of())));
            log.recover();
        }
    }

    /** Another one for another file: logs that go on behind different snapshots do not fit together. */
    private static long chainOf(ClusterSnapshot snapshot) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(snapshot.hash())).getLong();
    }
}
