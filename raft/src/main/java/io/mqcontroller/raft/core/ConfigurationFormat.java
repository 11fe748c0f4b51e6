package io.mqcontroller.raft.core;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A configuration as bytes, in entries and snapshots: version (1 byte), number of members (2), then for each in the order of
 * their ids: id, address (2 bytes of length, UTF-8), incarnation (8), parts (1; bits: 1 votes, 2 outgoing, 4 learns); number
 * of removed ids (2), those ids. Big-endian.
 */
final class ConfigurationFormat {
    private static final byte VERSION = 1;
    private static final int VOTES = 1;
    private static final int OUTGOING = 2;
    private static final int LEARNS = 4;

    private ConfigurationFormat() {}

    static Bytes write(Configuration configuration) {
        int size = 1 + 2 * Short.BYTES;
        for (ConfiguredMember member : configuration.members().values()) {
            size += sizeOf(member.id().value()) + sizeOf(member.address()) + Long.BYTES + 1;
        }
        for (NodeId id : configuration.removed()) {
            size += sizeOf(id.value());
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        out.put(VERSION).putShort((short) configuration.members().size());
        for (ConfiguredMember member : configuration.members().values()) {
            writeText(member.id().value(), out);
            writeText(member.address(), out);
            out.putLong(member.incarnation()).put((byte) partsOf(member.id(), configuration));
        }
        out.putShort((short) configuration.removed().size());
        for (NodeId id : configuration.removed()) {
            writeText(id.value(), out);
        }
        return Bytes.wrap(out.array());
    }

    private static int partsOf(NodeId id, Configuration configuration) {
        return (configuration.voters().contains(id) ? VOTES : 0)
                | (configuration.outgoing().contains(id) ? OUTGOING : 0)
                | (configuration.learners().contains(id) ? LEARNS : 0);
    }

    private static int sizeOf(String text) {
        return Short.BYTES + text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static void writeText(String text, ByteBuffer out) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.putShort((short) bytes.length).put(bytes);
    }

    /** @throws LogDamagedException if this is not what this version or an older one writes */
    static Configuration read(Bytes written) {
        ByteBuffer in = written.asReadOnlyBuffer();
        try {
            byte version = in.get();
            if (version != VERSION) {
                throw new LogDamagedException("the configuration of the cluster is written in format " + version
                        + "; this version reads format " + VERSION);
            }
            Configuration configuration = readContent(in);
            if (in.hasRemaining()) {
                throw new LogDamagedException(
                        "the configuration of the cluster has " + in.remaining() + " bytes too many");
            }
            return configuration;
        } catch (BufferUnderflowException | IllegalArgumentException unreadable) {
            throw new LogDamagedException("the configuration of the cluster is unreadable: " + unreadable);
        }
    }

    private static Configuration readContent(ByteBuffer in) {
        SortedMap<NodeId, ConfiguredMember> members = new TreeMap<>();
        SortedSet<NodeId> voters = new TreeSet<>();
        SortedSet<NodeId> outgoing = new TreeSet<>();
        SortedSet<NodeId> learners = new TreeSet<>();
        int count = Short.toUnsignedInt(in.getShort());
        for (int i = 0; i < count; i++) {
            NodeId id = new NodeId(readText(in));
            members.put(id, new ConfiguredMember(id, readText(in), in.getLong()));
            int parts = in.get();
            addIf(parts & VOTES, id, voters);
            addIf(parts & OUTGOING, id, outgoing);
            addIf(parts & LEARNS, id, learners);
        }
        SortedSet<NodeId> removed = new TreeSet<>();
        int removedCount = Short.toUnsignedInt(in.getShort());
        for (int i = 0; i < removedCount; i++) {
            removed.add(new NodeId(readText(in)));
        }
        return new Configuration(members, voters, outgoing, learners, removed);
    }

    private static void addIf(int bit, NodeId id, SortedSet<NodeId> set) {
        if (bit != 0) {
            set.add(id);
        }
    }

    private static String readText(ByteBuffer in) {
        byte[] bytes = new byte[Short.toUnsignedInt(in.getShort())];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
