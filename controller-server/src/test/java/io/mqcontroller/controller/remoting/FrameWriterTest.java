package io.mqcontroller.controller.remoting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.SyncStateSet;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against bytes and sizes captured from Apache RocketMQ 5.3.3. */
class FrameWriterTest {
    private static final byte[] SET =
            Bodies.syncStateSet(new SyncStateSet(new TreeSet<>(List.of(new BrokerId(1), new BrokerId(2))), 8));

    @Test
    void writesTheCapturedBinaryAnswerOf1004() {
        // The captured one has its fields in another order, which means nothing: here they are sorted.
        Answer answer = replicaInfo();

        assertEquals(
                ByteBufUtil.hexDump(Frames.hex("0000008e 01 00005e 0000 00 01df 0000000c 00000001 00000000 00000049"
                        + field("masterAddress", "127.0.0.1:10911")
                        + field("masterBrokerId", "1")
                        + field("masterEpoch", "3")
                        + hex("{\"syncStateSet\":[1,2],\"syncStateSetEpoch\":8}"))),
                ByteBufUtil.hexDump(write(HeaderType.BINARY, 12, answer)));
    }

    @Test
    void writesTheCapturedJsonAnswerOf1004() {
        String header = "{\"code\":0,\"extFields\":{\"masterAddress\":\"127.0.0.1:10911\",\"masterBrokerId\":\"1\","
                + "\"masterEpoch\":\"3\"},\"flag\":1,\"language\":\"JAVA\",\"opaque\":12,"
                + "\"serializeTypeCurrentRPC\":\"JSON\",\"version\":479}";
        ByteBuf written = write(HeaderType.JSON, 12, replicaInfo());

        assertEquals(
                ByteBufUtil.hexDump(Frames.json(header, "{\"syncStateSet\":[1,2],\"syncStateSetEpoch\":8}")),
                ByteBufUtil.hexDump(written));
        assertEquals(235, written.readableBytes());
    }

    @Test
    void anAnswerWithARemarkIsAsCaptured() {
        String remark = "x".repeat(37);
        ByteBuf binary = write(HeaderType.BINARY, 24, Answer.of(2007, remark));
        assertEquals(
                ByteBufUtil.hexDump(Frames.hex(
                        "0000003e 01 00003a 07d7 00 01df 00000018 00000001 00000025" + hex(remark) + "00000000")),
                ByteBufUtil.hexDump(binary));

        ByteBuf json = write(HeaderType.JSON, 24, Answer.of(2007, remark));
        assertEquals(
                "{\"code\":2007,\"flag\":1,\"language\":\"JAVA\",\"opaque\":24,\"remark\":\"" + remark
                        + "\",\"serializeTypeCurrentRPC\":\"JSON\",\"version\":479}",
                json.toString(8, json.readableBytes() - 8, StandardCharsets.UTF_8));
    }

    @Test
    void framesAreAsLongAsTheCapturedOnes() {
        assertSizes(137, 46, Answer.of(1004, "").with("brokerName", "b"), 0);
        assertSizes(188, 100, Answer.success().with("newSyncStateSetEpoch", 8).withBody(SET), FrameWriter.RESPONSE);
        assertSizes(147, 56, Answer.of(2013, "").with("newSyncStateSetEpoch", 0), FrameWriter.RESPONSE);
        assertSizes(121, 29, Answer.of(2012, "").withFields(), FrameWriter.RESPONSE);
        assertSizes(107, 29, Answer.of(1005, ""), FrameWriter.REQUEST);
        assertSizes(
                172,
                83,
                Answer.success()
                        .with("brokerName", "b")
                        .with("clusterName", "C")
                        .with("nextBrokerId", 1),
                FrameWriter.RESPONSE);
        assertSizes(153, 64, Answer.success().with("brokerName", "b").with("clusterName", "C"), FrameWriter.RESPONSE);
    }

    @ParameterizedTest
    @EnumSource(HeaderType.class)
    void whatIsWrittenCanBeRead(HeaderType type) throws Exception {
        ByteBuf bytes = FrameWriter.onewayRequest(
                Frames.UNTRACKED,
                type,
                -5,
                Answer.of(1013, "Grüße \"\n")
                        .with("brokerName", "bröker \"1\"\\")
                        .with("appliedBrokerId", Long.MAX_VALUE)
                        .withBody(new byte[] {1, 2, 3}));

        IncomingFrame frame = new FrameReader().read(bytes, FrameReader.MAX_FRAME_BYTES);

        assertEquals(1013, frame.code());
        assertEquals(-5, frame.opaque());
        assertTrue(frame.isOneway());
        assertEquals("bröker \"1\"\\", frame.text(Field.BROKER_NAME));
        assertEquals(Long.MAX_VALUE, frame.number(Field.APPLIED_BROKER_ID));
        assertEquals("010203", ByteBufUtil.hexDump(frame.body()));
    }

    private static Answer replicaInfo() {
        return Answer.success()
                .with("masterAddress", "127.0.0.1:10911")
                .with("masterBrokerId", 1)
                .with("masterEpoch", 3)
                .withBody(SET);
    }

    /** The captured frames have an opaque of one digit, or of two as their order says; one digit is what is compared. */
    private static void assertSizes(int json, int binary, Answer message, int flag) {
        int opaque = 0;
        assertEquals(binary, sizeOf(HeaderType.BINARY, message, opaque, flag));
        int jsonSize = sizeOf(HeaderType.JSON, message, opaque, flag);
        assertTrue(jsonSize == json || jsonSize == json - 1, jsonSize + " instead of " + json);
    }

    private static int sizeOf(HeaderType type, Answer message, int opaque, int flag) {
        return FrameWriter.write(Frames.UNTRACKED, type, message, opaque, flag).readableBytes();
    }

    private static ByteBuf write(HeaderType type, int opaque, Answer answer) {
        return FrameWriter.response(Frames.UNTRACKED, type, opaque, answer);
    }

    private static String field(String name, String value) {
        return String.format("%04x", name.length()) + hex(name) + String.format("%08x", value.length()) + hex(value);
    }

    private static String hex(String text) {
        return ByteBufUtil.hexDump(text.getBytes(StandardCharsets.UTF_8));
    }
}
