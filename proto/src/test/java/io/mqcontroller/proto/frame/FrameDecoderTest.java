package io.mqcontroller.proto.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.mqcontroller.proto.raft.Hello;
import io.mqcontroller.proto.raft.PeerFrame;
import io.mqcontroller.proto.raft.Ping;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameDecoderTest {
    private static final PeerFrame HELLO = PeerFrame.newBuilder()
            .setHello(Hello.newBuilder()
                    .setProtocolVersion(1)
                    .setCluster("cluster-a")
                    .setNodeId("n0")
                    .setWantedNodeId("n1"))
            .build();

    private final EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder(FrameDecoder.PEER_PREFACE));

    @Test
    void framesThatComeByteByByteAreRead() throws Exception {
        byte[] stream = concat(preface(), frame(HELLO), frame(ping(7)));
        for (byte one : stream) {
            channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {one}));
        }
        assertEquals(HELLO, nextPayload());
        assertEquals(ping(7), nextPayload());
        assertNull(channel.readInbound());
    }

    @Test
    void framesThatComeAtOnceAreRead() throws Exception {
        channel.writeInbound(Unpooled.wrappedBuffer(concat(preface(), frame(HELLO), frame(ping(1)), frame(ping(2)))));
        assertEquals(HELLO, nextPayload());
        assertEquals(ping(1), nextPayload());
        assertEquals(ping(2), nextPayload());
    }

    @Test
    void anotherPrefaceIsRefusedWithBothNamed() {
        FrameException refused = refusal("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
        assertEquals("a connection begins with 4d514301, this one began with 47455420", refused.getMessage());
    }

    @Test
    void theFirstFrameIsLimitedTo64KiB() {
        byte[] lie = concat(preface(), head(FrameDecoder.MAX_FIRST_PAYLOAD_BYTES + 1, 0));
        assertEquals(
                "a payload has 1 to 65536 bytes here, this one claims 65537",
                refusal(lie).getMessage());
    }

    @Test
    void laterFramesAreLimitedTo16MiB() {
        byte[] lie = concat(preface(), frame(HELLO), head(FrameDecoder.MAX_PAYLOAD_BYTES + 1, 0));
        assertEquals(
                "a payload has 1 to 16777216 bytes here, this one claims 16777217",
                refusal(lie).getMessage());
    }

    @Test
    void aFrameOfTheGreatestLengthPasses() throws Exception {
        PeerFrame large = PeerFrame.newBuilder()
                .setApplication(ByteString.copyFrom(new byte[FrameDecoder.MAX_PAYLOAD_BYTES - 5]))
                .build();
        assertEquals(FrameDecoder.MAX_PAYLOAD_BYTES, large.getSerializedSize());
        channel.writeInbound(Unpooled.wrappedBuffer(concat(preface(), frame(HELLO), frame(large))));
        assertEquals(HELLO, nextPayload());
        assertEquals(large, nextPayload());
    }

    @Test
    void lengthsThatNoFrameHasAreRefused() {
        for (int length : new int[] {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertTrue(refusalOnNewChannel(concat(preface(), frame(HELLO), head(length, 0)))
                    .getMessage()
                    .endsWith("claims " + length));
        }
    }

    @Test
    void anyFlippedBitOfAPayloadIsFound() {
        byte[] frame = frame(HELLO);
        for (int bit = 0; bit < (frame.length - 8) * 8; bit++) {
            byte[] flipped = frame.clone();
            flipped[8 + bit / 8] ^= (byte) (1 << (bit % 8));
            assertTrue(
                    refusalOnNewChannel(concat(preface(), flipped)).getMessage().contains("checksum"));
        }
    }

    @Test
    void whatComesAfterGarbageIsThrownAwayAndTheConnectionClosed() {
        refusal(new byte[] {1, 2, 3, 4});
        assertFalse(channel.isOpen());
        assertNull(channel.readInbound());
    }

    @Test
    void garbageNeverGetsThroughAndNeverFailsOtherwise() {
        Random random = new Random(42);
        for (int round = 0; round < 2_000; round++) {
            byte[] garbage = new byte[random.nextInt(200)];
            random.nextBytes(garbage);
            EmbeddedChannel fresh = new EmbeddedChannel(new FrameDecoder(FrameDecoder.PEER_PREFACE));
            try {
                fresh.writeInbound(Unpooled.wrappedBuffer(concat(preface(), garbage)));
            } catch (FrameException expected) {
                assertFalse(fresh.isOpen());
            }
            assertNull(fresh.readInbound());
            fresh.finishAndReleaseAll();
        }
    }

    @Test
    void aMessageThatIsTooLongIsNotWritten() {
        PeerFrame tooLong = PeerFrame.newBuilder()
                .setApplication(ByteString.copyFrom(new byte[FrameDecoder.MAX_PAYLOAD_BYTES]))
                .build();
        assertThrows(IllegalArgumentException.class, () -> FrameWriter.frame(ByteBufAllocator.DEFAULT, tooLong)
                .release());
    }

    /** The bytes of version 1 never change: members of different releases talk to each other. */
    @Test
    void theBytesOfVersion1AreAsTheyWere() throws Exception {
        byte[] golden = goldenBytes("hello-frame-v1.hex");
        assertEquals(ByteBufUtil.hexDump(golden), ByteBufUtil.hexDump(concat(preface(), frame(HELLO))));
        channel.writeInbound(Unpooled.wrappedBuffer(golden));
        assertEquals(HELLO, nextPayload());
    }

    private FrameException refusal(byte[] bytes) {
        return assertThrows(FrameException.class, () -> channel.writeInbound(Unpooled.wrappedBuffer(bytes)));
    }

    private static FrameException refusalOnNewChannel(byte[] bytes) {
        EmbeddedChannel fresh = new EmbeddedChannel(new FrameDecoder(FrameDecoder.PEER_PREFACE));
        FrameException refused =
                assertThrows(FrameException.class, () -> fresh.writeInbound(Unpooled.wrappedBuffer(bytes)));
        fresh.finishAndReleaseAll();
        return refused;
    }

    private PeerFrame nextPayload() throws InvalidProtocolBufferException {
        ByteBuf payload = channel.readInbound();
        try {
            return PeerFrame.parseFrom(payload.nioBuffer());
        } finally {
            payload.release();
        }
    }

    private static PeerFrame ping(long number) {
        return PeerFrame.newBuilder()
                .setPing(Ping.newBuilder().setNumber(number))
                .build();
    }

    private static byte[] preface() {
        return bytesOf(FrameWriter.preface(ByteBufAllocator.DEFAULT, FrameDecoder.PEER_PREFACE));
    }

    private static byte[] frame(PeerFrame message) {
        return bytesOf(FrameWriter.frame(ByteBufAllocator.DEFAULT, message));
    }

    private static byte[] head(int length, int checksum) {
        return bytesOf(Unpooled.buffer(8).writeInt(length).writeInt(checksum));
    }

    private static byte[] bytesOf(ByteBuf buffer) {
        try {
            return ByteBufUtil.getBytes(buffer);
        } finally {
            buffer.release();
        }
    }

    private static byte[] concat(byte[]... parts) {
        return ByteBufUtil.getBytes(Unpooled.wrappedBuffer(parts));
    }

    private static byte[] goldenBytes(String name) throws IOException {
        try (InputStream in = FrameDecoderTest.class.getResourceAsStream("/golden/" + name)) {
            return ByteBufUtil.decodeHexDump(new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip());
        }
    }
}
