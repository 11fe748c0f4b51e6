package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.SnapshotMetadata;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/** A snapshot on a disk: its description and its transferable content, which is sessions and state in one. */
record StoredSnapshot(SnapshotMetadata metadata, Bytes content) {
    static StoredSnapshot of(LogPosition last, long chain, Bytes sessions, Bytes state) {
        Bytes content = Bytes.wrap(ByteBuffer.allocate(Integer.BYTES + sessions.size() + state.size())
                .putInt(sessions.size())
                .put(sessions.asReadOnlyBuffer())
                .put(state.asReadOnlyBuffer())
                .array());
        return new StoredSnapshot(new SnapshotMetadata(last, chain, content.size(), checksum(content)), content);
    }

    /** What was received, if it is what its description says. */
    static Optional<StoredSnapshot> checked(SnapshotMetadata metadata, Bytes content) {
        return Optional.of(new StoredSnapshot(metadata, content)).filter(StoredSnapshot::isIntact);
    }

    boolean isIntact() {
        return content.size() == metadata.sizeBytes() && checksum(content) == metadata.checksum();
    }

    Bytes sessions() {
        ByteBuffer buffer = content.asReadOnlyBuffer();
        byte[] sessions = new byte[buffer.getInt()];
        buffer.get(sessions);
        return Bytes.wrap(sessions);
    }

    Bytes state() {
        ByteBuffer buffer = content.asReadOnlyBuffer();
        buffer.position(Integer.BYTES + buffer.getInt());
        byte[] state = new byte[buffer.remaining()];
        buffer.get(state);
        return Bytes.wrap(state);
    }

    Bytes piece(long offset, int maxBytes) {
        ByteBuffer buffer = content.asReadOnlyBuffer();
        buffer.position((int) Math.min(offset, content.size()));
        byte[] piece = new byte[Math.min(maxBytes, buffer.remaining())];
        buffer.get(piece);
        return Bytes.wrap(piece);
    }

    private static int checksum(Bytes content) {
        CRC32C crc = new CRC32C();
        content.updateChecksum(crc);
        return (int) crc.getValue();
    }
}
