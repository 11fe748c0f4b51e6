package io.mqcontroller.controller.cli.ctl.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.mqcontroller.controller.controller.replication.ReplicatedState;
import io.mqcontroller.controller.controller.replication.SnapshotCodec;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.ClusterMetadata;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.MetadataRecord;
import io.mqcontroller.proto.snapshot.ClusterSnapshotHeader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterSnapshotTest {
    private static final ReplicatedState STATE = state();

    @TempDir
    Path folder;

    private Path file;

    private static ReplicatedState state() {
        GroupKey group = new GroupKey("C", "g");
        return new ReplicatedState(
                ClusterMetadata.EMPTY.replayAll(List.of(
                        new MetadataRecord.GroupCreated(group, 1, 0, 0),
                        new MetadataRecord.ReplicaAdded(group, new BrokerId(1), "h:1", "code", 2, false))),
                3,
                9);
    }

    @BeforeEach
    void save() throws IOException {
        file = folder.resolve("state.snapshot");
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        SnapshotCodec.write(STATE, content);
        ClusterSnapshotHeader header = ClusterSnapshotHeader.newBuilder()
                .setControllerCluster("demo")
                .setIndex(41)
                .setTerm(3)
                .setContentBytes(content.size())
                .setTakenAtWallMs(1_795_000_000_000L)
                .setSoftwareVersion("1.0")
                .build();
        try (SnapshotWriter writer = new SnapshotWriter(file, header)) {
            ByteString bytes = ByteString.copyFrom(content.toByteArray());
            writer.append(bytes.substring(0, 5));
            writer.append(bytes.substring(5));
            assertFalse(Files.exists(file), "not before it is whole");
            writer.finish();
        }
    }

    @Test
    void whatWasWrittenIsReadBack() throws IOException {
        ClusterSnapshot snapshot = ClusterSnapshot.read(file);
        assertEquals(STATE, snapshot.state());
        assertEquals("demo", snapshot.header().getControllerCluster());
        assertEquals(41, snapshot.header().getIndex());
        assertEquals(Files.size(file), snapshot.fileBytes());
    }

    @Test
    void theBytesStayAsTheyWere() throws IOException {
        try (InputStream golden = ClusterSnapshotTest.class.getResourceAsStream("/golden/cluster-snapshot-v1.hex")) {
            String expected = new String(golden.readAllBytes(), StandardCharsets.US_ASCII).strip();
            assertEquals(expected, HexFormat.of().formatHex(Files.readAllBytes(file)));
        }
    }

    @Test
    void aFileThatWasCutShortIsRefusedWhereverThatWas() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            IOException refused = assertThrows(IOException.class, () -> ClusterSnapshot.read(file));
            String expected = length < 8 ? "no snapshot" : "cut short";
            assertTrue(refused.getMessage().contains(expected), length + ": " + refused.getMessage());
        }
    }

    @Test
    void aBitThatTurnedOverIsFoundWhereverItIs() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        for (int i = 0; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 4;
            Files.write(file, damaged);
            assertThrows(IOException.class, () -> ClusterSnapshot.read(file), "byte " + i);
        }
    }

    @Test
    void whatWasAddedIsFound() throws IOException {
        Files.write(file, new byte[] {1}, StandardOpenOption.APPEND);
        assertThrows(IOException.class, () -> ClusterSnapshot.read(file));
    }

    @Test
    void aNewerVersionIsNamed() throws IOException {
        byte[] newer = Files.readAllBytes(file);
        newer[7] = 2;
        Files.write(file, newer);
        IOException refused = assertThrows(IOException.class, () -> ClusterSnapshot.read(file));
        assertTrue(refused.getMessage().contains("version 2"), refused.getMessage());
    }

    @Test
    void nothingIsWrittenOver() throws IOException {
        byte[] before = Files.readAllBytes(file);
        assertThrows(
                FileAlreadyExistsException.class,
                () -> new SnapshotWriter(file, ClusterSnapshotHeader.getDefaultInstance()).close());
        assertEquals(HexFormat.of().formatHex(before), HexFormat.of().formatHex(Files.readAllBytes(file)));
    }

    @Test
    void whatIsInterruptedLeavesNothing() throws IOException {
        Path other = folder.resolve("other.snapshot");
        try (SnapshotWriter writer = new SnapshotWriter(other, ClusterSnapshotHeader.getDefaultInstance())) {
            writer.append(ByteString.copyFromUtf8("part"));
        }
        try (var files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void whatIsEndedBesideStaysUnfinished() throws IOException {
        Path other = folder.resolve("other.snapshot");
        SnapshotWriter writer = new SnapshotWriter(other, ClusterSnapshotHeader.getDefaultInstance());
        writer.append(ByteString.copyFromUtf8("part"));
        writer.close();
        assertThrows(IOException.class, writer::finish);
        assertFalse(writer.isFinished());
        assertFalse(Files.exists(other));
    }
}
