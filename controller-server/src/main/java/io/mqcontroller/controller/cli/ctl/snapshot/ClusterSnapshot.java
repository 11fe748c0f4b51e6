package io.mqcontroller.controller.cli.ctl.snapshot;

import com.google.protobuf.CodedOutputStream;
import io.mqcontroller.controller.controller.replication.ReplicatedState;
import io.mqcontroller.controller.controller.replication.SnapshotCodec;
import io.mqcontroller.proto.snapshot.ClusterSnapshotHeader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A file with the state of a cluster, found to be whole. Its layout: {@code cluster_snapshot.proto}.
 *
 * @param hash SHA-256 of the file but for its last 32 bytes, which are the same; in hexadecimal digits
 */
public record ClusterSnapshot(ClusterSnapshotHeader header, ReplicatedState state, String hash, long fileBytes) {
    /** The version of the layout that is read and written. */
    public static final int VERSION = 1;

    static final int HASH_BYTES = 32;
    private static final byte[] MAGIC = {'M', 'Q', 'C', 'S', 'N', 'A', 'P', VERSION};

    static byte[] magic() {
        return MAGIC.clone();
    }

    /**
     * Reads all of a file, and checks it.
     *
     * @throws IOException if it can't be read, is no snapshot, of another version, or not as it was written; the message says
     *     which of it
     */
    public static ClusterSnapshot read(Path file) throws IOException {
        long fileBytes = Files.size(file);
        try (InputStream in = open(file)) {
            assertKnown(in.readNBytes(MAGIC.length));
        }
        byte[] hash = hashOf(file, Math.max(0, fileBytes - HASH_BYTES));
        if (!Arrays.equals(hash, lastBytes(file, fileBytes))) {
            throw new IOException(whatIsWrong(file, fileBytes));
        }
        try (InputStream in = open(file)) {
            in.skipNBytes(MAGIC.length);
            ClusterSnapshotHeader header = ClusterSnapshotHeader.parseDelimitedFrom(in);
            return new ClusterSnapshot(
                    header, SnapshotCodec.read(in), HexFormat.of().formatHex(hash), fileBytes);
        }
    }

    private static void assertKnown(byte[] first) throws IOException {
        if (first.length < MAGIC.length || !Arrays.equals(first, 0, MAGIC.length - 1, MAGIC, 0, MAGIC.length - 1)) {
            throw new IOException("it is no snapshot of a cluster");
        } else if (first[MAGIC.length - 1] != VERSION) {
            throw new IOException("it is of version " + first[MAGIC.length - 1] + ", but this mqctl reads version "
                    + VERSION + " only");
        }
    }

    private static byte[] hashOf(Path file, long bytes) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = open(file)) {
            byte[] buffer = new byte[64 << 10];
            for (long left = bytes; left > 0; ) {
                int count = in.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (count < 0) {
                    throw new IOException("it grew shorter while it was read");
                }
                digest.update(buffer, 0, count);
                left -= count;
            }
        }
        return digest.digest();
    }

    private static byte[] lastBytes(Path file, long fileBytes) throws IOException {
        try (InputStream in = open(file)) {
            in.skipNBytes(Math.max(0, fileBytes - HASH_BYTES));
            return in.readAllBytes();
        }
    }

    /** Of a file whose hash is wrong; what its header says is believed no further than for this message. */
    private static String whatIsWrong(Path file, long fileBytes) throws IOException {
        try (InputStream in = open(file)) {
            in.skipNBytes(MAGIC.length);
            ClusterSnapshotHeader header = ClusterSnapshotHeader.parseDelimitedFrom(in);
            long whole = header == null ? 0 : lengthWith(header);
            if (header == null || fileBytes < whole) {
                return "it was cut short: it has " + fileBytes + " bytes"
                        + (header == null ? "" : ", and should have " + whole);
            }
        } catch (IOException unreadable) {
            return "it is damaged, or was cut short: its header can't be read";
        }
        return "it is damaged: its hash is not the one that was written";
    }

    private static long lengthWith(ClusterSnapshotHeader header) {
        int headerBytes = header.getSerializedSize();
        return MAGIC.length
                + CodedOutputStream.computeUInt32SizeNoTag(headerBytes)
                + headerBytes
                + header.getContentBytes()
                + HASH_BYTES;
    }

    private static InputStream open(Path file) throws IOException {
        return new BufferedInputStream(Files.newInputStream(file), 64 << 10);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
