package io.mqcontroller.controller.metadata.decide;

import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.ClusterMetadata;
import io.mqcontroller.controller.metadata.Decision;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.MetadataRecord;
import io.mqcontroller.controller.metadata.Refusal;
import io.mqcontroller.controller.metadata.Replica;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A broker that has an id says where it listens, and whether an agent hosts it (code 1003). An id that nobody knows is adopted: brokers keep their ids on
 * disk and never apply again, so after the controllers lost their data this is the only way back.
 */
public final class RegisterBroker {
    /** No honest group has had as many replicas; it keeps a liar from using the ids up. */
    public static final long MAX_ADOPTED_ID = 1_000_000;

    private RegisterBroker() {}

    /** @param adopted the replica was not known before */
    public record Registered(BrokerGroup group, boolean adopted) {}

    public static Decision<Registered> decide(
            ClusterMetadata state, GroupKey key, BrokerId id, String address, boolean agent) {
        Optional<BrokerGroup> group = state.group(key);
        Optional<Replica> replica = group.map(g -> g.replicas().get(id));
        if (replica.isEmpty()) {
            return adopt(state, key, group, id, address, agent);
        }
        if (replica.get().equals(replica.get().registered(address, agent))) {
            return Decision.noChange(new Registered(group.get(), false));
        }
        MetadataRecord moved = new MetadataRecord.ReplicaRegistered(key, id, address, agent);
        return accepted(state, List.of(moved), key, false);
    }

    private static Decision<Registered> adopt(
            ClusterMetadata state,
            GroupKey key,
            Optional<BrokerGroup> group,
            BrokerId id,
            String address,
            boolean agent) {
        if (id.value() > MAX_ADOPTED_ID) {
            return Decision.refused(
                    Refusal.BAD_REQUEST,
                    "replica " + id + " of " + key + " is not known, and ids above " + MAX_ADOPTED_ID
                            + " are not adopted; remove the broker's identity file to let it apply for an id");
        }
        List<MetadataRecord> records = new ArrayList<>(2);
        if (group.isEmpty()) {
            records.add(ApplyBrokerId.created(state, key));
        }
        long nextBrokerId = group.map(BrokerGroup::nextBrokerId)
                .orElseGet(() -> state.tombstone(key).nextBrokerId());
        records.add(
                new MetadataRecord.ReplicaAdded(key, id, address, "", Math.max(nextBrokerId, id.value() + 1), agent));
        return accepted(state, records, key, true);
    }

    private static Decision<Registered> accepted(
            ClusterMetadata state, List<MetadataRecord> records, GroupKey key, boolean adopted) {
        BrokerGroup after = state.replayAll(records).group(key).orElseThrow();
        return Decision.of(records, new Registered(after, adopted));
    }
}
