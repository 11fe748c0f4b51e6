package io.mqcontroller.controller.metadata;

import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A group as replicated: who belongs to it, who is master, who is in sync. Always holds: a master is a replica and in the
 * SyncStateSet; every member of the SyncStateSet is a replica.
 *
 * <table>
 * <caption>Transitions</caption>
 * <tr><th>from</th><th>cause</th><th>to</th></tr>
 * <tr><td>none</td><td>first id applied for, or a replica adopted</td><td>never elected</td></tr>
 * <tr><td>never elected</td><td>first election</td><td>has a master</td></tr>
 * <tr><td>has a master</td><td>it dies, restarts, is replaced or handed over</td><td>has a master, higher masterEpoch</td></tr>
 * <tr><td>has a master</td><td>it dies and nobody is eligible, or it is removed</td><td>no master, higher masterEpoch</td></tr>
 * <tr><td>no master</td><td>somebody is eligible again</td><td>has a master, higher masterEpoch</td></tr>
 * <tr><td>any</td><td>all its replicas are removed</td><td>tombstone</td></tr>
 * </table>
 *
 * @param nextBrokerId the id that the next new replica is offered; never goes back
 * @param everElected whether it has had a master since it was made; until then any replica may become master
 * @param master empty before the first election, and after one that found nobody
 * @param masterEpoch grows with each new master, each restart of a master, and when "no master" is recorded; never goes back
 * @param weakestAckRule by which a master may be acknowledging under a lease that still runs, at the weakest
 */
public record BrokerGroup(
        GroupKey key,
        SortedMap<BrokerId, Replica> replicas,
        long nextBrokerId,
        boolean everElected,
        Optional<BrokerId> master,
        int masterEpoch,
        SyncStateSet syncStateSet,
        AckRule weakestAckRule) {
    public BrokerGroup {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(master, "master");
        Objects.requireNonNull(syncStateSet, "syncStateSet");
        Objects.requireNonNull(weakestAckRule, "weakestAckRule");
        replicas = Collections.unmodifiableSortedMap(new TreeMap<>(replicas));
    }

    /** A group that was never elected if and only if its masterEpoch is 0, and of whose rule nothing is recorded. */
    public BrokerGroup(
            GroupKey key,
            SortedMap<BrokerId, Replica> replicas,
            long nextBrokerId,
            Optional<BrokerId> master,
            int masterEpoch,
            SyncStateSet syncStateSet) {
        this(key, replicas, nextBrokerId, masterEpoch > 0, master, masterEpoch, syncStateSet, AckRule.WEAKER);
    }

    public Optional<Replica> masterReplica() {
        return master.map(replicas::get);
    }

    public boolean has(BrokerId id) {
        return replicas.containsKey(id);
    }

    /** Whether some of its replicas have an agent and some have none. */
    public boolean isMixed() {
        long agents = replicas.values().stream().filter(Replica::agent).count();
        return agents > 0 && agents < replicas.size();
    }

    public boolean isMaster(BrokerId id) {
        return master.isPresent() && master.get().equals(id);
    }

    BrokerGroup replay(MetadataRecord.ReplicaAdded r) {
        return new BrokerGroup(
                key,
                replicasWith(new Replica(r.id(), r.address(), r.registerCheckCode(), r.agent())),
                r.nextBrokerId(),
                everElected,
                master,
                masterEpoch,
                syncStateSet,
                weakestAckRule);
    }

    BrokerGroup replay(MetadataRecord.ReplicaRegistered r) {
        Replica moved = replicas.get(r.id()).registered(r.address(), r.agent());
        return new BrokerGroup(
                key, replicasWith(moved), nextBrokerId, everElected, master, masterEpoch, syncStateSet, weakestAckRule);
    }

    BrokerGroup replay(MetadataRecord.ReplicaDrained r) {
        Replica changed = replicas.get(r.id()).drained(r.drained());
        return new BrokerGroup(
                key,
                replicasWith(changed),
                nextBrokerId,
                everElected,
                master,
                masterEpoch,
                syncStateSet,
                weakestAckRule);
    }

    /** The group after this record; assigns, decides nothing. */
    public BrokerGroup replay(MetadataRecord.MasterChanged r) {
        return new BrokerGroup(
                key,
                replicas,
                nextBrokerId,
                everElected || r.master().isPresent(),
                r.master(),
                r.masterEpoch(),
                r.syncStateSet(),
                weakestAckRule);
    }

    /** The group after this record; assigns, decides nothing. */
    public BrokerGroup replay(MetadataRecord.SyncStateSetChanged r) {
        return new BrokerGroup(
                key, replicas, nextBrokerId, everElected, master, masterEpoch, r.syncStateSet(), weakestAckRule);
    }

    BrokerGroup replay(MetadataRecord.ReplicasRemoved r) {
        SortedMap<BrokerId, Replica> remaining = new TreeMap<>(replicas);
        remaining.keySet().removeAll(r.ids());
        return new BrokerGroup(
                key, remaining, nextBrokerId, everElected, master, masterEpoch, syncStateSet, weakestAckRule);
    }

    BrokerGroup replay(MetadataRecord.WeakestAckRuleChanged r) {
        return new BrokerGroup(key, replicas, nextBrokerId, everElected, master, masterEpoch, syncStateSet, r.rule());
    }

    private SortedMap<BrokerId, Replica> replicasWith(Replica replica) {
        SortedMap<BrokerId, Replica> changed = new TreeMap<>(replicas);
        changed.put(replica.id(), replica);
        return changed;
    }
}
