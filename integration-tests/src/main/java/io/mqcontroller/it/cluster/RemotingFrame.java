package io.mqcontroller.it.cluster;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * One frame of RocketMQ's remoting protocol, read and written straight from the protocol's description and on purpose
 * without the product's codec: what both agree on is then likely to be true.
 *
 * @param flag bit 0: an answer; bit 1: no answer is wanted
 * @param remark text for people, empty for none
 */
public record RemotingFrame(
        int code,
        int flag,
        int opaque,
        String remark,
        SortedMap<String, String> fields,
        byte[] body,
        HeaderType headerType) {

    /** How the header is written; answers may come in either. */
    public enum HeaderType {
        JSON,
        BINARY
    }

    private static final int VERSION_5_3_3 = 479;

    /** The whole frame with its length in front. */
    public byte[] encode() {
        byte[] header = headerType == HeaderType.JSON ? jsonHeader() : binaryHeader();
        ByteBuffer frame = ByteBuffer.allocate(8 + header.length + body.length);
        frame.putInt(4 + header.length + body.length);
        frame.putInt(headerType.ordinal() << 24 | header.length);
        return frame.put(header).put(body).array();
    }

    /** Reads a frame whose length has already been taken off. */
    public static RemotingFrame decode(byte[] bytes) {
        ByteBuffer frame = ByteBuffer.wrap(bytes);
        int typeAndLength = frame.getInt();
        byte[] header = new byte[typeAndLength & 0xFF_FFFF];
        frame.get(header);
        byte[] body = new byte[frame.remaining()];
        frame.get(body);
        return typeAndLength >>> 24 == HeaderType.JSON.ordinal()
                ? fromJson(new String(header, StandardCharsets.UTF_8), body)
                : fromBinary(ByteBuffer.wrap(header), body);
    }

    public String bodyText() {
        return new String(body, StandardCharsets.UTF_8);
    }

    private byte[] jsonHeader() {
        StringJoiner extFields = new StringJoiner(",", "{", "}");
        fields.forEach((key, value) -> extFields.add(Json.quote(key) + ":" + Json.quote(value)));
        String json = "{\"code\":" + code + ",\"extFields\":" + extFields + ",\"flag\":" + flag
                + ",\"language\":\"JAVA\",\"opaque\":" + opaque + ",\"serializeTypeCurrentRPC\":\"JSON\",\"version\":"
                + VERSION_5_3_3 + "}";
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private byte[] binaryHeader() {
        int fieldBytes = 0;
        for (Map.Entry<String, String> field : fields.entrySet()) {
            fieldBytes += 6 + utf8(field.getKey()).length + utf8(field.getValue()).length;
        }
        ByteBuffer header = ByteBuffer.allocate(21 + fieldBytes);
        header.putShort((short) code).put((byte) 0).putShort((short) VERSION_5_3_3);
        header.putInt(opaque).putInt(flag).putInt(0).putInt(fieldBytes);
        fields.forEach((key, value) -> {
            header.putShort((short) utf8(key).length).put(utf8(key));
            header.putInt(utf8(value).length).put(utf8(value));
        });
        return header.array();
    }

    private static RemotingFrame fromJson(String text, byte[] body) {
        Map<String, Object> header = Json.parseObject(text);
        SortedMap<String, String> fields = new TreeMap<>();
        if (header.get("extFields") instanceof Map<?, ?> extFields) {
            extFields.forEach((key, value) -> fields.put(key.toString(), String.valueOf(value)));
        }
        Object remark = header.get("remark");
        return new RemotingFrame(
                intOf(header.get("code")),
                intOf(header.get("flag")),
                intOf(header.get("opaque")),
                remark == null ? "" : remark.toString(),
                fields,
                body,
                HeaderType.JSON);
    }

    private static RemotingFrame fromBinary(ByteBuffer header, byte[] body) {
        int code = header.getShort();
        header.position(header.position() + 3);
        int opaque = header.getInt();
        int flag = header.getInt();
        String remark = text(header, header.getInt());
        SortedMap<String, String> fields = new TreeMap<>();
        int fieldBytes = header.getInt();
        int end = header.position() + fieldBytes;
        while (header.position() < end) {
            String key = text(header, header.getShort());
            fields.put(key, text(header, header.getInt()));
        }
        return new RemotingFrame(code, flag, opaque, remark, fields, body, HeaderType.BINARY);
    }

    private static String text(ByteBuffer buffer, int length) {
        byte[] bytes = new byte[length];
        buffer.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static int intOf(Object number) {
        return number instanceof Long value ? value.intValue() : 0;
    }
}
