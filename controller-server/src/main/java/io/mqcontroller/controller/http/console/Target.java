package io.mqcontroller.controller.http.console;

import io.mqcontroller.controller.controller.service.ConnectionId;
import io.mqcontroller.controller.controller.service.GroupRef;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.GroupKey;
import java.util.Map;
import java.util.Optional;

/**
 * What an action is about.
 *
 * @param machine the host part of addresses; empty: not asked for by machine
 */
record Target(Optional<GroupKey> group, Optional<BrokerId> broker, String machine) {
    /** No broker's connection has this number. */
    private static final ConnectionId NOT_A_BROKER = new ConnectionId(0);

    private static final int MAX_MACHINE_CHARS = 255;

    /** As a request names it; empty if it makes no sense. */
    static Optional<Target> of(Map<String, String> members) {
        String cluster = members.getOrDefault("cluster", "");
        String name = members.getOrDefault("name", "");
        String broker = members.getOrDefault("broker", "");
        String machine = members.getOrDefault("machine", "");
        if (cluster.isEmpty() != name.isEmpty()
                || !broker.isEmpty() && !broker.matches("[1-9][0-9]{0,17}")
                || machine.length() > MAX_MACHINE_CHARS) {
            return Optional.empty();
        }
        return Optional.of(new Target(
                name.isEmpty() ? Optional.empty() : Optional.of(new GroupKey(cluster, name)),
                broker.isEmpty() ? Optional.empty() : Optional.of(new BrokerId(Long.parseLong(broker))),
                machine));
    }

    /** One of a group. */
    boolean isReplica() {
        return isGroup() && broker.isPresent();
    }

    /** With or without one of its replicas. */
    boolean isGroup() {
        return group.isPresent() && machine.isEmpty();
    }

    boolean isMachine() {
        return group.isEmpty() && broker.isEmpty() && !machine.isEmpty();
    }

    GroupRef ref() {
        GroupKey key = group.orElseThrow();
        return new GroupRef(Optional.of(key.cluster()), key.brokerName(), NOT_A_BROKER);
    }

    /** For the log. */
    @Override
    public String toString() {
        return isMachine()
                ? "machine " + machine
                : group.map(GroupKey::toString).orElse("")
                        + broker.map(id -> " broker " + id).orElse("");
    }
}
