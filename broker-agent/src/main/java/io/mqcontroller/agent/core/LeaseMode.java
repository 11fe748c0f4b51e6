package io.mqcontroller.agent.core;

/** When a master must stop taking writes by itself; {@code masterLeaseMode}. */
public enum LeaseMode {
    /** When none of controller lease, "alone by record" and confirmation by its peers holds. */
    SAFE,
    /** Never: two masters are possible. */
    AVAILABLE,
    /** When the controller lease does not hold: stops when the controllers are gone. */
    STRICT
}
