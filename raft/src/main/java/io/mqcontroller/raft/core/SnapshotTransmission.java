package io.mqcontroller.raft.core;

/** A snapshot on its way to a follower: one chunk at a time, read from the store, sent, and answered. */
final class SnapshotTransmission {
    private final SnapshotMetadata snapshot;
    private long offset;
    /** When the chunk at {@code offset} was last asked for from the store. */
    private long askedMs;

    SnapshotTransmission(SnapshotMetadata snapshot) {
        this.snapshot = snapshot;
    }

    SnapshotMetadata snapshot() {
        return snapshot;
    }

    long offset() {
        return offset;
    }

    void onAsked(long nowMs) {
        askedMs = nowMs;
    }

    boolean isSilentFor(long nowMs, long timeoutMs) {
        return nowMs - askedMs >= timeoutMs;
    }

    void moveTo(long newOffset) {
        offset = newOffset;
    }
}
