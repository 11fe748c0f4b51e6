package io.mqcontroller.controller.remoting;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** An answer as a broker would see it, read without the code under test. */
record ReceivedAnswer(
        HeaderType type, int code, int opaque, int flag, String remark, Map<String, String> fields, String body) {
    /** Reads one whole frame, or returns null when {@code in} does not hold one. */
    static ReceivedAnswer read(ByteBuf in) {
        if (in.readableBytes() < 8 || in.readableBytes() < 4 + in.getInt(in.readerIndex())) {
            return null;
        }
        int length = in.readInt();
        int type = in.readUnsignedByte();
        ByteBuf header = in.readSlice(in.readUnsignedMedium());
        int headerLength = header.readableBytes();
        String body = in.readSlice(length - 4 - headerLength).toString(StandardCharsets.UTF_8);
        try {
            return type == 0 ? json(header, body) : binary(header, body);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static ReceivedAnswer json(ByteBuf header, String body) throws IOException {
        Map<String, String> members = new TreeMap<>();
        Map<String, String> fields = null;
        try (JsonParser parser = Json.parser(header)) {
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                if (parser.nextToken() == JsonToken.START_OBJECT) {
                    fields = new TreeMap<>();
                    while (parser.nextToken() != JsonToken.END_OBJECT) {
                        fields.put(parser.currentName(), parser.nextTextValue());
                    }
                } else {
                    members.put(name, parser.getText());
                }
            }
        }
        return new ReceivedAnswer(
                HeaderType.JSON,
                Integer.parseInt(members.get("code")),
                Integer.parseInt(members.get("opaque")),
                Integer.parseInt(members.get("flag")),
                members.getOrDefault("remark", ""),
                fields,
                body);
    }

    private static ReceivedAnswer binary(ByteBuf header, String body) {
        int code = header.readShort();
        header.skipBytes(3);
        int opaque = header.readInt();
        int flag = header.readInt();
        String remark = text(header, header.readInt());
        int fieldBytes = header.readInt();
        Map<String, String> fields = fieldBytes == 0 ? null : new TreeMap<>();
        while (header.isReadable()) {
            fields.put(text(header, header.readShort()), text(header, header.readInt()));
        }
        return new ReceivedAnswer(HeaderType.BINARY, code, opaque, flag, remark, fields, body);
    }

    private static String text(ByteBuf bytes, int length) {
        return bytes.readCharSequence(length, StandardCharsets.UTF_8).toString();
    }
}
