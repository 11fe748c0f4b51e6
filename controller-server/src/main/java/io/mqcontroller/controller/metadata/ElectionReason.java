package io.mqcontroller.controller.metadata;

/** What made an election necessary. */
public enum ElectionReason {
    /** The group has never had a master. */
    FIRST,
    /** The recorded master is dead. */
    MASTER_DEAD,
    /** No master was recorded, and somebody is eligible again. */
    MASTER_MISSING,
    /** The master came back from a restart: its log may be shorter than it was. */
    MASTER_RESTARTED,
    /** An operator designated the master. */
    OPERATOR,
    /** An operator removed the replica that was master. */
    MASTER_REMOVED,
    /** The master, alive, has stopped taking writes for good and gave its lease back. */
    MASTER_RESIGNED,
    /** The master, alive, says that somebody else should be it. */
    MASTER_UNFIT
}
