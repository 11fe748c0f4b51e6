package io.mqcontroller.controller.cli.ctl.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.config.ConfigLoader;
import io.mqcontroller.controller.config.ControllerConfig;
import io.mqcontroller.controller.config.InvalidConfigException;
import io.mqcontroller.controller.controller.replication.ReplicatedState;
import io.mqcontroller.controller.controller.replication.SnapshotCodec;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.ClusterMetadata;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.MetadataRecord;
import io.mqcontroller.proto.snapshot.ClusterSnapshotHeader;
import io.mqcontroller.raft.core.HardState;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.RecoveredState;
import io.mqcontroller.raft.core.SnapshotMetadata;
import io.mqcontroller.raft.log.RocksLogStore;
import io.mqcontroller.raft.log.StoreOwner;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoredStoreTest {
    private static final GroupKey GROUP = new GroupKey("C", "g");

    @TempDir
    Path folder;

    private static ClusterSnapshot snapshot(String hash) {
        ReplicatedState state = new ReplicatedState(
                ClusterMetadata.EMPTY.replayAll(List.of(
                        new MetadataRecord.GroupCreated(GROUP, 1, 0, 0),
                        new MetadataRecord.ReplicaAdded(GROUP, new BrokerId(1), "h:1", "code", 2, false))),
                7,
                9);
        ClusterSnapshotHeader header = ClusterSnapshotHeader.newBuilder()
                .setControllerCluster("old")
                .setIndex(41)
                .setTerm(6)
                .build();
        return new ClusterSnapshot(header, state, hash.repeat(32), 100);
    }

    private ControllerConfig config(String self, String... more) throws IOException, InvalidConfigException {
        Path file = Files.writeString(
                folder.resolve(self + ".conf"),
                "controllerDLegerPeers=n0-127.0.0.1:9877;n1-127.0.0.1:9878\ncontrollerDLegerSelfId=" + self
                        + "\ncontrollerStorePath=" + folder.resolve(self) + "\n" + String.join("\n", more));
        return ConfigLoader.load(Optional.of(file), Map.of(), "/nowhere").config();
    }

    @Test
    void theStoreGoesOnWhereTheSnapshotEndsAndNobodyIsMasterInIt() throws Exception {
        ControllerConfig config = config("n0", "controllerDLegerGroup=new");
        assertEquals(Optional.empty(), RestoredStore.hindrance(config, snapshot("0a")));
        RestoredStore.make(config, snapshot("0a"));
        assertTrue(RestoredStore.hindrance(config, snapshot("0a")).orElseThrow().contains("already"));

        try (RocksLogStore store = open(config)) {
            RecoveredState recovered = store.recover();
            assertEquals(
                    new HardState(7, Optional.empty(), 41), recovered.hardState(), "no term of a decision comes again");
            assertEquals(
                    new LogPosition(7, 41), recovered.snapshot().orElseThrow().last());
            assertEquals(RecoveredState.BOOTSTRAPPED, recovered.incarnation());
            try (InputStream content = store.openSnapshot(recovered.snapshot().get())) {
                ReplicatedState state = SnapshotCodec.read(content);
                assertEquals(9, state.sequence());
                BrokerGroup group = state.metadata().group(GROUP).orElseThrow();
                assertEquals(1_000, group.masterEpoch());
                assertEquals(Optional.empty(), group.master());
            }
        }
    }

    @Test
    void logsThatGoOnBehindDifferentFilesDoNotFitTogether() throws Exception {
        RestoredStore.make(config("n0", "controllerDLegerGroup=new"), snapshot("0a"));
        RestoredStore.make(config("n1", "controllerDLegerGroup=new"), snapshot("0b"));
        assertTrue(chainOf("n0") != chainOf("n1"));
    }

    private long chainOf(String self) throws Exception {
        try (RocksLogStore store = open(config(self, "controllerDLegerGroup=new"))) {
            return store.recover().snapshot().map(SnapshotMetadata::chain).orElseThrow();
        }
    }

    private static RocksLogStore open(ControllerConfig config) throws IOException {
        return RocksLogStore.open(RestoredStore.storeOf(config), new StoreOwner(config.cluster(), config.self()));
    }

    @Test
    void whatWasCutShortBeforeIsBegunAnew() throws Exception {
        ControllerConfig config = config("n0", "controllerDLegerGroup=new");
        Path unfinished = Files.createDirectories(config.store().resolve("raft.being-restored"));
        Files.writeString(unfinished.resolve("CURRENT"), "half");
        RestoredStore.make(config, snapshot("0a"));
        assertTrue(Files.notExists(unfinished));
        open(config).close();
    }

    @Test
    void theSameClusterAndOneThatJoinsAreRefused() throws Exception {
        assertTrue(RestoredStore.hindrance(config("n0", "controllerDLegerGroup=old"), snapshot("0a"))
                .orElseThrow()
                .contains("another controllerDLegerGroup"));
        assertTrue(RestoredStore.hindrance(
                        config("n0", "controllerDLegerGroup=new", "controllerInitialClusterState=existing"),
                        snapshot("0a"))
                .isPresent());
    }
}
