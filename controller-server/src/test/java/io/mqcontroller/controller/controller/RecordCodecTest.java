package io.mqcontroller.controller.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.controller.replication.DecidedBatch;
import io.mqcontroller.controller.controller.replication.RecordCodec;
import io.mqcontroller.controller.controller.replication.ReplicatedState;
import io.mqcontroller.controller.controller.replication.SnapshotCodec;
import io.mqcontroller.controller.controller.replication.UnreadableRecordException;
import io.mqcontroller.controller.metadata.AckRule;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.ElectionReason;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.MetadataRecord;
import io.mqcontroller.controller.metadata.SyncStateSet;
import io.mqcontroller.controller.metadata.Tombstone;
import io.mqcontroller.raft.core.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RecordCodecTest {
    private static final GroupKey GROUP = new GroupKey("C", "broker-a");

    /** One record of each kind. */
    private static final DecidedBatch ALL = new DecidedBatch(
            7,
            3,
            List.of(
                    new MetadataRecord.GroupCreated(GROUP, 1, 0, 0),
                    new MetadataRecord.ReplicaAdded(GROUP, new BrokerId(1), "10.0.0.1:10911", "10.0.0.1:10911;17", 2),
                    new MetadataRecord.ReplicaAdded(GROUP, new BrokerId(2), "10.0.0.2:10911", "", 3),
                    new MetadataRecord.ReplicaRegistered(GROUP, new BrokerId(2), "10.0.0.3:10911"),
                    new MetadataRecord.MasterChanged(
                            GROUP,
                            Optional.of(new BrokerId(1)),
                            1,
                            new SyncStateSet(CoreHarness.ids(1), 1),
                            ElectionReason.FIRST,
                            false),
                    new MetadataRecord.SyncStateSetChanged(GROUP, new SyncStateSet(CoreHarness.ids(1, 2), 2)),
                    new MetadataRecord.MasterChanged(
                            GROUP,
                            Optional.empty(),
                            2,
                            new SyncStateSet(CoreHarness.ids(1, 2), 2),
                            ElectionReason.MASTER_DEAD,
                            false),
                    new MetadataRecord.MasterChanged(
                            GROUP,
                            Optional.of(new BrokerId(2)),
                            3,
                            new SyncStateSet(CoreHarness.ids(2), 3),
                            ElectionReason.MASTER_MISSING,
                            true),
                    new MetadataRecord.ReplicasRemoved(GROUP, CoreHarness.ids(1)),
                    new MetadataRecord.GroupRemoved(GROUP, new Tombstone(3, 3, 3))));

    @Test
    void bytesOfEachRecordStayAsTheyWereFirstWritten() throws IOException {
        assertEquals(
                golden("records-v1.hex"),
                HexFormat.of().formatHex(RecordCodec.encode(ALL).toByteArray()));
        assertEquals(ALL, RecordCodec.decode(Bytes.wrap(HexFormat.of().parseHex(golden("records-v1.hex")))));
    }

    /** What version 2 of the records added. */
    private static final DecidedBatch WITH_AGENTS = new DecidedBatch(
            7,
            4,
            List.of(
                    new MetadataRecord.GroupCreated(GROUP, 1, 0, 0),
                    new MetadataRecord.ReplicaAdded(GROUP, new BrokerId(1), "10.0.0.1:10911", "", 2, true),
                    new MetadataRecord.ReplicaAdded(GROUP, new BrokerId(2), "10.0.0.2:10911", "10.0.0.2:10911;9", 3),
                    new MetadataRecord.ReplicaRegistered(GROUP, new BrokerId(2), "10.0.0.3:10911", true),
                    new MetadataRecord.MasterChanged(
                            GROUP,
                            Optional.of(new BrokerId(1)),
                            2,
                            new SyncStateSet(CoreHarness.ids(1), 3),
                            ElectionReason.MASTER_RESIGNED,
                            false),
                    new MetadataRecord.MasterChanged(
                            GROUP,
                            Optional.of(new BrokerId(2)),
                            3,
                            new SyncStateSet(CoreHarness.ids(2), 4),
                            ElectionReason.MASTER_UNFIT,
                            false)));

    @Test
    void bytesOfRecordsAboutAgentsStayAsTheyWereFirstWritten() throws IOException {
        assertEquals(
                golden("records-v2.hex"),
                HexFormat.of().formatHex(RecordCodec.encode(WITH_AGENTS).toByteArray()));
        assertEquals(WITH_AGENTS, RecordCodec.decode(Bytes.wrap(HexFormat.of().parseHex(golden("records-v2.hex")))));
    }

    @Test
    void bytesOfASnapshotWithAgentsStayAsTheyWereFirstWritten() throws IOException {
        ReplicatedState state = ReplicatedState.EMPTY.replay(new DecidedBatch(7, 1, WITH_AGENTS.records()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SnapshotCodec.write(state, out);
        assertEquals(golden("snapshot-v2.hex"), HexFormat.of().formatHex(out.toByteArray()));
        byte[] bytes = HexFormat.of().parseHex(golden("snapshot-v2.hex"));
        assertEquals(state, SnapshotCodec.read(new ByteArrayInputStream(bytes)));
    }

    /** What version 3 of the records added. */
    private static final DecidedBatch WITH_LEASE =
            new DecidedBatch(7, 5, List.of(new MetadataRecord.MasterLeaseChanged(5_000)));

    @Test
    void bytesOfRecordsAboutLeasesStayAsTheyWereFirstWritten() throws IOException {
        assertEquals(
                golden("records-v3.hex"),
                HexFormat.of().formatHex(RecordCodec.encode(WITH_LEASE).toByteArray()));
        assertEquals(WITH_LEASE, RecordCodec.decode(Bytes.wrap(HexFormat.of().parseHex(golden("records-v3.hex")))));
    }

    @Test
    void bytesOfASnapshotWithItsOwnLeaseStayAsTheyWereFirstWritten() throws IOException {
        ReplicatedState state = ReplicatedState.EMPTY
                .replay(new DecidedBatch(7, 1, WITH_AGENTS.records()))
                .replay(new DecidedBatch(7, 2, WITH_LEASE.records()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SnapshotCodec.write(state, out);
        assertEquals(golden("snapshot-v3.hex"), HexFormat.of().formatHex(out.toByteArray()));
        ReplicatedState read =
                SnapshotCodec.read(new ByteArrayInputStream(HexFormat.of().parseHex(golden("snapshot-v3.hex"))));
        assertEquals(state, read);
        assertEquals(5_000, read.metadata().masterLeaseMs());
    }

    /** What version 4 of the records added. */
    private static final DecidedBatch WITH_DRAIN = new DecidedBatch(
            7,
            6,
            List.of(
                    new MetadataRecord.ReplicaDrained(GROUP, new BrokerId(2), true),
                    new MetadataRecord.ReplicaDrained(GROUP, new BrokerId(1), false)));

    @Test
    void bytesOfRecordsAboutDrainsStayAsTheyWereFirstWritten() throws IOException {
        assertEquals(
                golden("records-v4.hex"),
                HexFormat.of().formatHex(RecordCodec.encode(WITH_DRAIN).toByteArray()));
        assertEquals(WITH_DRAIN, RecordCodec.decode(Bytes.wrap(HexFormat.of().parseHex(golden("records-v4.hex")))));
    }

    @Test
    void bytesOfASnapshotWithADrainStayAsTheyWereFirstWritten() throws IOException {
        ReplicatedState state = ReplicatedState.EMPTY
                .replay(new DecidedBatch(7, 1, WITH_AGENTS.records()))
                .replay(new DecidedBatch(7, 2, WITH_DRAIN.records()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SnapshotCodec.write(state, out);
        assertEquals(golden("snapshot-v4.hex"), HexFormat.of().formatHex(out.toByteArray()));
        byte[] bytes = HexFormat.of().parseHex(golden("snapshot-v4.hex"));
        assertEquals(state, SnapshotCodec.read(new ByteArrayInputStream(bytes)));
    }

    /** What version 5 of the records added. */
    private static final DecidedBatch WITH_ACK_RULE =
            new DecidedBatch(7, 7, List.of(new MetadataRecord.WeakestAckRuleChanged(GROUP, AckRule.ALL_IN_SYNC)));

    @Test
    void bytesOfRecordsAboutAckRulesStayAsTheyWereFirstWritten() throws IOException {
        assertEquals(
                golden("records-v5.hex"),
                HexFormat.of().formatHex(RecordCodec.encode(WITH_ACK_RULE).toByteArray()));
        assertEquals(WITH_ACK_RULE, RecordCodec.decode(Bytes.wrap(HexFormat.of().parseHex(golden("records-v5.hex")))));
    }

    @Test
    void bytesOfASnapshotWithAnAckRuleStayAsTheyWereFirstWritten() throws IOException {
        ReplicatedState state = ReplicatedState.EMPTY
                .replay(new DecidedBatch(7, 1, WITH_AGENTS.records()))
                .replay(new DecidedBatch(7, 2, WITH_ACK_RULE.records()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SnapshotCodec.write(state, out);
        assertEquals(golden("snapshot-v5.hex"), HexFormat.of().formatHex(out.toByteArray()));
        byte[] bytes = HexFormat.of().parseHex(golden("snapshot-v5.hex"));
        assertEquals(state, SnapshotCodec.read(new ByteArrayInputStream(bytes)));
    }

    @Test
    void aSnapshotWithoutAckRulesCanBeReadByVersionsBefore() throws IOException {
        ReplicatedState state = ReplicatedState.EMPTY
                .replay(new DecidedBatch(7, 1, WITH_AGENTS.records()))
                .replay(new DecidedBatch(7, 2, WITH_ACK_RULE.records()));
        state = new ReplicatedState(
                state.metadata().replay(new MetadataRecord.WeakestAckRuleChanged(GROUP, AckRule.WEAKER)), 7, 1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SnapshotCodec.write(state, out);
        assertEquals(golden("snapshot-v2.hex"), HexFormat.of().formatHex(out.toByteArray()));
    }

    @Test
    void aSnapshotWithoutDrainsCanBeReadByVersionsBefore() throws IOException {
        ReplicatedState state = ReplicatedState.EMPTY
                .replay(new DecidedBatch(7, 1, WITH_AGENTS.records()))
                .replay(new DecidedBatch(7, 2, WITH_DRAIN.records()));
        state = new ReplicatedState(
                state.metadata().replay(new MetadataRecord.ReplicaDrained(GROUP, new BrokerId(2), false)), 7, 1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SnapshotCodec.write(state, out);
        assertEquals(golden("snapshot-v2.hex"), HexFormat.of().formatHex(out.toByteArray()));
    }

    @Test
    void inOldSnapshotsAndRecordsLeasesAreAsLongAsTheyWereThen() throws IOException {
        byte[] snapshot = HexFormat.of().parseHex(golden("snapshot-v2.hex"));
        assertEquals(
                2_000,
                SnapshotCodec.read(new ByteArrayInputStream(snapshot))
                        .metadata()
                        .masterLeaseMs());
        DecidedBatch records = RecordCodec.decode(Bytes.wrap(HexFormat.of().parseHex(golden("records-v2.hex"))));
        assertEquals(
                2_000,
                ReplicatedState.EMPTY
                        .replay(new DecidedBatch(7, 1, records.records()))
                        .metadata()
                        .masterLeaseMs());
    }

    @Test
    void aSnapshotOfALeaseThatIsTheInitialOneAgainCanBeReadByVersionsBefore() throws IOException {
        ReplicatedState state = ReplicatedState.EMPTY
                .replay(new DecidedBatch(7, 1, WITH_AGENTS.records()))
                .replay(new DecidedBatch(7, 2, WITH_LEASE.records()));
        state = new ReplicatedState(state.metadata().replay(new MetadataRecord.MasterLeaseChanged(2_000)), 7, 1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SnapshotCodec.write(state, out);
        assertEquals(golden("snapshot-v2.hex"), HexFormat.of().formatHex(out.toByteArray()));
    }

    @Test
    void replicasInOldRecordsHaveNoAgent() throws IOException {
        DecidedBatch old = RecordCodec.decode(Bytes.wrap(HexFormat.of().parseHex(golden("records-v1.hex"))));
        ReplicatedState state = ReplicatedState.EMPTY.replay(
                new DecidedBatch(7, 1, old.records().subList(0, 4)));
        state.metadata().group(GROUP).orElseThrow().replicas().values().forEach(r -> assertFalse(r.agent()));
    }

    @Test
    void goldenBytesHaveEveryKindOfRecord() {
        Set<Class<?>> written = Stream.of(ALL, WITH_LEASE, WITH_DRAIN, WITH_ACK_RULE)
                .flatMap(batch -> batch.records().stream())
                .map(Object::getClass)
                .collect(Collectors.toSet());
        List<Class<?>> kinds = kindsOf(MetadataRecord.class).toList();
        assertEquals(10, kinds.size());
        kinds.forEach(kind -> assertTrue(written.contains(kind), kind + " has no golden bytes"));
    }

    private static Stream<Class<?>> kindsOf(Class<?> sealed) {
        return Arrays.stream(sealed.getPermittedSubclasses())
                .flatMap(kind -> kind.isSealed() ? kindsOf(kind) : Stream.of(kind));
    }

    @Test
    void bytesOfASnapshotStayAsTheyWereFirstWritten() throws IOException {
        ReplicatedState state = ReplicatedState.EMPTY
                .replay(new DecidedBatch(7, 1, ALL.records()))
                .replay(new DecidedBatch(7, 2, ALL.records().subList(0, 6)))
                .replay(new DecidedBatch(
                        7,
                        3,
                        List.of(
                                new MetadataRecord.GroupCreated(new GroupKey("C", "gone"), 1, 0, 0),
                                new MetadataRecord.GroupRemoved(new GroupKey("C", "gone"), new Tombstone(4, 5, 6)))));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SnapshotCodec.write(state, out);
        assertEquals(golden("snapshot-v1.hex"), HexFormat.of().formatHex(out.toByteArray()));
        byte[] bytes = HexFormat.of().parseHex(golden("snapshot-v1.hex"));
        assertEquals(state, SnapshotCodec.read(new ByteArrayInputStream(bytes)));
    }

    @Test
    void everyReasonOfAnElectionHasItsNumber() {
        for (ElectionReason reason : ElectionReason.values()) {
            DecidedBatch batch = new DecidedBatch(
                    1,
                    1,
                    List.of(new MetadataRecord.MasterChanged(
                            GROUP, Optional.empty(), 1, SyncStateSet.EMPTY, reason, false)));
            assertEquals(batch, RecordCodec.decode(RecordCodec.encode(batch)));
        }
    }

    @Test
    void recordOfAKindFromTheFutureStopsTheMember() {
        byte[] future = {0x08, 1, 0x10, 1, 0x1a, 3, (byte) 0xfa, 0x01, 0};
        assertThrows(UnreadableRecordException.class, () -> RecordCodec.decode(Bytes.wrap(future)));
        assertThrows(UnreadableRecordException.class, () -> RecordCodec.decode(Bytes.utf8("nonsense")));
    }

    @Test
    void recordThatDoesNotFitTheStateStopsTheMember() {
        CoreHarness h = CoreHarness.leading();
        DecidedBatch stray = new DecidedBatch(
                1, 1, List.of(new MetadataRecord.ReplicasRemoved(new GroupKey("C", "none"), CoreHarness.ids(1))));
        assertThrows(
                UnreadableRecordException.class,
                () -> h.deliver(new ControllerEvent.Committed(List.of(h.raft.append(RecordCodec.encode(stray))))));
    }

    @Test
    void batchTakesEffectOnlyInItsTermAndRightAfterTheOneBefore() {
        ReplicatedState state = ReplicatedState.EMPTY;
        assertTrue(state.accepts(7, new DecidedBatch(7, 1, List.of())));
        assertFalse(state.accepts(8, new DecidedBatch(7, 1, List.of())), "entry of a later term");
        assertFalse(state.accepts(7, new DecidedBatch(7, 2, List.of())), "the one before is lost");
        state = state.replay(new DecidedBatch(7, 1, List.of()));
        assertFalse(state.accepts(7, new DecidedBatch(7, 1, List.of())), "again");
        assertTrue(state.accepts(7, new DecidedBatch(7, 2, List.of())));
        assertTrue(state.accepts(9, new DecidedBatch(9, 1, List.of())));
        assertFalse(state.accepts(9, new DecidedBatch(9, 2, List.of())));
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = RecordCodecTest.class.getResourceAsStream("/golden/" + name)) {
            String hex = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII);
            return Arrays.stream(hex.split("\\s+")).collect(Collectors.joining());
        }
    }
}
