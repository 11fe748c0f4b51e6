package io.mqcontroller.controller.metadata.decide;

import io.mqcontroller.controller.metadata.AckRule;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.ClusterMetadata;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.PersistentSortedMap;
import io.mqcontroller.controller.metadata.Replica;
import io.mqcontroller.controller.metadata.SyncStateSet;
import io.mqcontroller.controller.metadata.Tombstone;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * What new controllers begin with that are made from an old state. The cluster went on after it was taken, nobody knows how
 * far. So who belongs to a group is taken over, but not who is master and who is in sync: each group begins with a first
 * election, among the replicas that are there, by their logs. What must never go back leaps above whatever was given out since:
 * masterEpochs, epochs of SyncStateSets, and broker ids.
 */
public final class RestoreMetadata {
    /** More replicas than are added to a group between a snapshot and the loss of its controllers. */
    private static final int BROKER_IDS_AFTER_LOSS = 100;

    private RestoreMetadata() {}

    public static ClusterMetadata from(ClusterMetadata old) {
        return new ClusterMetadata(
                each(old.groups(), RestoreMetadata::from),
                each(old.tombstones(), RestoreMetadata::from),
                old.masterLeaseMs());
    }

    private static <V> PersistentSortedMap<GroupKey, V> each(
            PersistentSortedMap<GroupKey, V> old, UnaryOperator<V> change) {
        SortedMap<GroupKey, V> changed = new TreeMap<>();
        old.forEach((key, value) -> changed.put(key, change.apply(value)));
        PersistentSortedMap<GroupKey, V> all = PersistentSortedMap.empty();
        for (Map.Entry<GroupKey, V> one : changed.entrySet()) {
            all = all.with(one.getKey(), one.getValue());
        }
        return all;
    }

    private static BrokerGroup from(BrokerGroup old) {
        SortedMap<BrokerId, Replica> replicas = new TreeMap<>();
        old.replicas().forEach((id, replica) -> replicas.put(id, replica.adopted()));
        int masterEpoch = masterEpochAfter(old.masterEpoch());
        return new BrokerGroup(
                old.key(),
                replicas,
                nextBrokerIdAfter(old.nextBrokerId()),
                false,
                Optional.empty(),
                masterEpoch,
                new SyncStateSet(
                        SyncStateSet.EMPTY.members(),
                        ElectMaster.setEpochAfterLoss(old.syncStateSet().epoch(), masterEpoch)),
                AckRule.WEAKER);
    }

    private static Tombstone from(Tombstone old) {
        int masterEpoch = masterEpochAfter(old.masterEpoch());
        return new Tombstone(
                nextBrokerIdAfter(old.nextBrokerId()),
                masterEpoch,
                ElectMaster.setEpochAfterLoss(old.syncStateSetEpoch(), masterEpoch));
    }

    private static int masterEpochAfter(int old) {
        return Math.addExact(old, ElectMaster.MASTER_EPOCHS_AFTER_LOSS);
    }

    private static long nextBrokerIdAfter(long old) {
        return Math.addExact(old, BROKER_IDS_AFTER_LOSS);
    }
}
