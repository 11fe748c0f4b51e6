package io.mqcontroller.controller.remoting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {
    private static final String GET_REPLICA_INFO_BINARY = "0000002a 01 000026 03ec 00 01df 00000001 00000000 00000000"
            + "00000011 000a 62726f6b65724e616d65 00000001 62";

    private final FrameReader reader = new FrameReader();

    @Test
    void readsTheCapturedBinaryRequest() throws Exception {
        IncomingFrame frame = read(Frames.hex(GET_REPLICA_INFO_BINARY));

        assertEquals(HeaderType.BINARY, frame.headerType());
        assertEquals(RequestCode.GET_REPLICA_INFO, frame.code());
        assertEquals(1, frame.opaque());
        assertFalse(frame.isOneway());
        assertFalse(frame.isResponse());
        assertEquals("b", frame.text(Field.BROKER_NAME));
        assertFalse(frame.has(Field.CLUSTER_NAME));
        assertEquals(0, frame.body().readableBytes());
    }

    @Test
    void readsTheCapturedJsonRequest() throws Exception {
        ByteBuf bytes = Frames.json(
                "{\"code\":1004,\"extFields\":{\"brokerName\":\"b\"},\"flag\":0,\"language\":\"JAVA\",\"opaque\":1,"
                        + "\"serializeTypeCurrentRPC\":\"JSON\",\"version\":479}",
                "");
        assertEquals(0x85, bytes.getInt(0));

        IncomingFrame frame = read(bytes);

        assertEquals(HeaderType.JSON, frame.headerType());
        assertEquals(RequestCode.GET_REPLICA_INFO, frame.code());
        assertEquals(1, frame.opaque());
        assertEquals("b", frame.text(Field.BROKER_NAME));
    }

    @ParameterizedTest
    @EnumSource(HeaderType.class)
    void readsAHeartbeatInFullAndKeepsItsTexts(HeaderType type) throws Exception {
        IncomingFrame frame = read(heartbeat(type));
        String name = frame.text(Field.BROKER_NAME);
        assertEquals("broker-a", name);
        assertEquals("127.0.0.1:10911", frame.text(Field.BROKER_ADDR));
        assertEquals(3, frame.number(Field.BROKER_ID));
        assertEquals(-1, frame.number(Field.EPOCH));
        assertEquals(Long.MAX_VALUE, frame.number(Field.MAX_OFFSET));
        assertEquals(Long.MIN_VALUE, frame.number(Field.CONFIRM_OFFSET));
        assertTrue(frame.isOneway());

        assertSame(name, read(heartbeat(type)).text(Field.BROKER_NAME));
    }

    @ParameterizedTest
    @EnumSource(HeaderType.class)
    void keepsNothingOfTheFrameBefore(HeaderType type) throws Exception {
        read(heartbeat(type));

        IncomingFrame frame = read(Frames.request(type, 1004, 2, ""));

        for (Field field : Field.values()) {
            assertFalse(frame.has(field), field.wireName());
            assertFalse(frame.isUnreadable(field), field.wireName());
        }
        assertEquals(0, frame.body().readableBytes());
    }

    @ParameterizedTest
    @EnumSource(HeaderType.class)
    void aFrameThatComesByteByByteWorks(HeaderType type) throws Exception {
        ByteBuf whole = Frames.request(type, 1001, 7, "{\"syncStateSet\":[1]}", "brokerName", "b");
        ByteBuf arrived = Unpooled.buffer();
        while (whole.readableBytes() > 1) {
            arrived.writeByte(whole.readByte());
            assertNull(reader.read(arrived, FrameReader.MAX_FRAME_BYTES));
        }
        arrived.writeByte(whole.readByte());

        IncomingFrame frame = reader.read(arrived, FrameReader.MAX_FRAME_BYTES);

        assertNotNull(frame);
        assertEquals("{\"syncStateSet\":[1]}", Frames.body(frame));
        assertEquals(0, arrived.readableBytes());
    }

    @Test
    void readsPipelinedFramesOneByOne() throws Exception {
        ByteBuf in = Unpooled.buffer();
        for (int opaque = 0; opaque < 10; opaque++) {
            HeaderType type = opaque % 2 == 0 ? HeaderType.JSON : HeaderType.BINARY;
            in.writeBytes(Frames.request(type, 1004, opaque, "", "brokerName", "b" + opaque));
        }
        for (int opaque = 0; opaque < 10; opaque++) {
            IncomingFrame frame = reader.read(in, FrameReader.MAX_FRAME_BYTES);
            assertEquals(opaque, frame.opaque());
            assertEquals("b" + opaque, frame.text(Field.BROKER_NAME));
        }
        assertNull(reader.read(in, FrameReader.MAX_FRAME_BYTES));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, -1, Integer.MIN_VALUE, -4})
    void refusesALengthThatNoFrameCanHaveAfterFourBytes(int length) {
        assertMalformed(ClosedBecause.BAD_LENGTH, Unpooled.buffer().writeInt(length));
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MAX_VALUE, FrameReader.MAX_FRAME_BYTES, FrameReader.MAX_FRAME_BYTES - 3})
    void refusesAnOversizedFrameAfterFourBytes(int length) {
        assertMalformed(ClosedBecause.OVERSIZED_FRAME, Unpooled.buffer().writeInt(length));
    }

    @Test
    void waitsForAFrameOfExactlyTheLimit() throws Exception {
        ByteBuf in = Unpooled.buffer().writeInt(FrameReader.MAX_FRAME_BYTES - 4).writeInt(10);
        assertNull(reader.read(in, FrameReader.MAX_FRAME_BYTES));
        assertEquals(8, in.readableBytes());
    }

    @Test
    void refusesAHeaderLongerThanItsFrameAfterEightBytes() {
        assertMalformed(
                ClosedBecause.BAD_HEADER_LENGTH, Unpooled.buffer().writeInt(100).writeInt(97));
    }

    @Test
    void refusesAHeaderOverItsLimitAfterEightBytes() {
        assertMalformed(
                ClosedBecause.BAD_HEADER_LENGTH,
                Unpooled.buffer().writeInt(1 << 20).writeInt(FrameReader.MAX_HEADER_BYTES + 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 127, 255})
    void refusesAnUnknownHeaderTypeAfterEightBytes(int type) {
        assertMalformed(
                ClosedBecause.UNKNOWN_HEADER_TYPE,
                Unpooled.buffer().writeInt(100).writeInt(type << 24 | 50));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "[]",
                "null",
                "{",
                "{}",
                "{\"code\":1004}",
                "{\"opaque\":1}",
                "{\"code\":\"1004\",\"opaque\":1}",
                "{\"code\":1004.5,\"opaque\":1}",
                "{\"code\":99999999999,\"opaque\":1}",
                "{\"code\":1004,\"opaque\":null}",
                "{\"code\":1004,\"opaque\":1,\"code\":1001}",
                "{\"code\":1004,\"opaque\":1,\"opaque\":1}",
                "{\"code\":1004,\"opaque\":1,\"extFields\":[]}",
                "{\"code\":1004,\"opaque\":1,\"extFields\":\"x\"}",
                "{\"code\":1004,\"opaque\":1,\"extFields\":{},\"extFields\":{}}",
                "{\"code\":1004,\"opaque\":1,\"extFields\":{\"brokerName\":\"a\",\"brokerName\":\"b\"}}",
                "{\"code\":1004,\"opaque\":1}{}",
                "{\"code\":1004,\"opaque\":1,}",
                "{\"code\":1004,\"opaque\":1,\"a\":[[[[[[[[[[1]]]]]]]]]]}",
                "{\"code\":1004,\"opaque\":1,\"extFields\":{\"brokerName\":\"\u0001\"}}",
            })
    void refusesJsonThatIsNoHeader(String header) {
        assertMalformed(ClosedBecause.BAD_HEADER, Frames.json(header, ""));
    }

    @Test
    void refusesJsonWhoseTextIsNotUtf8() {
        byte[] header = "{\"code\":1004,\"opaque\":1,\"extFields\":{\"brokerName\":\"?\"}}"
                .getBytes(StandardCharsets.ISO_8859_1);
        header[header.length - 4] = (byte) 0xff;
        assertMalformed(ClosedBecause.BAD_HEADER, Frames.raw(0, header, ""));
    }

    @Test
    void skipsMembersAndFieldsThatNobodyReads() throws Exception {
        IncomingFrame frame = read(Frames.json(
                "{\"a\":{\"b\":[1,{}]},\"code\":1004,\"opaque\":5,\"extFields\":{\"Signature\":\"x\",\"AccessKey\":\"y\","
                        + "\"deep\":[1,[2]],\"brokerName\":\"b\",\"__ZONE_NAME\":null,\"clusterName\":null}}",
                ""));
        assertEquals("b", frame.text(Field.BROKER_NAME));
        assertFalse(frame.has(Field.CLUSTER_NAME));
    }

    @Test
    void takesNumbersAndFlagsThatAreNotQuoted() throws Exception {
        IncomingFrame frame = read(Frames.json(
                "{\"code\":1002,\"opaque\":5,\"extFields\":{\"brokerId\":12,\"designateElect\":true}}", ""));
        assertEquals(12, frame.number(Field.BROKER_ID));
        assertTrue(frame.flag(Field.DESIGNATE_ELECT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "x",
                "1x",
                "1.0",
                "1e3",
                "+1",
                " 1",
                "0x10",
                "9223372036854775808",
                "-9223372036854775809",
                "00000000000000000001",
                "١"
            })
    void marksWhatIsNoNumber(String value) throws Exception {
        IncomingFrame frame = read(Frames.request(HeaderType.JSON, 904, 1, "", "brokerId", value));
        assertTrue(frame.isUnreadable(Field.BROKER_ID));
        if (!value.isEmpty()) {
            frame = read(Frames.request(HeaderType.BINARY, 904, 1, "", "brokerId", value));
            assertTrue(frame.isUnreadable(Field.BROKER_ID));
        }
    }

    @Test
    void anEmptyValueOfABinaryHeaderIsNone() throws Exception {
        IncomingFrame frame = read(Frames.request(HeaderType.BINARY, 904, 1, "", "brokerId", "", "brokerName", ""));
        assertFalse(frame.has(Field.BROKER_ID));
        assertFalse(frame.has(Field.BROKER_NAME));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // shorter than its fixed part
                "03ec 00 01df 00000001 00000000 00000000 000000",
                // remark longer than the header, and of negative length
                "03ec 00 01df 00000001 00000000 00000005 00000000",
                "03ec 00 01df 00000001 00000000 ffffffff 00000000",
                // fields longer than the header, of negative length, and shorter than what follows
                "03ec 00 01df 00000001 00000000 00000000 00000001",
                "03ec 00 01df 00000001 00000000 00000000 ffffffff",
                "03ec 00 01df 00000001 00000000 00000000 00000000 00",
                // a field that ends in its name length, in its name, before its value length
                "03ec 00 01df 00000001 00000000 00000000 00000001 00",
                "03ec 00 01df 00000001 00000000 00000000 00000003 0002 61",
                "03ec 00 01df 00000001 00000000 00000000 00000005 0001 61 0000",
                // name and value of negative length, value longer than the header
                "03ec 00 01df 00000001 00000000 00000000 00000006 ffff 00000000",
                "03ec 00 01df 00000001 00000000 00000000 00000007 0001 61 ffffffff",
                "03ec 00 01df 00000001 00000000 00000000 00000007 0001 61 00000001",
                // brokerId twice
                "03ec 00 01df 00000001 00000000 00000000 0000001e"
                        + "0008 62726f6b65724964 00000001 31 0008 62726f6b65724964 00000001 32",
            })
    void refusesABinaryHeaderWhoseLengthsDoNotAddUp(String header) {
        byte[] bytes = Frames.hex(header).array();
        assertMalformed(ClosedBecause.BAD_HEADER, Frames.raw(1, bytes, ""));
    }

    @Test
    void marksBinaryTextThatIsNotUtf8() throws Exception {
        IncomingFrame frame = read(Frames.raw(
                1,
                Frames.hex("03ec 00 01df 00000001 00000000 00000000 00000011 000a 62726f6b65724e616d65 00000001 ff")
                        .array(),
                ""));
        assertTrue(frame.isUnreadable(Field.BROKER_NAME));
    }

    @ParameterizedTest
    @EnumSource(HeaderType.class)
    void marksATextOfAbsurdLength(HeaderType type) throws Exception {
        IncomingFrame frame = read(Frames.request(type, 904, 1, "", "brokerName", "x".repeat(5000)));
        assertTrue(frame.isUnreadable(Field.BROKER_NAME));
    }

    @Test
    void anyBytesAreAFrameOrMalformedAndNothingElse() {
        int frames = 0;
        int malformed = 0;
        for (long seed = 0; seed < 100_000; seed++) {
            Random random = new Random(seed);
            ByteBuf bytes = random.nextInt(4) == 0 ? garbage(random) : damaged(random);
            try {
                frames += new FrameReader().read(bytes, FrameReader.MAX_FRAME_BYTES) == null ? 0 : 1;
            } catch (MalformedFrameException e) {
                malformed++;
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertTrue(frames > 1000, "frames " + frames);
        assertTrue(malformed > 10_000, "malformed " + malformed);
    }

    /** Random bytes, mostly behind a sound length so that they reach the header. */
    private static ByteBuf garbage(Random random) {
        byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        return random.nextInt(5) == 0 ? Unpooled.wrappedBuffer(bytes) : Frames.raw(random.nextInt(2), bytes, "");
    }

    private static ByteBuf damaged(Random random) {
        ByteBuf bytes = heartbeat(random.nextBoolean() ? HeaderType.JSON : HeaderType.BINARY);
        for (int i = random.nextInt(3); i >= 0; i--) {
            bytes.setByte(random.nextInt(bytes.writerIndex()), random.nextInt(256));
        }
        return bytes;
    }

    private static ByteBuf heartbeat(HeaderType type) {
        return Frames.message(
                type,
                RequestCode.BROKER_HEARTBEAT,
                1,
                FrameWriter.ONEWAY_REQUEST,
                "",
                "brokerAddr",
                "127.0.0.1:10911",
                "brokerId",
                "3",
                "brokerName",
                "broker-a",
                "confirmOffset",
                Long.toString(Long.MIN_VALUE),
                "epoch",
                "-1",
                "maxOffset",
                Long.toString(Long.MAX_VALUE));
    }

    private IncomingFrame read(ByteBuf bytes) throws MalformedFrameException {
        IncomingFrame frame = reader.read(bytes, FrameReader.MAX_FRAME_BYTES);
        assertNotNull(frame);
        assertEquals(0, bytes.readableBytes());
        return frame;
    }

    private void assertMalformed(ClosedBecause reason, ByteBuf bytes) {
        MalformedFrameException e =
                assertThrows(MalformedFrameException.class, () -> reader.read(bytes, FrameReader.MAX_FRAME_BYTES));
        assertEquals(reason, e.reason(), e.getMessage());
    }
}
