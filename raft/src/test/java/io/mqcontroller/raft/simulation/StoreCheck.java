package io.mqcontroller.raft.simulation;

/** What a store makes sure of when it opens. Each can be left out, to see that the others do not hide it. */
enum StoreCheck {
    /** A write of which only some sectors reached the disk did not happen at all. */
    BATCH_IS_WHOLE,
    /** Behind a write that did not happen nothing else has happened. */
    NOTHING_BEHIND_A_TORN_BATCH,
    /** The database's own checksums: what fails them is refused, not skipped with all behind it. */
    DATABASE_CHECKSUMS,
    /** An entry is what was written, by its checksum, and lies where it belongs. */
    ENTRY_CHECKSUM,
    /** An entry stands behind the past for which it was written. */
    CHAIN,
    /** The log goes with term and commit index, which were written with it. */
    PARTS_FIT,
    SNAPSHOT_CHECKSUM
}
