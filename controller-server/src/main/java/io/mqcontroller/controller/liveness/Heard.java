package io.mqcontroller.controller.liveness;

/** What a heartbeat meant. */
public enum Heard {
    /** The replica goes on living. */
    AS_BEFORE,
    /**
     * It came to life, or it is its first heartbeat since it was introduced or restarted, or it has changed its mind about being
     * master: an election may depend on it.
     */
    NEWS,
    /** Somebody else is alive under this id: the first one is kept, this heartbeat does not count. */
    ID_TAKEN,
    /** Too many replicas are remembered already. */
    TABLE_FULL
}
