package io.mqcontroller.raft.core;

import java.util.Objects;

/**
 * Describes a snapshot.
 *
 * @param last the last entry that it covers
 * @param chain chain value of that entry, so that the log goes on behind it
 * @param sizeBytes length of the snapshot's content
 * @param checksum CRC32C of the content
 */
public record SnapshotMetadata(LogPosition last, long chain, long sizeBytes, int checksum) {
    public SnapshotMetadata {
        Objects.requireNonNull(last, "last");
    }
}
