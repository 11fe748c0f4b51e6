package io.mqcontroller.controller.metadata;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Everything that is replicated, as one immutable value: the groups, and the tombstones of removed ones. A name is in at most
 * one of the two.
 *
 * @param masterLeaseMs no lease of a master that may still run is longer; until something else is recorded {@link
 *     #INITIAL_MASTER_LEASE_MS}
 */
public record ClusterMetadata(
        PersistentSortedMap<GroupKey, BrokerGroup> groups,
        PersistentSortedMap<GroupKey, Tombstone> tombstones,
        long masterLeaseMs) {
    /** What a log means in which nothing about leases was recorded: can never be another value. */
    public static final long INITIAL_MASTER_LEASE_MS = 2_000;

    public static final ClusterMetadata EMPTY =
            new ClusterMetadata(PersistentSortedMap.empty(), PersistentSortedMap.empty(), INITIAL_MASTER_LEASE_MS);

    public ClusterMetadata {
        Objects.requireNonNull(groups, "groups");
        Objects.requireNonNull(tombstones, "tombstones");
    }

    public Optional<BrokerGroup> group(GroupKey key) {
        return Optional.ofNullable(groups.get(key));
    }

    /** What a group that is made under this name must go on from. */
    public Tombstone tombstone(GroupKey key) {
        Tombstone tombstone = tombstones.get(key);
        return tombstone == null ? Tombstone.NONE : tombstone;
    }

    /** The groups of this name, one for each cluster that uses it, in order of the cluster's name. */
    public List<BrokerGroup> groupsNamed(String brokerName) {
        List<BrokerGroup> named = new ArrayList<>(1);
        for (BrokerGroup group : groups.valuesFrom(new GroupKey("", brokerName))) {
            if (!group.key().brokerName().equals(brokerName)) {
                break;
            }
            named.add(group);
        }
        return named;
    }

    /**
     * The state after this record. Assigns what the record says, alike on every member, forever: no check, no increment, no
     * refusal.
     *
     * @throws IllegalStateException if the record is about a group that is not there: the log is not the one that this state
     *     came from
     */
    public ClusterMetadata replay(MetadataRecord record) {
        if (record instanceof MetadataRecord.GroupCreated created) {
            return withCreated(created);
        }
        if (record instanceof MetadataRecord.GroupRemoved removed) {
            return new ClusterMetadata(
                    groups.without(removed.group()),
                    tombstones.with(removed.group(), removed.tombstone()),
                    masterLeaseMs);
        }
        if (record instanceof MetadataRecord.MasterLeaseChanged changed) {
            return new ClusterMetadata(groups, tombstones, changed.leaseMs());
        }
        if (record instanceof MetadataRecord.OfGroup ofGroup) {
            return withChanged(ofGroup);
        }
        throw new AssertionError("unhandled " + record);
    }

    private ClusterMetadata withChanged(MetadataRecord.OfGroup record) {
        BrokerGroup group = groups.get(record.group());
        if (group == null) {
            throw new IllegalStateException("record of a group that does not exist: " + record);
        }
        return new ClusterMetadata(groups.with(record.group(), changed(group, record)), tombstones, masterLeaseMs);
    }

    /** The state after all of these, in order. */
    public ClusterMetadata replayAll(List<MetadataRecord> records) {
        ClusterMetadata state = this;
        for (MetadataRecord record : records) {
            state = state.replay(record);
        }
        return state;
    }

    private ClusterMetadata withCreated(MetadataRecord.GroupCreated created) {
        BrokerGroup group = new BrokerGroup(
                created.group(),
                new TreeMap<>(),
                created.nextBrokerId(),
                false,
                Optional.empty(),
                created.masterEpoch(),
                new SyncStateSet(SyncStateSet.EMPTY.members(), created.syncStateSetEpoch()),
                AckRule.WEAKER);
        return new ClusterMetadata(
                groups.with(created.group(), group), tombstones.without(created.group()), masterLeaseMs);
    }

    private static BrokerGroup changed(BrokerGroup group, MetadataRecord record) {
        if (record instanceof MetadataRecord.SyncStateSetChanged changed) {
            return group.replay(changed);
        }
        if (record instanceof MetadataRecord.MasterChanged changed) {
            return group.replay(changed);
        }
        if (record instanceof MetadataRecord.ReplicaAdded added) {
            return group.replay(added);
        }
        if (record instanceof MetadataRecord.ReplicaRegistered registered) {
            return group.replay(registered);
        }
        if (record instanceof MetadataRecord.ReplicasRemoved removed) {
            return group.replay(removed);
        }
        if (record instanceof MetadataRecord.ReplicaDrained drained) {
            return group.replay(drained);
        }
        if (record instanceof MetadataRecord.WeakestAckRuleChanged changed) {
            return group.replay(changed);
        }
        throw new AssertionError("unhandled " + record);
    }
}
