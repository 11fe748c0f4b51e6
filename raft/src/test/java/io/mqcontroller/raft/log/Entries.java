package io.mqcontroller.raft.log;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.EntryKind;
import io.mqcontroller.raft.core.HardState;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.ProposalId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Entries and persists for tests. */
public final class Entries {
    private Entries() {}

    /** {@code count} commands of a term, from {@code firstIndex} on, behind an entry with the chain value {@code chain}. */
    public static List<Entry> chainOf(long chain, long term, long firstIndex, int count) {
        List<Entry> entries = new ArrayList<>();
        long previous = chain;
        for (long index = firstIndex; index < firstIndex + count; index++) {
            Entry entry = Entry.create(
                    previous,
                    new LogPosition(term, index),
                    EntryKind.COMMAND,
                    new ProposalId(7, index),
                    Bytes.utf8("command " + term + "/" + index));
            entries.add(entry);
            previous = entry.chain();
        }
        return entries;
    }

    public static Effect.Persist append(long sequence, List<Entry> entries) {
        return new Effect.Persist(sequence, Optional.empty(), OptionalLong.empty(), entries);
    }

    public static Effect.Persist truncateAndAppend(long sequence, long from, List<Entry> entries) {
        return new Effect.Persist(sequence, Optional.empty(), OptionalLong.of(from), entries);
    }

    public static Effect.Persist hardState(long sequence, long term, String votedFor, long commitIndex) {
        return new Effect.Persist(
                sequence,
                Optional.of(new HardState(term, Optional.of(new NodeId(votedFor)), commitIndex)),
                OptionalLong.empty(),
                List.of());
    }
}
