package io.mqcontroller.agent.core;

import java.util.Objects;

/**
 * A replica as the controllers know it.
 *
 * @param haAddress from which others copy its log; empty: not known
 * @param agent an agent hosts it
 */
public record ReplicaView(long brokerId, String address, String haAddress, boolean alive, boolean agent) {
    public ReplicaView {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(haAddress, "haAddress");
    }
}
