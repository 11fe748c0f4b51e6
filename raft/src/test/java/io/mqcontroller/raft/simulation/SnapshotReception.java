package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.SnapshotMetadata;
import java.io.ByteArrayOutputStream;
import java.util.Optional;

/** The beginning of a snapshot that a disk receives. It is promised to nobody: a crash may take the end of it away. */
final class SnapshotReception {
    private SnapshotMetadata snapshot;
    private ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    int size() {
        return bytes.size();
    }

    /** Whether the first piece comes once more, with others behind it. */
    boolean isHereAlready(Effect.WriteSnapshotChunk piece) {
        return piece.offset() == 0
                && piece.snapshot().equals(snapshot)
                && bytes.size() > piece.chunk().size();
    }

    /** Behind what is here; the first piece begins anew. */
    void add(Effect.WriteSnapshotChunk piece, byte[] content) {
        if (piece.offset() == 0) {
            snapshot = piece.snapshot();
            bytes = new ByteArrayOutputStream();
        } else if (!piece.snapshot().equals(snapshot) || bytes.size() != piece.offset()) {
            throw new AssertionError("a piece of " + piece.snapshot() + " at " + piece.offset() + " does not follow "
                    + (snapshot == null ? "anything" : bytes.size() + " bytes of " + snapshot));
        }
        bytes.writeBytes(content);
    }

    /** Nothing, if it is not what was sent. */
    Optional<StoredSnapshot> finish() {
        Optional<StoredSnapshot> whole = StoredSnapshot.checked(snapshot, Bytes.wrap(bytes.toByteArray()));
        forget();
        return whole;
    }

    void forget() {
        snapshot = null;
        bytes = new ByteArrayOutputStream();
    }

    void loseEnd(Chance chance) {
        long kept = snapshot == null ? 0 : chance.between(0, bytes.size());
        if (kept == 0) {
            forget();
        } else {
            byte[] all = bytes.toByteArray();
            bytes = new ByteArrayOutputStream();
            bytes.write(all, 0, (int) kept);
        }
    }
}
