package io.mqcontroller.controller.metadata.decide;

import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.ClusterMetadata;
import io.mqcontroller.controller.metadata.Decision;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.MetadataRecord;
import io.mqcontroller.controller.metadata.Refusal;
import io.mqcontroller.controller.metadata.Replica;
import io.mqcontroller.controller.metadata.Tombstone;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A broker takes an id for good (code 1013). The same check code again is a retry and changes nothing. */
public final class ApplyBrokerId {
    private ApplyBrokerId() {}

    /** @param registerCheckCode {@code <address>;<something unique>} */
    public static Decision<GroupKey> decide(
            ClusterMetadata state, GroupKey key, BrokerId id, String registerCheckCode) {
        Optional<BrokerGroup> group = state.group(key);
        Optional<Replica> holder = group.map(g -> g.replicas().get(id));
        if (holder.isPresent()) {
            return holder.get().registerCheckCode().equals(registerCheckCode)
                    ? Decision.noChange(key)
                    : Decision.refused(
                            Refusal.BROKER_ID_TAKEN,
                            "id " + id + " of " + key + " belongs to "
                                    + holder.get().address() + "; ask for the next free id and apply for that one");
        }
        long nextBrokerId = group.map(BrokerGroup::nextBrokerId)
                .orElseGet(() -> state.tombstone(key).nextBrokerId());
        if (id.value() > nextBrokerId) {
            return Decision.refused(
                    Refusal.BROKER_ID_TAKEN,
                    "id " + id + " of " + key + " is beyond the next free one, " + nextBrokerId
                            + "; ask for the next free id and apply for that one");
        }
        List<MetadataRecord> records = new ArrayList<>(2);
        if (group.isEmpty()) {
            records.add(created(state, key));
        }
        records.add(new MetadataRecord.ReplicaAdded(
                key, id, addressIn(registerCheckCode), registerCheckCode, Math.max(nextBrokerId, id.value() + 1)));
        return Decision.of(records, key);
    }

    static MetadataRecord created(ClusterMetadata state, GroupKey key) {
        Tombstone past = state.tombstone(key);
        return new MetadataRecord.GroupCreated(key, past.nextBrokerId(), past.masterEpoch(), past.syncStateSetEpoch());
    }

    private static String addressIn(String registerCheckCode) {
        int end = registerCheckCode.indexOf(';');
        return end < 0 ? registerCheckCode : registerCheckCode.substring(0, end);
    }
}
