package io.mqcontroller.controller.controller;

import io.mqcontroller.controller.controller.service.RoleView;
import io.mqcontroller.controller.liveness.ReplicaKey;
import io.mqcontroller.controller.liveness.ReplicaLiveness;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import java.util.SortedMap;
import java.util.TreeMap;

/** Shows groups as they are to be answered. */
final class RoleViews {
    private RoleViews() {}

    static RoleView of(BrokerGroup group, ReplicaLiveness liveness) {
        SortedMap<BrokerId, Boolean> alive = new TreeMap<>();
        SortedMap<BrokerId, String> haAddresses = new TreeMap<>();
        for (BrokerId id : group.replicas().keySet()) {
            alive.put(id, liveness.isAlive(group.key(), id));
            String haAddress = liveness.haAddressOf(new ReplicaKey(group.key(), id));
            if (!haAddress.isEmpty()) {
                haAddresses.put(id, haAddress);
            }
        }
        boolean masterAlive =
                group.master().isPresent() && alive.getOrDefault(group.master().get(), false);
        return new RoleView(group, masterAlive, alive, haAddresses);
    }
}
