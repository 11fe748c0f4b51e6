package io.mqcontroller.controller.metadata;

import java.util.Objects;

/**
 * One broker of a group.
 *
 * @param address where the broker listens, {@code host:port}; an attribute that may change, never the identity
 * @param registerCheckCode what the broker showed when it was given its id; tells a retry from a stranger. Empty for a
 *     replica that was adopted after the controllers had lost their data
 */
public record Replica(BrokerId id, String address, String registerCheckCode) {
    public Replica {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(registerCheckCode, "registerCheckCode");
    }

    public Replica withAddress(String newAddress) {
        return new Replica(id, newAddress, registerCheckCode);
    }
}
