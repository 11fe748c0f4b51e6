package io.mqcontroller.controller.remoting;

import java.nio.ByteBuffer;

/**
 * Reads a binary header: code (2 bytes), language (1), version (2), opaque (4), flag (4), remark (4 + n), fields (4 + m),
 * each field as name (2 + n) and value (4 + n). All lengths must add up to exactly the header.
 */
final class BinaryHeaderReader {
    private static final int FIXED_BYTES = 2 + 1 + 2 + 4 + 4 + 4 + 4;
    private static final int LANGUAGE_AND_VERSION_BYTES = 3;

    private BinaryHeaderReader() {}

    static void read(byte[] bytes, int offset, int length, IncomingFrame into) throws MalformedFrameException {
        if (length < FIXED_BYTES) {
            throw malformed("a binary header has at least " + FIXED_BYTES + " bytes, not " + length);
        }
        ByteBuffer header = ByteBuffer.wrap(bytes, offset, length);
        into.setCode(header.getShort());
        skip(header, LANGUAGE_AND_VERSION_BYTES);
        into.setOpaque(header.getInt());
        into.setFlag(header.getInt());
        skip(header, lengthWithin(header, header.getInt(), Integer.BYTES, "remark"));
        int fieldBytes = lengthWithin(header, header.getInt(), 0, "extFields");
        if (fieldBytes != header.remaining()) {
            throw malformed("there is more behind the fields of the header");
        }
        while (header.hasRemaining()) {
            readField(header, into);
        }
    }

    private static void readField(ByteBuffer header, IncomingFrame into) throws MalformedFrameException {
        int nameLength = header.remaining() < Short.BYTES ? -1 : header.getShort();
        int nameOffset = skip(header, lengthWithin(header, nameLength, Integer.BYTES, "name of a field"));
        int valueLength = lengthWithin(header, header.getInt(), 0, "value of a field");
        int valueOffset = skip(header, valueLength);
        Field field = Field.named(header.array(), nameOffset, nameLength);
        // RocketMQ reads an empty value as none at all.
        if (field == null || valueLength == 0) {
            return;
        }
        if (!into.markPresent(field)) {
            throw malformed(field.wireName() + " appears twice");
        }
        if (field.kind() == Field.Kind.TEXT) {
            into.setTextUtf8(field, header.array(), valueOffset, valueLength);
        } else {
            setShortValue(field, header.array(), valueOffset, valueLength, into);
        }
    }

    private static void setShortValue(Field field, byte[] bytes, int offset, int length, IncomingFrame into) {
        if (length > into.shortValue().length) {
            into.markUnreadable(field);
            return;
        }
        for (int i = 0; i < length; i++) {
            into.shortValue()[i] = (char) (bytes[offset + i] & 0xff);
        }
        into.setValue(field, into.shortValue(), 0, length);
    }

    /** @param reserve bytes that must follow what the length counts */
    private static int lengthWithin(ByteBuffer header, int length, int reserve, String what)
            throws MalformedFrameException {
        if (length < 0 || length > header.remaining() - reserve) {
            throw malformed("the " + what + " does not fit into the header");
        }
        return length;
    }

    /** @return where the skipped bytes begin */
    private static int skip(ByteBuffer header, int length) {
        int begin = header.position();
        header.position(begin + length);
        return begin;
    }

    private static MalformedFrameException malformed(String message) {
        return new MalformedFrameException(ClosedBecause.BAD_HEADER, message);
    }
}
