package io.mqcontroller.proto.frame;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes prefaces and frames. */
public final class FrameWriter {
    private FrameWriter() {}

    /** The bytes that a connection begins with, in either direction. */
    public static ByteBuf preface(ByteBufAllocator allocator, int preface) {
        return allocator.buffer(Integer.BYTES).writeInt(preface);
    }

    /**
     * A frame with {@code message} as its payload, written straight into one buffer, which the caller releases.
     *
     * @throws IllegalArgumentException if the message is empty or longer than {@link FrameDecoder#MAX_PAYLOAD_BYTES}
     */
    public static ByteBuf frame(ByteBufAllocator allocator, MessageLite message) {
        int length = message.getSerializedSize();
        if (length < 1 || length > FrameDecoder.MAX_PAYLOAD_BYTES) {
            throw new IllegalArgumentException(
                    "a payload has 1 to " + FrameDecoder.MAX_PAYLOAD_BYTES + " bytes, this one has " + length);
        }
        ByteBuf frame = allocator.buffer(FrameDecoder.HEAD_BYTES + length);
        frame.writerIndex(FrameDecoder.HEAD_BYTES + length);
        CodedOutputStream out = CodedOutputStream.newInstance(frame.nioBuffer(FrameDecoder.HEAD_BYTES, length));
        try {
            message.writeTo(out);
            out.flush();
        } catch (IOException impossible) {
            frame.release();
            throw new UncheckedIOException("a buffer of the message's own size was too small for it", impossible);
        }
        frame.setInt(0, length);
        frame.setInt(Integer.BYTES, FrameDecoder.checksumOf(frame, FrameDecoder.HEAD_BYTES, length));
        return frame;
    }
}
