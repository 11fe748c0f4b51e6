package io.mqcontroller.raft.simulation;

/** How often things happened, so that a test can see that they happen at all. */
enum Counter {
    LEADERS,
    ENTRIES_APPLIED,
    DUPLICATES_SKIPPED,
    PROPOSALS_REFUSED,
    WRITES_ACKNOWLEDGED,
    READS_SERVED,
    SNAPSHOTS_TAKEN,
    SNAPSHOTS_INSTALLED,
    SNAPSHOTS_RESTORED,
    TRANSFERS_ASKED,
    CRASHES,
    CRASHES_BETWEEN_EFFECTS,
    PAUSES,
    PARTITIONS,
    CLOCK_CHANGES,
    DISK_FAILURES,
    STORES_DAMAGED,
    STORES_LOST,
    REQUESTS_REPLAYED
}
