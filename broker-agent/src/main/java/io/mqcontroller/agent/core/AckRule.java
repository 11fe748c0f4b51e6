package io.mqcontroller.agent.core;

/** What a master waits for before it acknowledges a write. */
public enum AckRule {
    /** Every member of the SyncStateSet has it; while the set changes, every member of the old and the new one. */
    ALL_IN_SYNC,
    /** Less than that. */
    WEAKER
}
