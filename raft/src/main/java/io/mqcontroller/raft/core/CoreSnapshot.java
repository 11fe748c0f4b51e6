package io.mqcontroller.raft.core;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;

/**
 * The core's own part of a snapshot. Format 1 is {@link Sessions} alone: of snapshots that were taken while the first boot's
 * configuration was in force, so that members of an older version can read them. Format 2 is: 2 (1 byte), index of the
 * configuration (8), length of the configuration (4), {@link ConfigurationFormat}, and the sessions as in format 1.
 */
record CoreSnapshot(Bytes sessions, Optional<Placed> configuration) {
    private static final byte WITH_CONFIGURATION = 2;

    /** A configuration and the index of the entry that held it. */
    record Placed(long index, Configuration configuration) {}

    static Bytes write(Sessions sessions, Map.Entry<Long, Configuration> configuration) {
        Bytes plain = sessions.serialize();
        if (configuration.getKey() == 0) {
            return plain;
        }
        Bytes members = ConfigurationFormat.write(configuration.getValue());
        return Bytes.wrap(ByteBuffer.allocate(1 + Long.BYTES + Integer.BYTES + members.size() + plain.size())
                .put(WITH_CONFIGURATION)
                .putLong(configuration.getKey())
                .putInt(members.size())
                .put(members.asReadOnlyBuffer())
                .put(plain.asReadOnlyBuffer())
                .array());
    }

    /** @throws LogDamagedException if this is not what this version or an older one writes */
    static CoreSnapshot read(Bytes written) {
        ByteBuffer in = written.asReadOnlyBuffer();
        if (written.isEmpty() || in.get() != WITH_CONFIGURATION) {
            return new CoreSnapshot(written, Optional.empty());
        }
        try {
            long index = in.getLong();
            byte[] members = new byte[in.getInt()];
            in.get(members);
            byte[] sessions = new byte[in.remaining()];
            in.get(sessions);
            Placed placed = new Placed(index, ConfigurationFormat.read(Bytes.wrap(members)));
            return new CoreSnapshot(Bytes.wrap(sessions), Optional.of(placed));
        } catch (BufferUnderflowException | NegativeArraySizeException tooShort) {
            throw new LogDamagedException("the core's part of the snapshot ends too early: " + tooShort);
        }
    }
}
