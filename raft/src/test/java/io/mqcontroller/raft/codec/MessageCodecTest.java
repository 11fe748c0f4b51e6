package io.mqcontroller.raft.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import io.mqcontroller.proto.raft.LogEntry;
import io.mqcontroller.proto.raft.PeerFrame;
import io.mqcontroller.proto.raft.Ping;
import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.EntryKind;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.Message;
import io.mqcontroller.raft.core.ProposalId;
import io.mqcontroller.raft.core.SnapshotMetadata;
import io.mqcontroller.raft.core.StoreHealth;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MessageCodecTest {
    private static final Entry ENTRY = Entry.create(
            Entry.CHAIN_START,
            new LogPosition(3, 300),
            EntryKind.COMMAND,
            new ProposalId(0x1122_3344_5566_7788L, 9),
            Bytes.utf8("elect"));
    private static final SnapshotMetadata SNAPSHOT = new SnapshotMetadata(new LogPosition(4, 1_000), -5L, 1L << 33, -7);

    private static final List<Message> ONE_OF_EACH = List.of(
            new Message.PreVote(5, new LogPosition(4, 9)),
            new Message.PreVoteReply(5, true),
            new Message.RequestVote(6, LogPosition.ZERO, true),
            new Message.VoteReply(6, false),
            new Message.AppendEntries(3, new LogPosition(2, 299), Entry.CHAIN_START, List.of(ENTRY), 298, 77),
            new Message.AppendReply(3, false, 12, new LogPosition(2, 10), 77),
            new Message.InstallSnapshot(4, SNAPSHOT, 4_096, Bytes.utf8("piece"), -1, true, 78),
            new Message.InstallSnapshotReply(4, SNAPSHOT.last(), 8_192, true, 78),
            new Message.AppendReply(3, true, 12, LogPosition.ZERO, 77, new StoreHealth(-9, false)),
            new Message.AppendReply(3, true, 12, LogPosition.ZERO, 77, new StoreHealth(0, true)),
            new Message.InstallSnapshotReply(4, SNAPSHOT.last(), 8_192, true, 78, new StoreHealth(5, true)),
            new Message.RecoveryConfirmed(4, -9, 1_000),
            new Message.TimeoutNow(Long.MAX_VALUE));

    @Test
    void everyMessageComesBackAsItWas() throws InvalidProtocolBufferException {
        Set<Class<?>> seen = new HashSet<>();
        for (Message message : ONE_OF_EACH) {
            assertEquals(Optional.of(message), MessageCodec.decode(reparsed(MessageCodec.encode(message))));
            seen.add(message.getClass());
        }
        assertEquals(Set.copyOf(Arrays.asList(Message.class.getPermittedSubclasses())), seen);
    }

    @Test
    void anEntryWithoutACommandComesBackAsItWas() throws InvalidProtocolBufferException {
        Entry start = Entry.create(
                ENTRY.chain(), new LogPosition(4, 301), EntryKind.LEADER_START, ProposalId.NONE, Bytes.EMPTY);
        assertEquals(
                start,
                EntryCodec.decode(LogEntry.parseFrom(EntryCodec.encode(start).toByteArray())));
    }

    @Test
    void bytesOfTheApplicationComeBackAsTheyWere() throws InvalidProtocolBufferException {
        Bytes payload = Bytes.utf8("heartbeats");
        assertEquals(payload, MessageCodec.decodeApplication(reparsed(MessageCodec.encodeApplication(payload))));
    }

    @Test
    void whatIsNoMessageIsLeftAlone() {
        assertEquals(Optional.empty(), MessageCodec.decode(PeerFrame.getDefaultInstance()));
        assertEquals(
                Optional.empty(),
                MessageCodec.decode(
                        PeerFrame.newBuilder().setPing(Ping.newBuilder()).build()));
    }

    @Test
    void anEntryOfAnUnknownKindIsRefused() {
        LogEntry unknown = EntryCodec.encode(ENTRY).toBuilder().setKind(99).build();
        assertThrows(IllegalArgumentException.class, () -> EntryCodec.decode(unknown));
    }

    @Test
    void damagedFramesFailInOneOfTwoWaysOrAreAnotherMessage() {
        Random random = new Random(7);
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] frame = MessageCodec.encode(ONE_OF_EACH.get(round % ONE_OF_EACH.size()))
                    .toByteArray();
            for (int flips = 0; flips < 3; flips++) {
                frame[random.nextInt(frame.length)] = (byte) random.nextInt();
            }
            try {
                MessageCodec.decode(PeerFrame.parseFrom(frame));
            } catch (InvalidProtocolBufferException | IllegalArgumentException expected) {
                refused++;
            }
        }
        assertTrue(refused > 1_000, refused + " refused");
    }

    @Test
    void theRoughSizeGrowsWithWhatIsCarried() {
        Entry large = Entry.create(
                0, new LogPosition(1, 1), EntryKind.COMMAND, ProposalId.NONE, Bytes.wrap(new byte[1 << 20]));
        Message append = new Message.AppendEntries(1, LogPosition.ZERO, 0, List.of(large, large), 0, 0);
        int real = MessageCodec.encode(append).getSerializedSize();
        long rough = MessageCodec.roughBytes(append);
        assertTrue(rough > real * 9L / 10 && rough < real * 11L / 10, rough + " for " + real);
    }

    /** Stores and members of version 1 wrote these bytes; the files were made by another program than this one. */
    @Test
    void theBytesOfVersion1AreAsTheyWere() throws IOException {
        byte[] entry = golden("log-entry-v1.hex");
        assertEquals(hex(entry), hex(EntryCodec.encode(ENTRY).toByteArray()));
        assertEquals(ENTRY, EntryCodec.decode(LogEntry.parseFrom(entry)));
        byte[] append = golden("append-entries-v1.hex");
        assertEquals(hex(append), hex(MessageCodec.encode(ONE_OF_EACH.get(4)).toByteArray()));
        assertEquals(Optional.of(ONE_OF_EACH.get(4)), MessageCodec.decode(PeerFrame.parseFrom(append)));
    }

    /** Through a buffer outside the heap, as it comes from the network. */
    private static PeerFrame reparsed(PeerFrame frame) throws InvalidProtocolBufferException {
        byte[] bytes = frame.toByteArray();
        return PeerFrame.parseFrom(
                ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] golden(String name) throws IOException {
        try (InputStream in = MessageCodecTest.class.getResourceAsStream("/golden/" + name)) {
            return HexFormat.of().parseHex(new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip());
        }
    }
}
