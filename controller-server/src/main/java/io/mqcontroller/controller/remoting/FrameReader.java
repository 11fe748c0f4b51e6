package io.mqcontroller.controller.remoting;

import io.netty.buffer.ByteBuf;

/**
 * Cuts frames out of a stream of bytes: {@code length(4) header-type(1) header-length(3) header body}, where {@code length}
 * counts everything behind itself. What a frame claims is checked as soon as it has been read, long before it is believed.
 */
final class FrameReader {
    /** RocketMQ's own limit, with the length field counted. */
    static final int MAX_FRAME_BYTES = 16 * 1024 * 1024;

    /** No header of a broker or of {@code mqadmin} comes near it. */
    static final int MAX_HEADER_BYTES = 64 * 1024;

    private static final int SMALL_HEADER_BYTES = 1024;

    private final IncomingFrame frame = new IncomingFrame();
    private byte[] smallHeader = {};

    /**
     * Reads the next frame, if it is there in full.
     *
     * @param maxFrameBytes with the length field counted
     * @return null while bytes are missing; else the frame, valid until the next call and while {@code in} is not touched
     */
    IncomingFrame read(ByteBuf in, int maxFrameBytes) throws MalformedFrameException {
        if (in.readableBytes() < Integer.BYTES) {
            return null;
        }
        int begin = in.readerIndex();
        int length = in.getInt(begin);
        checkLength(length, maxFrameBytes);
        if (in.readableBytes() < 2 * Integer.BYTES) {
            return null;
        }
        int typeAndHeaderLength = in.getInt(begin + Integer.BYTES);
        HeaderType type = headerType(typeAndHeaderLength >>> 24);
        int headerLength = typeAndHeaderLength & 0xffffff;
        checkHeaderLength(headerLength, length);
        if (in.readableBytes() - Integer.BYTES < length) {
            return null;
        }
        int headerBegin = begin + 2 * Integer.BYTES;
        readHeader(in, type, headerBegin, headerLength);
        int bodyLength = length - Integer.BYTES - headerLength;
        if (bodyLength > 0) {
            frame.setBody(in.slice(headerBegin + headerLength, bodyLength));
        }
        in.skipBytes(Integer.BYTES + length);
        return frame;
    }

    private static void checkLength(int length, int maxFrameBytes) throws MalformedFrameException {
        if (length < Integer.BYTES) {
            throw new MalformedFrameException(ClosedBecause.BAD_LENGTH, "a frame cannot be " + length + " bytes long");
        }
        if (length > maxFrameBytes - Integer.BYTES) {
            throw new MalformedFrameException(
                    ClosedBecause.OVERSIZED_FRAME,
                    "a frame of " + length + " bytes is over the limit of " + maxFrameBytes);
        }
    }

    private static void checkHeaderLength(int headerLength, int length) throws MalformedFrameException {
        if (headerLength > length - Integer.BYTES || headerLength > MAX_HEADER_BYTES) {
            throw new MalformedFrameException(
                    ClosedBecause.BAD_HEADER_LENGTH,
                    "a header of " + headerLength + " bytes does not fit into a frame of " + length
                            + " or is over the limit of " + MAX_HEADER_BYTES);
        }
    }

    private static HeaderType headerType(int wire) throws MalformedFrameException {
        if (wire == HeaderType.JSON.wire()) {
            return HeaderType.JSON;
        }
        if (wire == HeaderType.BINARY.wire()) {
            return HeaderType.BINARY;
        }
        throw new MalformedFrameException(
                ClosedBecause.UNKNOWN_HEADER_TYPE, "header type " + wire + " is neither 0 (JSON) nor 1 (binary)");
    }

    private void readHeader(ByteBuf in, HeaderType type, int begin, int length) throws MalformedFrameException {
        byte[] bytes = headerBytes(length);
        in.getBytes(begin, bytes, 0, length);
        frame.reset(type);
        if (type == HeaderType.JSON) {
            JsonHeaderReader.read(bytes, 0, length, frame);
        } else {
            BinaryHeaderReader.read(bytes, 0, length, frame);
        }
    }

    /** Only a small array is kept: there may be many thousand connections. */
    private byte[] headerBytes(int length) {
        if (length > SMALL_HEADER_BYTES) {
            return new byte[length];
        }
        if (smallHeader.length < length) {
            smallHeader = new byte[SMALL_HEADER_BYTES];
        }
        return smallHeader;
    }
}
