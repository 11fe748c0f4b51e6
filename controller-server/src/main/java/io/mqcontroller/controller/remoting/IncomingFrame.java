package io.mqcontroller.controller.remoting;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * One received frame, decoded as far as anybody reads it. A connection has one and fills it again for each frame, so that
 * a heartbeat leaves no garbage behind: what it holds is valid until the next frame is read, and only on the connection's
 * event loop.
 */
final class IncomingFrame {
    /** No name, address or list of ids that makes sense is longer. */
    private static final int MAX_TEXT_LENGTH = 4096;

    private static final int RESPONSE_FLAG = 1;
    private static final int ONEWAY_FLAG = 2;

    private final String[] texts = new String[Field.values().length];
    private final long[] numbers = new long[Field.values().length];
    private final char[] shortValue = new char[24];
    private HeaderType headerType;
    private int code;
    private int opaque;
    private int flag;
    private ByteBuf body = Unpooled.EMPTY_BUFFER;
    private int present;
    private int unreadable;

    /** Forgets the frame before; its texts stay as candidates, for the next frame mostly repeats them. */
    void reset(HeaderType type) {
        headerType = type;
        code = 0;
        opaque = 0;
        flag = 0;
        body = Unpooled.EMPTY_BUFFER;
        present = 0;
        unreadable = 0;
    }

    HeaderType headerType() {
        return headerType;
    }

    int code() {
        return code;
    }

    int opaque() {
        return opaque;
    }

    boolean isResponse() {
        return (flag & RESPONSE_FLAG) != 0;
    }

    boolean isOneway() {
        return (flag & ONEWAY_FLAG) != 0;
    }

    /** A view of the input, empty when the frame has no body; not to be kept. */
    ByteBuf body() {
        return body;
    }

    boolean has(Field field) {
        return (present & field.bit()) != 0;
    }

    /** There, but not a value of its kind. */
    boolean isUnreadable(Field field) {
        return (unreadable & field.bit()) != 0;
    }

    String text(Field field) {
        return texts[field.ordinal()];
    }

    long number(Field field) {
        return numbers[field.ordinal()];
    }

    boolean flag(Field field) {
        return numbers[field.ordinal()] != 0;
    }

    void setCode(int newCode) {
        code = newCode;
    }

    void setOpaque(int newOpaque) {
        opaque = newOpaque;
    }

    void setFlag(int newFlag) {
        flag = newFlag;
    }

    void setBody(ByteBuf newBody) {
        body = newBody;
    }

    /** Room for a number or a flag on its way into {@link #setValue}. */
    char[] shortValue() {
        return shortValue;
    }

    /** @return false when the field was there already */
    boolean markPresent(Field field) {
        boolean first = !has(field);
        present |= field.bit();
        return first;
    }

    void markUnreadable(Field field) {
        unreadable |= field.bit();
    }

    void setValue(Field field, char[] chars, int offset, int length) {
        if (field.kind() == Field.Kind.TEXT) {
            setText(field, chars, offset, length);
        } else if (field.kind() == Field.Kind.FLAG) {
            setBoolean(field, chars, offset, length);
        } else {
            setNumber(field, chars, offset, length);
        }
    }

    void setTextUtf8(Field field, byte[] bytes, int offset, int length) {
        if (length > MAX_TEXT_LENGTH) {
            markUnreadable(field);
            return;
        }
        String known = texts[field.ordinal()];
        if (known != null && isAscii(known, bytes, offset, length)) {
            return;
        }
        String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0) {
            markUnreadable(field);
        } else {
            texts[field.ordinal()] = text;
        }
    }

    private void setText(Field field, char[] chars, int offset, int length) {
        if (length > MAX_TEXT_LENGTH) {
            markUnreadable(field);
            return;
        }
        String known = texts[field.ordinal()];
        if (known == null || !isSame(known, chars, offset, length)) {
            texts[field.ordinal()] = new String(chars, offset, length);
        }
    }

    private void setBoolean(Field field, char[] chars, int offset, int length) {
        if (isSame("true", chars, offset, length)) {
            numbers[field.ordinal()] = 1;
        } else if (isSame("false", chars, offset, length)) {
            numbers[field.ordinal()] = 0;
        } else {
            markUnreadable(field);
        }
    }

    /** Sums up below zero, where the range is larger by one. */
    private void setNumber(Field field, char[] chars, int offset, int length) {
        boolean negative = length > 0 && chars[offset] == '-';
        int digits = negative ? length - 1 : length;
        if (digits < 1 || digits > 19) {
            markUnreadable(field);
            return;
        }
        long sum = 0;
        for (int i = offset + length - digits; i < offset + length; i++) {
            int digit = chars[i] - '0';
            if (digit < 0 || digit > 9 || sum < (Long.MIN_VALUE + digit) / 10) {
                markUnreadable(field);
                return;
            }
            sum = sum * 10 - digit;
        }
        if (!negative && sum == Long.MIN_VALUE) {
            markUnreadable(field);
            return;
        }
        numbers[field.ordinal()] = negative ? sum : -sum;
    }

    private static boolean isSame(String known, char[] chars, int offset, int length) {
        if (known.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (known.charAt(i) != chars[offset + i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAscii(String known, byte[] bytes, int offset, int length) {
        if (known.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (bytes[offset + i] < 0 || known.charAt(i) != bytes[offset + i]) {
                return false;
            }
        }
        return true;
    }
}
