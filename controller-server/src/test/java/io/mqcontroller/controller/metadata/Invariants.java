package io.mqcontroller.controller.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** C1 to C6 and their like, checked after each record. */
public final class Invariants {
    private record Reign(GroupKey group, int masterEpoch) {}

    private record SetVersion(GroupKey group, int epoch) {}

    private record Identity(GroupKey group, BrokerId id) {}

    private final Map<Reign, BrokerId> masters = new HashMap<>();
    private final Map<SetVersion, SyncStateSet> sets = new HashMap<>();
    private final Map<Identity, String> owners = new HashMap<>();

    /** @param unclean whether unclean elections are allowed */
    public void check(ClusterMetadata before, MetadataRecord record, ClusterMetadata after, boolean unclean) {
        if (record instanceof MetadataRecord.OfGroup ofGroup) {
            check(before, ofGroup, after, unclean);
        }
    }

    private void check(ClusterMetadata before, MetadataRecord.OfGroup record, ClusterMetadata after, boolean unclean) {
        GroupKey key = record.group();
        Optional<BrokerGroup> now = after.group(key);
        assertTrue(now.isEmpty() || after.tombstones().get(key) == null, "a group and its tombstone at once");
        assertNothingGoesBack(before, after, key, record);
        if (record instanceof MetadataRecord.MasterChanged changed) {
            checkElection(before.group(key).orElseThrow(), changed, unclean);
        }
        now.ifPresent(group -> checkGroup(group, record));
    }

    private static void assertNothingGoesBack(
            ClusterMetadata before, ClusterMetadata after, GroupKey key, MetadataRecord record) {
        Tombstone was = countersOf(before, key);
        Tombstone is = countersOf(after, key);
        assertTrue(is.masterEpoch() >= was.masterEpoch(), "masterEpoch went back: " + record);
        assertTrue(is.syncStateSetEpoch() >= was.syncStateSetEpoch(), "syncStateSetEpoch went back: " + record);
        assertTrue(is.nextBrokerId() >= was.nextBrokerId(), "nextBrokerId went back: " + record);
    }

    private static Tombstone countersOf(ClusterMetadata state, GroupKey key) {
        return state.group(key)
                .map(g -> new Tombstone(
                        g.nextBrokerId(), g.masterEpoch(), g.syncStateSet().epoch()))
                .orElseGet(() -> state.tombstone(key));
    }

    private void checkElection(BrokerGroup was, MetadataRecord.MasterChanged changed, boolean unclean) {
        assertTrue(changed.masterEpoch() > was.masterEpoch(), "C2: " + changed);
        changed.master().ifPresent(master -> {
            boolean inSync = !was.everElected() || was.syncStateSet().contains(master);
            assertEquals(!inSync, changed.unclean(), "an unclean election is called one: " + changed);
            assertTrue(inSync || unclean, "C3: " + changed);
            BrokerId other = masters.put(new Reign(changed.group(), changed.masterEpoch()), master);
            assertTrue(other == null, "C1: " + changed + " and " + other);
        });
    }

    private void checkGroup(BrokerGroup group, MetadataRecord record) {
        group.master().ifPresent(master -> assertTrue(group.syncStateSet().contains(master), "C5: " + group));
        assertTrue(
                group.replicas().keySet().containsAll(group.syncStateSet().members()),
                "a member of the set is no replica after " + record + ": " + group);
        SyncStateSet known = sets.putIfAbsent(
                new SetVersion(group.key(), group.syncStateSet().epoch()), group.syncStateSet());
        assertTrue(known == null || known.equals(group.syncStateSet()), "row 26: " + known + " and " + group);
        for (Replica replica : group.replicas().values()) {
            assertTrue(replica.id().value() < group.nextBrokerId(), "an id that is still on offer: " + group);
            String owner = owners.putIfAbsent(new Identity(group.key(), replica.id()), replica.registerCheckCode());
            assertTrue(owner == null || owner.equals(replica.registerCheckCode()), "C6: " + replica);
        }
        if (record instanceof MetadataRecord.ReplicasRemoved removed) {
            removed.ids().forEach(id -> owners.remove(new Identity(removed.group(), id)));
        }
    }

    /** The owners of a group that is gone are forgotten with it. */
    public void forget(GroupKey group) {
        owners.keySet().removeIf(identity -> identity.group().equals(group));
    }
}
