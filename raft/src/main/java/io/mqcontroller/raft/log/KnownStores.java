package io.mqcontroller.raft.log;

import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.log.RocksDatabase.Cursor;
import io.mqcontroller.raft.log.RocksDatabase.Family;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeMap;

/**
 * The random number of this store, and those of the stores that other members came with when this one first met them. Kept in
 * the store itself: a member that has lost its store has another number, and everybody who ever took anything from it knows
 * that. Any thread.
 */
public final class KnownStores {
    /** More than ever belong to one cluster: what strangers say fills no disk. */
    private static final int MAX_MEMBERS = 1_024;

    private static final byte[] OWN_KEY = "store-number".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REPLACES_LOST_KEY = "replaces-lost".getBytes(StandardCharsets.US_ASCII);
    private static final String MEMBER_KEYS = "store-of/";

    private final RocksDatabase database;
    private final long ownNumber;
    private final Map<NodeId, Long> members = new TreeMap<>();
    private boolean replacesLost;

    KnownStores(RocksDatabase database) throws IOException {
        this.database = database;
        byte[] own = database.get(Family.IDENTITY, OWN_KEY);
        ownNumber = own == null ? makeOwn() : numberIn(own);
        replacesLost = database.get(Family.IDENTITY, REPLACES_LOST_KEY) != null;
        try (Cursor cursor = database.cursor(Family.IDENTITY)) {
            boolean more = cursor.seek(keyOf(""));
            while (more && nameIn(cursor.key()).startsWith(MEMBER_KEYS)) {
                NodeId member = new NodeId(nameIn(cursor.key()).substring(MEMBER_KEYS.length()));
                members.put(member, numberIn(cursor.value()));
                more = cursor.next();
            }
        }
    }

    private long makeOwn() throws IOException {
        long number = new SecureRandom().nextLong() | 1;
        put(OWN_KEY, number);
        return number;
    }

    /** Never 0. A store of a version that knew no numbers is given one when it is opened. */
    public long ownNumber() {
        return ownNumber;
    }

    /**
     * Whether this store was made in the place of a damaged one, by a member that knows that and gives no vote before it is
     * whole again ({@link io.mqcontroller.raft.core.HardState#isRecovering}).
     */
    public synchronized boolean replacesLost() {
        return replacesLost;
    }

    synchronized void noteLoss() throws IOException {
        if (!replacesLost) {
            put(REPLACES_LOST_KEY, ownNumber);
            replacesLost = true;
        }
    }

    /**
     * Whether {@code member} was met with this store only, or never; then it is remembered, durably. Blocks.
     *
     * @param replaces whether the store says that it takes the place of a damaged one: then it does
     */
    public synchronized boolean isStoreOf(NodeId member, long number, boolean replaces) throws IOException {
        Long known = members.get(member);
        if (known != null && known == number) {
            return true;
        } else if (known != null && !replaces || members.size() >= MAX_MEMBERS) {
            return false;
        }
        put(keyOf(member.value()), number);
        members.put(member, number);
        return true;
    }

    private void put(byte[] key, long number) throws IOException {
        byte[] value = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
        database.writeSynced(batch -> batch.put(database.handle(Family.IDENTITY), key, value));
    }

    private static byte[] keyOf(String member) {
        return (MEMBER_KEYS + member).getBytes(StandardCharsets.UTF_8);
    }

    private static String nameIn(byte[] key) {
        return new String(key, StandardCharsets.UTF_8);
    }

    private long numberIn(byte[] value) throws DamagedStoreException {
        try {
            return ByteBuffer.wrap(value).getLong();
        } catch (BufferUnderflowException tooShort) {
            throw new DamagedStoreException(
                    "the store " + database.directory() + " has an unreadable store number", tooShort);
        }
    }
}
