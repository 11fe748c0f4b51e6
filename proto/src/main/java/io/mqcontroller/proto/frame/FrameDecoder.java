package io.mqcontroller.proto.frame;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Cuts a connection into frames; hands on each payload as a {@link ByteBuf} that the next handler releases.
 *
 * <p>A length is checked before anything is kept for it: a frame beyond the limit ends the connection when its head has
 * come. Anything that is not a frame raises one {@link FrameException} in the pipeline and closes the connection; what comes
 * after it is thrown away.
 */
public final class FrameDecoder extends ByteToMessageDecoder {
    /** Of connections between controllers: "MQC" and version 1. */
    public static final int PEER_PREFACE = 0x4D51_4301;

    /** Of connections from agents and tools: "MQA" and version 1. */
    public static final int CLIENT_PREFACE = 0x4D51_4101;

    /** Longest payload. */
    public static final int MAX_PAYLOAD_BYTES = 16 << 20;

    /** Longest payload of the first frame: who has not said a sound word yet gets little memory. */
    public static final int MAX_FIRST_PAYLOAD_BYTES = 64 << 10;

    static final int HEAD_BYTES = 8;

    private enum State {
        PREFACE,
        FIRST_FRAME,
        FRAMES,
        FAILED
    }

    private final int expectedPreface;
    private final int maxPayloadBytes;
    private State state = State.PREFACE;

    /** @param expectedPreface that the connection must begin with, in either direction */
    public FrameDecoder(int expectedPreface) {
        this(expectedPreface, MAX_PAYLOAD_BYTES);
    }

    /**
     * For who expects short frames only.
     *
     * @param expectedPreface that the connection must begin with, in either direction
     * @param maxPayloadBytes of a frame after the first; at most {@link #MAX_PAYLOAD_BYTES}
     */
    public FrameDecoder(int expectedPreface, int maxPayloadBytes) {
        this.expectedPreface = expectedPreface;
        this.maxPayloadBytes = Math.min(maxPayloadBytes, MAX_PAYLOAD_BYTES);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        try {
            if (state == State.FAILED) {
                in.skipBytes(in.readableBytes());
            } else if (state == State.PREFACE) {
                readPreface(in);
            } else {
                readFrame(in, out);
            }
        } catch (FrameException broken) {
            state = State.FAILED;
            in.skipBytes(in.readableBytes());
            ctx.fireExceptionCaught(broken);
            ctx.close();
        }
    }

    private void readPreface(ByteBuf in) {
        if (in.readableBytes() < Integer.BYTES) {
            return;
        }
        int preface = in.readInt();
        if (preface != expectedPreface) {
            throw new FrameException(
                    String.format("a connection begins with %08x, this one began with %08x", expectedPreface, preface));
        }
        state = State.FIRST_FRAME;
    }

    private void readFrame(ByteBuf in, List<Object> out) {
        if (in.readableBytes() < HEAD_BYTES) {
            return;
        }
        int length = in.getInt(in.readerIndex());
        int limit = state == State.FIRST_FRAME ? MAX_FIRST_PAYLOAD_BYTES : maxPayloadBytes;
        if (length < 1 || length > limit) {
            throw new FrameException("a payload has 1 to " + limit + " bytes here, this one claims " + length);
        }
        if (in.readableBytes() < HEAD_BYTES + length) {
            return;
        }
        int expected = in.getInt(in.readerIndex() + Integer.BYTES);
        int found = checksumOf(in, in.readerIndex() + HEAD_BYTES, length);
        if (expected != found) {
            throw new FrameException(String.format(
                    "a frame of %d bytes has checksum %08x, its head says %08x", length, found, expected));
        }
        in.skipBytes(HEAD_BYTES);
        out.add(in.readRetainedSlice(length));
        state = State.FRAMES;
    }

    static int checksumOf(ByteBuf buffer, int index, int length) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.nioBuffer(index, length));
        return (int) crc.getValue();
    }
}
