package io.mqcontroller.it.cluster;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A broker group as a controller shows it (request 1006).
 *
 * @param addresses by id, of all replicas
 */
public record GroupView(
        OptionalLong master,
        int masterEpoch,
        int setEpoch,
        SortedSet<Long> inSync,
        SortedSet<Long> outOfSync,
        SortedSet<Long> alive,
        Map<Long, String> addresses) {

    static GroupView of(Map<String, Object> json) {
        SortedSet<Long> alive = new TreeSet<>();
        Map<Long, String> addresses = new java.util.TreeMap<>();
        SortedSet<Long> inSync = ids(json.get("inSyncReplicas"), alive, addresses);
        SortedSet<Long> outOfSync = ids(json.get("notInSyncReplicas"), alive, addresses);
        OptionalLong master =
                json.get("masterBrokerId") instanceof Long id ? OptionalLong.of(id) : OptionalLong.empty();
        return new GroupView(
                master,
                ((Long) json.get("masterEpoch")).intValue(),
                ((Long) json.get("syncStateSetEpoch")).intValue(),
                inSync,
                outOfSync,
                alive,
                addresses);
    }

    private static SortedSet<Long> ids(Object replicas, SortedSet<Long> alive, Map<Long, String> addresses) {
        SortedSet<Long> ids = new TreeSet<>();
        if (replicas instanceof List<?> list) {
            for (Object item : list) {
                Map<?, ?> replica = (Map<?, ?>) item;
                Long id = (Long) replica.get("brokerId");
                ids.add(id);
                addresses.put(id, String.valueOf(replica.get("brokerAddress")));
                if (Boolean.TRUE.equals(replica.get("alive"))) {
                    alive.add(id);
                }
            }
        }
        return ids;
    }

    /** This replica is the recorded master. */
    public boolean isMaster(long id) {
        return master.isPresent() && master.getAsLong() == id;
    }
}
