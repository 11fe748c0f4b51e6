package io.mqcontroller.controller.metadata.decide;

import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.Decision;
import io.mqcontroller.controller.metadata.ElectionReason;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.LivenessView;
import io.mqcontroller.controller.metadata.MetadataRecord;
import io.mqcontroller.controller.metadata.Refusal;
import io.mqcontroller.controller.metadata.SyncStateSet;
import io.mqcontroller.controller.metadata.Tombstone;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * An operator removes replicas, or a whole group (code 1011). Only what is named goes; a master that is alive never does; ids
 * and epochs stay behind.
 */
public final class CleanBrokers {
    private CleanBrokers() {}

    /** @param ids empty: the whole group */
    public static Decision<GroupKey> decide(
            BrokerGroup group, SortedSet<BrokerId> ids, boolean cleanLiving, LivenessView live) {
        return ids.isEmpty() ? decideGroup(group, cleanLiving, live) : decideReplicas(group, ids, cleanLiving, live);
    }

    private static Decision<GroupKey> decideGroup(BrokerGroup group, boolean cleanLiving, LivenessView live) {
        if (live.isMasterAlive(group)) {
            return refused(
                    "the master " + group.master().get() + " of " + group.key() + " is alive; stop its brokers first");
        }
        if (!cleanLiving && group.master().isPresent()) {
            return refused(group.key() + " has a recorded master, "
                    + group.master().get() + "; name the replicas to remove, or include living ones");
        }
        SortedSet<BrokerId> living = living(group.replicas().keySet(), live);
        if (!cleanLiving && !living.isEmpty()) {
            return refused("alive in " + group.key() + ": " + SyncStateSet.describe(living)
                    + "; stop them first, or include living ones");
        }
        return Decision.of(List.of(removed(group)), group.key());
    }

    private static Decision<GroupKey> decideReplicas(
            BrokerGroup group, SortedSet<BrokerId> ids, boolean cleanLiving, LivenessView live) {
        SortedSet<BrokerId> unknown = new TreeSet<>(ids);
        unknown.removeAll(group.replicas().keySet());
        if (!unknown.isEmpty()) {
            return refused("not registered in " + group.key() + ": " + SyncStateSet.describe(unknown));
        }
        if (live.isMasterAlive(group) && ids.contains(group.master().get())) {
            return refused("replica " + group.master().get() + " is the live master of " + group.key()
                    + "; hand over first with electMaster");
        }
        SortedSet<BrokerId> living = living(ids, live);
        if (!cleanLiving && !living.isEmpty()) {
            return refused("alive in " + group.key() + ": " + SyncStateSet.describe(living)
                    + "; stop them first, or include living ones");
        }
        if (ids.containsAll(group.replicas().keySet())) {
            return Decision.of(List.of(removed(group)), group.key());
        }
        return Decision.of(removal(group, ids), group.key());
    }

    /** Master and set let go of a replica before it goes, so that the group makes sense after each record. */
    private static List<MetadataRecord> removal(BrokerGroup group, SortedSet<BrokerId> ids) {
        List<MetadataRecord> records = new ArrayList<>(2);
        SortedSet<BrokerId> remaining = new TreeSet<>(group.syncStateSet().members());
        boolean setShrinks = remaining.removeAll(ids);
        SyncStateSet after = setShrinks ? group.syncStateSet().changedTo(remaining) : group.syncStateSet();
        if (group.master().filter(ids::contains).isPresent()) {
            records.add(new MetadataRecord.MasterChanged(
                    group.key(),
                    Optional.empty(),
                    Math.addExact(group.masterEpoch(), 1),
                    after,
                    ElectionReason.MASTER_REMOVED,
                    false));
        } else if (setShrinks) {
            records.add(new MetadataRecord.SyncStateSetChanged(group.key(), after));
        }
        records.add(new MetadataRecord.ReplicasRemoved(group.key(), ids));
        return records;
    }

    /** That there is no master and nobody in sync any more are changes like any other, each with its epoch. */
    private static MetadataRecord removed(BrokerGroup group) {
        SyncStateSet set = group.syncStateSet();
        return new MetadataRecord.GroupRemoved(
                group.key(),
                new Tombstone(
                        group.nextBrokerId(),
                        group.master().isPresent() ? Math.addExact(group.masterEpoch(), 1) : group.masterEpoch(),
                        set.members().isEmpty() ? set.epoch() : Math.addExact(set.epoch(), 1)));
    }

    private static SortedSet<BrokerId> living(Collection<BrokerId> ids, LivenessView live) {
        SortedSet<BrokerId> living = new TreeSet<>(ids);
        living.removeIf(id -> !live.isAlive(id));
        return living;
    }

    private static Decision<GroupKey> refused(String message) {
        return Decision.refused(Refusal.CLEAN_REFUSED, message);
    }
}
