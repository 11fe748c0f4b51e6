package io.mqcontroller.raft.core;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which proposals have taken effect (thesis §6.3), so that one that was proposed again takes effect once. Changed by applying
 * entries only, hence alike on every member.
 *
 * <p>Bounded by {@code maxSessions} clients, of which the longest silent one is forgotten first, and by {@link
 * SequenceSet#MAX_GAPS} for each. A retry that comes after its client was forgotten takes effect again: callers must give up
 * long before.
 */
final class Sessions {
    private static final byte FORMAT_VERSION = 1;

    private final int maxSessions;
    /** By last use, the longest silent first. */
    private final LinkedHashMap<Long, SequenceSet> appliedByClient = new LinkedHashMap<>(16, 0.75f, true);

    Sessions(int maxSessions) {
        this.maxSessions = maxSessions;
    }

    /** Notes that these entries are applied now; returns the indexes of those whose proposal was applied before. */
    List<Long> record(List<Entry> entries) {
        List<Long> duplicates = List.of();
        for (Entry entry : entries) {
            if (entry.kind() == EntryKind.COMMAND && !recordFirst(entry.proposal())) {
                duplicates = duplicates.isEmpty() ? new ArrayList<>() : duplicates;
                duplicates.add(entry.index());
            }
        }
        return duplicates;
    }

    private boolean recordFirst(ProposalId id) {
        if (id.equals(ProposalId.NONE)) {
            return true;
        }
        SequenceSet applied = appliedByClient.get(id.clientId());
        if (applied == null) {
            applied = new SequenceSet();
            appliedByClient.put(id.clientId(), applied);
            forgetLongestSilent();
        }
        return applied.add(id.sequence());
    }

    private void forgetLongestSilent() {
        if (appliedByClient.size() > maxSessions) {
            Iterator<Long> clients = appliedByClient.keySet().iterator();
            clients.next();
            clients.remove();
        }
    }

    /** Version, number of clients, then for each from the longest silent on: id and {@link SequenceSet#writeTo}. */
    Bytes serialize() {
        int size = Byte.BYTES + Integer.BYTES;
        for (SequenceSet applied : appliedByClient.values()) {
            size += Long.BYTES + applied.serializedSize();
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        out.put(FORMAT_VERSION).putInt(appliedByClient.size());
        for (Map.Entry<Long, SequenceSet> client : appliedByClient.entrySet()) {
            out.putLong(client.getKey());
            client.getValue().writeTo(out);
        }
        return Bytes.wrap(out.array());
    }

    /**
     * Takes over what {@link #serialize} gave; nothing in it stands for no sessions.
     *
     * @throws LogDamagedException if this is not what this version writes
     */
    void restore(Bytes serialized) {
        appliedByClient.clear();
        if (serialized.isEmpty()) {
            return;
        }
        ByteBuffer in = serialized.asReadOnlyBuffer();
        byte version = in.get();
        if (version != FORMAT_VERSION) {
            throw new LogDamagedException("the sessions of the snapshot are written in format " + version
                    + "; this version reads format " + FORMAT_VERSION);
        }
        int clients = in.getInt();
        for (int i = 0; i < clients; i++) {
            long clientId = in.getLong();
            appliedByClient.put(clientId, SequenceSet.readFrom(in));
        }
        if (in.hasRemaining()) {
            throw new LogDamagedException("the sessions of the snapshot have " + in.remaining() + " bytes too many");
        }
    }

    int size() {
        return appliedByClient.size();
    }
}
