package io.mqcontroller.controller.metadata;

import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A group as replicated: who belongs to it, who is master, who is in sync.
 *
 * @param nextBrokerId the id that the next new replica is offered; never goes back
 * @param master empty before the first election, and after one that found nobody
 * @param masterEpoch grows with each new master, each restart of a master, and when "no master" is recorded; never goes back
 */
public record BrokerGroup(
        GroupKey key,
        SortedMap<BrokerId, Replica> replicas,
        long nextBrokerId,
        Optional<BrokerId> master,
        int masterEpoch,
        SyncStateSet syncStateSet) {
    public BrokerGroup {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(master, "master");
        Objects.requireNonNull(syncStateSet, "syncStateSet");
        replicas = Collections.unmodifiableSortedMap(new TreeMap<>(replicas));
    }

    public Optional<Replica> masterReplica() {
        return master.map(replicas::get);
    }
}
