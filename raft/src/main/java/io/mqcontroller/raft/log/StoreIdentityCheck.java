package io.mqcontroller.raft.log;

import com.google.protobuf.InvalidProtocolBufferException;
import io.mqcontroller.proto.raft.StoreIdentity;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.log.RocksDatabase.Cursor;
import io.mqcontroller.raft.log.RocksDatabase.Family;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Says whose a store is, in the store itself, and refuses one that is somebody else's or of a newer format. */
final class StoreIdentityCheck {
    static final int FORMAT_VERSION = 1;

    private static final byte[] IDENTITY_KEY = "identity".getBytes(StandardCharsets.US_ASCII);

    private StoreIdentityCheck() {}

    /** Writes the identity if the store is new, durably, before anything else. */
    static void check(RocksDatabase database, StoreOwner owner) throws IOException {
        Optional<StoreIdentity> stored = read(database);
        if (stored.isEmpty()) {
            requireNothingStored(database);
            write(database, owner);
            return;
        }
        StoreIdentity identity = stored.get();
        if (identity.getFormatVersion() > FORMAT_VERSION) {
            throw new ForeignStoreException(
                    "the store " + database.directory() + " has format " + identity.getFormatVersion()
                            + ", written by a newer version; this one reads formats up to " + FORMAT_VERSION);
        }
        StoreOwner found =
                new StoreOwner(identity.getCluster(), new NodeId(identity.getNodeId()), identity.getIncarnation());
        if (!found.cluster().equals(owner.cluster()) || !found.nodeId().equals(owner.nodeId())) {
            throw new ForeignStoreException("the store " + database.directory() + " belongs to member " + found.nodeId()
                    + " of cluster " + found.cluster() + ", not to member " + owner.nodeId() + " of cluster "
                    + owner.cluster());
        }
    }

    /** Empty if the store is only being made. */
    static Optional<StoreIdentity> read(RocksDatabase database) throws IOException {
        byte[] stored = database.get(Family.IDENTITY, IDENTITY_KEY);
        if (stored == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(StoreIdentity.parseFrom(stored));
        } catch (InvalidProtocolBufferException unreadable) {
            throw new DamagedStoreException(
                    "the store " + database.directory() + " has an unreadable identity", unreadable);
        }
    }

    /** Without an identity there is nothing else yet: it is the first thing written, so its making was cut short. */
    private static void requireNothingStored(RocksDatabase database) throws IOException {
        for (Family family : Family.values()) {
            try (Cursor any = database.cursor(family)) {
                if (any.seek(new byte[0])) {
                    throw new DamagedStoreException("the store " + database.directory()
                            + " has lost its identity: it holds " + family + " without one");
                }
            }
        }
    }

    private static void write(RocksDatabase database, StoreOwner owner) throws IOException {
        StoreIdentity identity = StoreIdentity.newBuilder()
                .setFormatVersion(FORMAT_VERSION)
                .setCluster(owner.cluster())
                .setNodeId(owner.nodeId().value())
                .setIncarnation(owner.incarnation())
                .build();
        database.writeSynced(
                batch -> batch.put(database.handle(Family.IDENTITY), IDENTITY_KEY, identity.toByteArray()));
        // From here on there is a table, which tells a store that lost its log from one that is being made.
        database.flush();
    }
}
