package io.mqcontroller.controller.controller.service;

import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A group as an answer shows it.
 *
 * @param master the recorded master, alive or not
 * @param masterAlive whether it is alive just now
 * @param alive whether each replica is alive just now
 * @param haAddresses where others copy the log of a replica from, of those that have said so
 */
public record RoleView(
        BrokerGroup group,
        boolean masterAlive,
        SortedMap<BrokerId, Boolean> alive,
        SortedMap<BrokerId, String> haAddresses) {
    public RoleView {
        Objects.requireNonNull(group, "group");
    }

    public Optional<BrokerId> master() {
        return group.master();
    }
}
