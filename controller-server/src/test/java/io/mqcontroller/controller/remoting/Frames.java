package io.mqcontroller.controller.remoting;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;

/** Makes frames for tests, sound ones and others. */
final class Frames {
    /** Frames of tests live on the heap and need no release, so nobody looks for leaks of them. */
    static final ByteBufAllocator UNTRACKED = new UnpooledByteBufAllocator(false, true);

    private Frames() {}

    static ByteBuf hex(String hex) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex.replaceAll("\\s", "")));
    }

    /** Fields as names and values in turn. */
    static ByteBuf request(HeaderType type, int code, int opaque, String body, String... namesAndValues) {
        return message(type, code, opaque, FrameWriter.REQUEST, body, namesAndValues);
    }

    static ByteBuf message(HeaderType type, int code, int opaque, int flag, String body, String... namesAndValues) {
        Answer message = Answer.of(code, "").withBody(body.getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            message.with(namesAndValues[i], namesAndValues[i + 1]);
        }
        return FrameWriter.write(UNTRACKED, type, message, opaque, flag);
    }

    static ByteBuf json(String header, String body) {
        return raw(HeaderType.JSON.wire(), header.getBytes(StandardCharsets.UTF_8), body);
    }

    static ByteBuf raw(int type, byte[] header, String body) {
        byte[] bodyBytes = body.getBytes(StandardCharsets.UTF_8);
        return Unpooled.buffer()
                .writeInt(4 + header.length + bodyBytes.length)
                .writeInt(type << 24 | header.length)
                .writeBytes(header)
                .writeBytes(bodyBytes);
    }

    static String body(IncomingFrame frame) {
        return frame.body().toString(StandardCharsets.UTF_8);
    }
}
