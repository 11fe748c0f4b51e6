package io.mqcontroller.controller.metadata;

import java.util.Objects;

/**
 * One broker of a group.
 *
 * @param address where the broker listens, {@code host:port}; an attribute that may change, never the identity
 * @param registerCheckCode what the broker showed when it was given its id; tells a retry from a stranger. Empty for a
 *     replica that was adopted after the controllers had lost their data
 * @param agent whether an agent hosts it, as it said when it last registered: such a master may hold a lease
 * @param drained an operator wants it to be master only where nobody else can be
 */
public record Replica(BrokerId id, String address, String registerCheckCode, boolean agent, boolean drained) {
    public Replica {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(registerCheckCode, "registerCheckCode");
    }

    /** A replica without an agent, as each is until it registers. */
    public Replica(BrokerId id, String address, String registerCheckCode) {
        this(id, address, registerCheckCode, false);
    }

    /** A replica that is not drained. */
    public Replica(BrokerId id, String address, String registerCheckCode, boolean agent) {
        this(id, address, registerCheckCode, agent, false);
    }

    Replica drained(boolean isDrained) {
        return new Replica(id, address, registerCheckCode, agent, isDrained);
    }

    /** What the replica is after it has registered. */
    public Replica registered(String newAddress, boolean byAgent) {
        return new Replica(id, newAddress, registerCheckCode, byAgent, drained);
    }

    /** The same replica for controllers that did not give it its id. */
    public Replica adopted() {
        return new Replica(id, address, "", agent, drained);
    }
}
