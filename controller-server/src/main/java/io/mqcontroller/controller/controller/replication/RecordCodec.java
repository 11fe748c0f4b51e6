package io.mqcontroller.controller.controller.replication;

import com.google.protobuf.InvalidProtocolBufferException;
import io.mqcontroller.controller.metadata.AckRule;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.ElectionReason;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.MetadataRecord;
import io.mqcontroller.controller.metadata.SyncStateSet;
import io.mqcontroller.controller.metadata.Tombstone;
import io.mqcontroller.proto.metadata.Record;
import io.mqcontroller.proto.metadata.RecordBatch;
import io.mqcontroller.raft.core.Bytes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Batches of decisions as bytes; see {@code metadata_record.proto}. */
public final class RecordCodec {
    private RecordCodec() {}

    public static Bytes encode(DecidedBatch batch) {
        RecordBatch.Builder builder =
                RecordBatch.newBuilder().setDecidedTerm(batch.decidedTerm()).setSequence(batch.sequence());
        for (MetadataRecord record : batch.records()) {
            builder.addRecords(encode(record));
        }
        return Bytes.wrap(builder.build().toByteArray());
    }

    /** @throws UnreadableRecordException if a record is not known to this version, or is damaged */
    public static DecidedBatch decode(Bytes command) {
        try {
            RecordBatch batch = RecordBatch.parseFrom(command.asReadOnlyBuffer());
            List<MetadataRecord> records = new ArrayList<>(batch.getRecordsCount());
            for (Record record : batch.getRecordsList()) {
                records.add(decode(record));
            }
            return new DecidedBatch(batch.getDecidedTerm(), batch.getSequence(), records);
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new UnreadableRecordException("unreadable batch of records (" + command + "): " + e.getMessage(), e);
        }
    }

    private static Record encode(MetadataRecord record) {
        Record.Builder builder = Record.newBuilder();
        if (record instanceof MetadataRecord.SyncStateSetChanged r) {
            builder.getSyncStateSetChangedBuilder()
                    .setGroup(encode(r.group()))
                    .addAllMembers(encode(r.syncStateSet().members()))
                    .setEpoch(r.syncStateSet().epoch());
        } else if (record instanceof MetadataRecord.MasterChanged r) {
            builder.setMasterChanged(encodeMasterChanged(r));
        } else if (record instanceof MetadataRecord.GroupCreated r) {
            builder.getGroupCreatedBuilder()
                    .setGroup(encode(r.group()))
                    .setNextBrokerId(r.nextBrokerId())
                    .setMasterEpoch(r.masterEpoch())
                    .setSyncStateSetEpoch(r.syncStateSetEpoch());
        } else if (record instanceof MetadataRecord.ReplicaAdded r) {
            builder.getReplicaAddedBuilder()
                    .setGroup(encode(r.group()))
                    .setBrokerId(r.id().value())
                    .setAddress(r.address())
                    .setRegisterCheckCode(r.registerCheckCode())
                    .setNextBrokerId(r.nextBrokerId())
                    .setAgent(r.agent());
        } else if (record instanceof MetadataRecord.ReplicaRegistered r) {
            builder.getReplicaRegisteredBuilder()
                    .setGroup(encode(r.group()))
                    .setBrokerId(r.id().value())
                    .setAddress(r.address())
                    .setAgent(r.agent());
        } else if (record instanceof MetadataRecord.ReplicasRemoved r) {
            builder.getReplicasRemovedBuilder().setGroup(encode(r.group())).addAllBrokerIds(encode(r.ids()));
        } else if (record instanceof MetadataRecord.GroupRemoved r) {
            builder.getGroupRemovedBuilder()
                    .setGroup(encode(r.group()))
                    .setNextBrokerId(r.tombstone().nextBrokerId())
                    .setMasterEpoch(r.tombstone().masterEpoch())
                    .setSyncStateSetEpoch(r.tombstone().syncStateSetEpoch());
        } else if (record instanceof MetadataRecord.ReplicaDrained r) {
            builder.getReplicaDrainedBuilder()
                    .setGroup(encode(r.group()))
                    .setBrokerId(r.id().value())
                    .setDrained(r.drained());
        } else if (record instanceof MetadataRecord.WeakestAckRuleChanged r) {
            builder.getWeakestAckRuleChangedBuilder()
                    .setGroup(encode(r.group()))
                    .setAllInSync(r.rule() == AckRule.ALL_IN_SYNC);
        } else if (record instanceof MetadataRecord.MasterLeaseChanged r) {
            builder.getMasterLeaseChangedBuilder().setLeaseMs(r.leaseMs());
        } else {
            throw new AssertionError("unhandled " + record);
        }
        return builder.build();
    }

    private static io.mqcontroller.proto.metadata.MasterChanged encodeMasterChanged(MetadataRecord.MasterChanged r) {
        return io.mqcontroller.proto.metadata.MasterChanged.newBuilder()
                .setGroup(encode(r.group()))
                .setMaster(r.master().map(BrokerId::value).orElse(0L))
                .setMasterEpoch(r.masterEpoch())
                .addAllSyncStateSet(encode(r.syncStateSet().members()))
                .setSyncStateSetEpoch(r.syncStateSet().epoch())
                .setReason(encode(r.reason()))
                .setUnclean(r.unclean())
                .build();
    }

    private static MetadataRecord decode(Record record) {
        switch (record.getKindCase()) {
            case GROUP_CREATED:
                var created = record.getGroupCreated();
                return new MetadataRecord.GroupCreated(
                        decode(created.getGroup()),
                        created.getNextBrokerId(),
                        created.getMasterEpoch(),
                        created.getSyncStateSetEpoch());
            case REPLICA_ADDED:
                var added = record.getReplicaAdded();
                return new MetadataRecord.ReplicaAdded(
                        decode(added.getGroup()),
                        new BrokerId(added.getBrokerId()),
                        added.getAddress(),
                        added.getRegisterCheckCode(),
                        added.getNextBrokerId(),
                        added.getAgent());
            case REPLICA_REGISTERED:
                var registered = record.getReplicaRegistered();
                return new MetadataRecord.ReplicaRegistered(
                        decode(registered.getGroup()),
                        new BrokerId(registered.getBrokerId()),
                        registered.getAddress(),
                        registered.getAgent());
            case MASTER_CHANGED:
                return decodeMasterChanged(record.getMasterChanged());
            case SYNC_STATE_SET_CHANGED:
                var set = record.getSyncStateSetChanged();
                return new MetadataRecord.SyncStateSetChanged(
                        decode(set.getGroup()), new SyncStateSet(decode(set.getMembersList()), set.getEpoch()));
            case REPLICAS_REMOVED:
                var gone = record.getReplicasRemoved();
                return new MetadataRecord.ReplicasRemoved(decode(gone.getGroup()), decode(gone.getBrokerIdsList()));
            case GROUP_REMOVED:
                var removed = record.getGroupRemoved();
                return new MetadataRecord.GroupRemoved(
                        decode(removed.getGroup()),
                        new Tombstone(
                                removed.getNextBrokerId(), removed.getMasterEpoch(), removed.getSyncStateSetEpoch()));
            case REPLICA_DRAINED:
                var drained = record.getReplicaDrained();
                return new MetadataRecord.ReplicaDrained(
                        decode(drained.getGroup()), new BrokerId(drained.getBrokerId()), drained.getDrained());
            case WEAKEST_ACK_RULE_CHANGED:
                var weakest = record.getWeakestAckRuleChanged();
                return new MetadataRecord.WeakestAckRuleChanged(
                        decode(weakest.getGroup()), weakest.getAllInSync() ? AckRule.ALL_IN_SYNC : AckRule.WEAKER);
            case MASTER_LEASE_CHANGED:
                return new MetadataRecord.MasterLeaseChanged(
                        record.getMasterLeaseChanged().getLeaseMs());
            default:
                throw new UnreadableRecordException(
                        "a record of a kind that this version does not know; upgrade this member");
        }
    }

    private static MetadataRecord decodeMasterChanged(io.mqcontroller.proto.metadata.MasterChanged r) {
        return new MetadataRecord.MasterChanged(
                decode(r.getGroup()),
                r.getMaster() == 0 ? Optional.empty() : Optional.of(new BrokerId(r.getMaster())),
                r.getMasterEpoch(),
                new SyncStateSet(decode(r.getSyncStateSetList()), r.getSyncStateSetEpoch()),
                decode(r.getReason()),
                r.getUnclean());
    }

    private static io.mqcontroller.proto.metadata.ElectionReason encode(ElectionReason reason) {
        return io.mqcontroller.proto.metadata.ElectionReason.valueOf("ELECTION_REASON_" + reason.name());
    }

    private static ElectionReason decode(io.mqcontroller.proto.metadata.ElectionReason reason) {
        switch (reason) {
            case ELECTION_REASON_FIRST:
                return ElectionReason.FIRST;
            case ELECTION_REASON_MASTER_DEAD:
                return ElectionReason.MASTER_DEAD;
            case ELECTION_REASON_MASTER_MISSING:
                return ElectionReason.MASTER_MISSING;
            case ELECTION_REASON_MASTER_RESTARTED:
                return ElectionReason.MASTER_RESTARTED;
            case ELECTION_REASON_OPERATOR:
                return ElectionReason.OPERATOR;
            case ELECTION_REASON_MASTER_REMOVED:
                return ElectionReason.MASTER_REMOVED;
            case ELECTION_REASON_MASTER_RESIGNED:
                return ElectionReason.MASTER_RESIGNED;
            case ELECTION_REASON_MASTER_UNFIT:
                return ElectionReason.MASTER_UNFIT;
            default:
                throw new UnreadableRecordException(
                        "an election for a reason that this version does not know; upgrade this member");
        }
    }

    static io.mqcontroller.proto.metadata.GroupKey encode(GroupKey key) {
        return io.mqcontroller.proto.metadata.GroupKey.newBuilder()
                .setCluster(key.cluster())
                .setBrokerName(key.brokerName())
                .build();
    }

    static GroupKey decode(io.mqcontroller.proto.metadata.GroupKey key) {
        return new GroupKey(key.getCluster(), key.getBrokerName());
    }

    static List<Long> encode(Collection<BrokerId> ids) {
        List<Long> values = new ArrayList<>(ids.size());
        for (BrokerId id : ids) {
            values.add(id.value());
        }
        return values;
    }

    static SortedSet<BrokerId> decode(List<Long> values) {
        SortedSet<BrokerId> ids = new TreeSet<>();
        for (long value : values) {
            ids.add(new BrokerId(value));
        }
        return ids;
    }
}
