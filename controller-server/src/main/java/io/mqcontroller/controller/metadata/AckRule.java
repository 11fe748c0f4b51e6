package io.mqcontroller.controller.metadata;

/** When a master acknowledges a write to its client. */
public enum AckRule {
    /** Only when every member of the SyncStateSet has it: an old master can't acknowledge without the new one. */
    ALL_IN_SYNC,
    /** With less. */
    WEAKER
}
