package io.mqcontroller.controller.remoting;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** Writes frames in both header types, as {@link FrameReader} reads them. */
final class FrameWriter {
    /** {@code flag} of an answer, of a request that wants one, and of a request that does not. */
    static final int RESPONSE = 1;

    static final int REQUEST = 0;
    static final int ONEWAY_REQUEST = 2;

    /** Stands for RocketMQ 5.3.3: its brokers and tools say it, and nothing depends on it. */
    private static final int VERSION = 479;

    private static final int LANGUAGE_JAVA = 0;
    private static final int HEADER_BEGIN = 2 * Integer.BYTES;
    private static final int TYPICAL_FRAME_BYTES = 512;

    private static final SerializableString CODE = new SerializedString("code");
    private static final SerializableString EXT_FIELDS = new SerializedString("extFields");
    private static final SerializableString FLAG = new SerializedString("flag");
    private static final SerializableString LANGUAGE = new SerializedString("language");
    private static final SerializableString OPAQUE = new SerializedString("opaque");
    private static final SerializableString REMARK = new SerializedString("remark");
    private static final SerializableString SERIALIZE_TYPE = new SerializedString("serializeTypeCurrentRPC");
    private static final SerializableString VERSION_NAME = new SerializedString("version");

    private FrameWriter() {}

    static ByteBuf response(ByteBufAllocator allocator, HeaderType type, int opaque, Answer answer) {
        return write(allocator, type, answer, opaque, RESPONSE);
    }

    /** @param request its code, fields and body; requests and answers are written alike */
    static ByteBuf onewayRequest(ByteBufAllocator allocator, HeaderType type, int opaque, Answer request) {
        return write(allocator, type, request, opaque, ONEWAY_REQUEST);
    }

    static ByteBuf write(ByteBufAllocator allocator, HeaderType type, Answer message, int opaque, int flag) {
        ByteBuf frame = allocator.buffer(TYPICAL_FRAME_BYTES + message.body().length);
        frame.writeZero(HEADER_BEGIN);
        if (type == HeaderType.JSON) {
            writeJsonHeader(frame, message, opaque, flag);
        } else {
            writeBinaryHeader(frame, message, opaque, flag);
        }
        int headerLength = frame.readableBytes() - HEADER_BEGIN;
        frame.writeBytes(message.body());
        frame.setInt(0, frame.readableBytes() - Integer.BYTES);
        frame.setInt(Integer.BYTES, type.wire() << 24 | headerLength);
        return frame;
    }

    private static void writeJsonHeader(ByteBuf frame, Answer message, int opaque, int flag) {
        try (JsonGenerator json = Json.generator(new ByteBufOutputStream(frame))) {
            json.writeStartObject();
            json.writeFieldName(CODE);
            json.writeNumber(message.code());
            if (message.namesAndValues().isPresent()) {
                json.writeFieldName(EXT_FIELDS);
                writeJsonFields(json, message.namesAndValues().get());
            }
            json.writeFieldName(FLAG);
            json.writeNumber(flag);
            json.writeFieldName(LANGUAGE);
            json.writeString("JAVA");
            json.writeFieldName(OPAQUE);
            json.writeNumber(opaque);
            if (!message.remark().isEmpty()) {
                json.writeFieldName(REMARK);
                json.writeString(message.remark());
            }
            json.writeFieldName(SERIALIZE_TYPE);
            json.writeString("JSON");
            json.writeFieldName(VERSION_NAME);
            json.writeNumber(VERSION);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer in memory does not fail", e);
        }
    }

    private static void writeJsonFields(JsonGenerator json, List<String> namesAndValues) throws IOException {
        json.writeStartObject();
        for (int i = 0; i < namesAndValues.size(); i += 2) {
            json.writeStringField(namesAndValues.get(i), namesAndValues.get(i + 1));
        }
        json.writeEndObject();
    }

    private static void writeBinaryHeader(ByteBuf frame, Answer message, int opaque, int flag) {
        frame.writeShort(message.code());
        frame.writeByte(LANGUAGE_JAVA);
        frame.writeShort(VERSION);
        frame.writeInt(opaque);
        frame.writeInt(flag);
        writeIntPrefixed(frame, message.remark());
        int fieldsAt = frame.writerIndex();
        frame.writeInt(0);
        Optional<List<String>> namesAndValues = message.namesAndValues();
        for (int i = 0; namesAndValues.isPresent() && i < namesAndValues.get().size(); i += 2) {
            String name = namesAndValues.get().get(i);
            frame.writeShort(ByteBufUtil.utf8Bytes(name));
            ByteBufUtil.writeUtf8(frame, name);
            writeIntPrefixed(frame, namesAndValues.get().get(i + 1));
        }
        frame.setInt(fieldsAt, frame.writerIndex() - fieldsAt - Integer.BYTES);
    }

    private static void writeIntPrefixed(ByteBuf frame, String text) {
        frame.writeInt(ByteBufUtil.utf8Bytes(text));
        ByteBufUtil.writeUtf8(frame, text);
    }
}
