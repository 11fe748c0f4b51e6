package io.mqcontroller.controller.controller.replication;

import com.google.protobuf.MessageLite;
import io.mqcontroller.controller.metadata.AckRule;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.ClusterMetadata;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.PersistentSortedMap;
import io.mqcontroller.controller.metadata.SyncStateSet;
import io.mqcontroller.controller.metadata.Tombstone;
import io.mqcontroller.proto.metadata.Group;
import io.mqcontroller.proto.metadata.Replica;
import io.mqcontroller.proto.metadata.SnapshotHeader;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** A whole state as bytes, the same ones for the same state; see {@code metadata_record.proto}. */
public final class SnapshotCodec {
    private static final int FORMAT_WITHOUT_AGENTS = 1;
    private static final int FORMAT_WITHOUT_LEASE = 2;
    private static final int FORMAT_WITHOUT_DRAIN = 3;
    private static final int FORMAT_WITHOUT_ACK_RULE = 4;
    private static final int FORMAT = 5;

    private SnapshotCodec() {}

    /** Of what {@link #write} writes: alike where the same is held. Takes some milliseconds for ten thousand groups. */
    public static byte[] sha256(ReplicatedState state) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            write(state, new DigestOutputStream(OutputStream.nullOutputStream(), digest));
            return digest.digest();
        } catch (NoSuchAlgorithmException | IOException impossible) {
            throw new IllegalStateException("every Java has SHA-256, and nothing is written anywhere", impossible);
        }
    }

    public static void write(ReplicatedState state, OutputStream out) throws IOException {
        BufferedOutputStream buffered = new BufferedOutputStream(out, 64 << 10);
        SnapshotHeader.newBuilder()
                .setFormat(formatOf(state))
                .setDecidedTerm(state.decidedTerm())
                .setSequence(state.sequence())
                .setGroups(state.metadata().groups().size())
                .setTombstones(state.metadata().tombstones().size())
                .setMasterLeaseMs(hasItsOwnLease(state) ? state.metadata().masterLeaseMs() : 0)
                .build()
                .writeDelimitedTo(buffered);
        try {
            state.metadata().groups().forEach((key, group) -> write(encode(group), buffered));
            state.metadata().tombstones().forEach((key, tombstone) -> write(encode(key, tombstone), buffered));
        } catch (UncheckedIOException failed) {
            throw failed.getCause();
        }
        buffered.flush();
    }

    /** One part at a time: all of them may be more than the memory holds besides the state itself. */
    private static void write(MessageLite part, OutputStream out) {
        try {
            part.writeDelimitedTo(out);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** @throws IOException if the content is cut short, or of a format that this version does not know */
    public static ReplicatedState read(InputStream in) throws IOException {
        SnapshotHeader header = present(SnapshotHeader.parseDelimitedFrom(in));
        if (header.getFormat() < FORMAT_WITHOUT_AGENTS || header.getFormat() > FORMAT) {
            throw new IOException("snapshot format " + header.getFormat() + ", but this version knows formats up to "
                    + FORMAT + "; upgrade this member");
        }
        PersistentSortedMap<GroupKey, BrokerGroup> groups = PersistentSortedMap.empty();
        for (long i = 0; i < header.getGroups(); i++) {
            BrokerGroup group = decode(present(Group.parseDelimitedFrom(in)));
            groups = groups.with(group.key(), group);
        }
        PersistentSortedMap<GroupKey, Tombstone> tombstones = PersistentSortedMap.empty();
        for (long i = 0; i < header.getTombstones(); i++) {
            var past = present(io.mqcontroller.proto.metadata.Tombstone.parseDelimitedFrom(in));
            tombstones = tombstones.with(
                    RecordCodec.decode(past.getKey()),
                    new Tombstone(past.getNextBrokerId(), past.getMasterEpoch(), past.getSyncStateSetEpoch()));
        }
        return new ReplicatedState(
                new ClusterMetadata(groups, tombstones, leaseOf(header)),
                header.getDecidedTerm(),
                header.getSequence());
    }

    private static long leaseOf(SnapshotHeader header) throws IOException {
        long leaseMs = header.getMasterLeaseMs();
        if (leaseMs < 0) {
            throw new IOException("the snapshot says that leases are " + leaseMs + " ms long");
        }
        return leaseMs == 0 ? ClusterMetadata.INITIAL_MASTER_LEASE_MS : leaseMs;
    }

    /** The oldest that can tell of everything in it: members of versions before go on reading what this one writes. */
    private static int formatOf(ReplicatedState state) {
        if (hasAnyGroup(state, group -> group.weakestAckRule() == AckRule.ALL_IN_SYNC)) {
            return FORMAT;
        }
        if (hasAny(state, io.mqcontroller.controller.metadata.Replica::drained)) {
            return FORMAT_WITHOUT_ACK_RULE;
        }
        if (hasItsOwnLease(state)) {
            return FORMAT_WITHOUT_DRAIN;
        }
        return hasAny(state, io.mqcontroller.controller.metadata.Replica::agent)
                ? FORMAT_WITHOUT_LEASE
                : FORMAT_WITHOUT_AGENTS;
    }

    private static boolean hasItsOwnLease(ReplicatedState state) {
        return state.metadata().masterLeaseMs() != ClusterMetadata.INITIAL_MASTER_LEASE_MS;
    }

    private static boolean hasAny(ReplicatedState state, Predicate<io.mqcontroller.controller.metadata.Replica> kind) {
        return hasAnyGroup(state, group -> group.replicas().values().stream().anyMatch(kind));
    }

    private static boolean hasAnyGroup(ReplicatedState state, Predicate<BrokerGroup> kind) {
        boolean[] found = new boolean[1];
        state.metadata().groups().forEach((key, group) -> found[0] |= kind.test(group));
        return found[0];
    }

    private static <T> T present(T part) throws IOException {
        if (part == null) {
            throw new IOException("the snapshot ends before it is complete");
        }
        return part;
    }

    private static Group encode(BrokerGroup group) {
        Group.Builder builder = Group.newBuilder()
                .setKey(RecordCodec.encode(group.key()))
                .setNextBrokerId(group.nextBrokerId())
                .setEverElected(group.everElected())
                .setMaster(group.master().map(BrokerId::value).orElse(0L))
                .setMasterEpoch(group.masterEpoch())
                .addAllSyncStateSet(RecordCodec.encode(group.syncStateSet().members()))
                .setSyncStateSetEpoch(group.syncStateSet().epoch())
                .setAllInSync(group.weakestAckRule() == AckRule.ALL_IN_SYNC);
        group.replicas()
                .values()
                .forEach(replica -> builder.addReplicas(Replica.newBuilder()
                        .setBrokerId(replica.id().value())
                        .setAddress(replica.address())
                        .setRegisterCheckCode(replica.registerCheckCode())
                        .setAgent(replica.agent())
                        .setDrained(replica.drained())));
        return builder.build();
    }

    private static io.mqcontroller.proto.metadata.Tombstone encode(GroupKey key, Tombstone tombstone) {
        return io.mqcontroller.proto.metadata.Tombstone.newBuilder()
                .setKey(RecordCodec.encode(key))
                .setNextBrokerId(tombstone.nextBrokerId())
                .setMasterEpoch(tombstone.masterEpoch())
                .setSyncStateSetEpoch(tombstone.syncStateSetEpoch())
                .build();
    }

    private static BrokerGroup decode(Group group) {
        SortedMap<BrokerId, io.mqcontroller.controller.metadata.Replica> replicas = new TreeMap<>();
        for (Replica replica : group.getReplicasList()) {
            BrokerId id = new BrokerId(replica.getBrokerId());
            replicas.put(
                    id,
                    new io.mqcontroller.controller.metadata.Replica(
                            id,
                            replica.getAddress(),
                            replica.getRegisterCheckCode(),
                            replica.getAgent(),
                            replica.getDrained()));
        }
        return new BrokerGroup(
                RecordCodec.decode(group.getKey()),
                replicas,
                group.getNextBrokerId(),
                group.getEverElected(),
                group.getMaster() == 0 ? Optional.empty() : Optional.of(new BrokerId(group.getMaster())),
                group.getMasterEpoch(),
                new SyncStateSet(RecordCodec.decode(group.getSyncStateSetList()), group.getSyncStateSetEpoch()),
                group.getAllInSync() ? AckRule.ALL_IN_SYNC : AckRule.WEAKER);
    }
}
