package io.mqcontroller.raft.codec;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.mqcontroller.raft.core.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** {@link Bytes} to protobuf's {@link ByteString} and back; both are immutable, so they may share an array. */
final class ByteStrings {
    private ByteStrings() {}

    static ByteString of(Bytes bytes) {
        return bytes.isEmpty() ? ByteString.EMPTY : UnsafeByteOperations.unsafeWrap(bytes.asReadOnlyBuffer());
    }

    /** Without a copy if {@code string} stands alone in its array, as what protobuf parsed from a stream does. */
    static Bytes toBytes(ByteString string) {
        if (string.isEmpty()) {
            return Bytes.EMPTY;
        }
        WholeArray whole = new WholeArray();
        try {
            UnsafeByteOperations.unsafeWriteTo(string, whole);
        } catch (IOException impossible) {
            throw new UncheckedIOException("an output in memory failed", impossible);
        }
        return Bytes.wrap(whole.found != null ? whole.found : string.toByteArray());
    }

    /** Looks whether all the content comes as one whole array. */
    private static final class WholeArray extends ByteOutput {
        private byte[] found;

        @Override
        public void writeLazy(byte[] value, int offset, int length) {
            if (offset == 0 && length == value.length) {
                found = value;
            }
        }

        // The other ways give content that is not ours to keep, or not one array: it is copied then.

        @Override
        public void write(byte value) {}

        @Override
        public void write(byte[] value, int offset, int length) {}

        @Override
        public void write(ByteBuffer value) {}

        @Override
        public void writeLazy(ByteBuffer value) {}
    }
}
