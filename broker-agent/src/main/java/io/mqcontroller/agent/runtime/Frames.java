package io.mqcontroller.agent.runtime;

import com.google.protobuf.MessageLite;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.zip.CRC32C;

/**
 * Frames on a stream: 4 bytes length, 4 bytes CRC32C of the payload, payload; before the first one, in either direction, 4
 * bytes that name the protocol.
 */
final class Frames {
    /** "MQA" and version 1. */
    static final int PREFACE = 0x4D51_4101;

    /** Longest payload that is read: what a controller says of one group is far shorter. */
    static final int MAX_PAYLOAD_BYTES = 4 << 20;

    private Frames() {}

    static void writePreface(DataOutputStream out) throws IOException {
        out.writeInt(PREFACE);
    }

    static void readPreface(DataInputStream in) throws IOException {
        int preface = in.readInt();
        if (preface != PREFACE) {
            throw new IOException(
                    String.format("a controller begins with %08x, this one began with %08x", PREFACE, preface));
        }
    }

    static void write(DataOutputStream out, MessageLite message) throws IOException {
        byte[] payload = message.toByteArray();
        out.writeInt(payload.length);
        out.writeInt(checksumOf(payload));
        out.write(payload);
    }

    static byte[] read(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 1 || length > MAX_PAYLOAD_BYTES) {
            throw new IOException("a payload has 1 to " + MAX_PAYLOAD_BYTES + " bytes, this one claims " + length);
        }
        int expected = in.readInt();
        byte[] payload = in.readNBytes(length);
        if (payload.length < length) {
            throw new IOException("the connection ended within a frame");
        }
        int found = checksumOf(payload);
        if (found != expected) {
            throw new IOException(String.format(
                    "a frame of %d bytes has checksum %08x, its head says %08x", length, found, expected));
        }
        return payload;
    }

    private static int checksumOf(byte[] payload) {
        CRC32C crc = new CRC32C();
        crc.update(payload);
        return (int) crc.getValue();
    }
}
