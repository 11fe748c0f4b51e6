package io.mqcontroller.controller.metadata;

import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** What is replicated: the outcome of a decision, with absolute values. Replaying it only assigns. */
public sealed interface MetadataRecord {
    /** About one group. */
    sealed interface OfGroup extends MetadataRecord {
        GroupKey group();
    }

    /**
     * No lease of a master that may still run is longer than this, as {@link ClusterMetadata#masterLeaseMs}. Versions before 3
     * of the records stop when they read it, so it is written only where a controller's own setting differs from what is
     * recorded.
     */
    record MasterLeaseChanged(long leaseMs) implements MetadataRecord {
        public MasterLeaseChanged {
            if (leaseMs < 1) {
                throw new IllegalArgumentException("a lease of " + leaseMs + " ms");
            }
        }
    }

    /** A group without replicas, never elected; with the counters of its tombstone, if it was there before. */
    record GroupCreated(GroupKey group, long nextBrokerId, int masterEpoch, int syncStateSetEpoch) implements OfGroup {
        public GroupCreated {
            Objects.requireNonNull(group, "group");
        }
    }

    /**
     * @param registerCheckCode empty for a replica that was adopted
     * @param agent see {@link Replica#agent}
     */
    record ReplicaAdded(
            GroupKey group, BrokerId id, String address, String registerCheckCode, long nextBrokerId, boolean agent)
            implements OfGroup {
        public ReplicaAdded {
            Objects.requireNonNull(group, "group");
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(address, "address");
            Objects.requireNonNull(registerCheckCode, "registerCheckCode");
        }

        /** Without an agent. */
        public ReplicaAdded(GroupKey group, BrokerId id, String address, String registerCheckCode, long nextBrokerId) {
            this(group, id, address, registerCheckCode, nextBrokerId, false);
        }
    }

    /** The replica listens at this address from now on, and an agent hosts it, or not. */
    record ReplicaRegistered(GroupKey group, BrokerId id, String address, boolean agent) implements OfGroup {
        public ReplicaRegistered {
            Objects.requireNonNull(group, "group");
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(address, "address");
        }

        /** Without an agent. */
        public ReplicaRegistered(GroupKey group, BrokerId id, String address) {
            this(group, id, address, false);
        }
    }

    /**
     * A new masterEpoch.
     *
     * @param master empty: nobody was eligible; the SyncStateSet is then as it was
     * @param unclean the master was not in the SyncStateSet: acknowledged messages may be lost
     */
    record MasterChanged(
            GroupKey group,
            Optional<BrokerId> master,
            int masterEpoch,
            SyncStateSet syncStateSet,
            ElectionReason reason,
            boolean unclean)
            implements OfGroup {
        public MasterChanged {
            Objects.requireNonNull(group, "group");
            Objects.requireNonNull(master, "master");
            Objects.requireNonNull(syncStateSet, "syncStateSet");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** The whole set in force. */
    record SyncStateSetChanged(GroupKey group, SyncStateSet syncStateSet) implements OfGroup {
        public SyncStateSetChanged {
            Objects.requireNonNull(group, "group");
            Objects.requireNonNull(syncStateSet, "syncStateSet");
        }
    }

    /**
     * Whether the replica is to be master only where nobody else can be. Versions before 4 of the records stop when they read it, so
     * it is written only when all members have said that they know it.
     */
    record ReplicaDrained(GroupKey group, BrokerId id, boolean drained) implements OfGroup {
        public ReplicaDrained {
            Objects.requireNonNull(group, "group");
            Objects.requireNonNull(id, "id");
        }
    }

    /**
     * By which rule a master of the group may be acknowledging under a lease that still runs, at the weakest. Versions before 5 of the
     * records stop when they read it, so it is written only when all members have said that they know it.
     */
    record WeakestAckRuleChanged(GroupKey group, AckRule rule) implements OfGroup {
        public WeakestAckRuleChanged {
            Objects.requireNonNull(group, "group");
            Objects.requireNonNull(rule, "rule");
        }
    }

    /** Neither the master nor a member of the SyncStateSet is among them: records before this one saw to that. */
    record ReplicasRemoved(GroupKey group, SortedSet<BrokerId> ids) implements OfGroup {
        public ReplicasRemoved {
            Objects.requireNonNull(group, "group");
            ids = Collections.unmodifiableSortedSet(new TreeSet<>(ids));
        }
    }

    /** The group is gone; what must never go back stays. */
    record GroupRemoved(GroupKey group, Tombstone tombstone) implements OfGroup {
        public GroupRemoved {
            Objects.requireNonNull(group, "group");
            Objects.requireNonNull(tombstone, "tombstone");
        }
    }
}
