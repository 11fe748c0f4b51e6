package io.mqcontroller.raft.core;

import java.util.Objects;

/**
 * A member as the configuration names it.
 *
 * @param address how the others reach it; of no meaning to the core. Empty: as it was told at start
 * @param incarnation number of the store that belongs to the member ({@link RecoveredState#incarnation}): one that comes back
 *     with another store, because it has lost its own, is not meant
 */
public record ConfiguredMember(NodeId id, String address, long incarnation) {
    public ConfiguredMember {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(address, "address");
    }

    /** One of the first boot's, whose store was made then. */
    public static ConfiguredMember bootstrapped(NodeId id, String address) {
        return new ConfiguredMember(id, address, RecoveredState.BOOTSTRAPPED);
    }
}
