package io.mqcontroller.raft.simulation.invariant;

import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.ProposalId;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * R8: a read sees every write that anybody had applied, and so could have acknowledged, before the read was asked for, and
 * never less than an earlier read of the same key. Each key is written with growing numbers and holds the largest of them,
 * so "sees" is a comparison.
 */
public final class ReadsAreLinearizable implements Invariant {
    private record Begun(Member member, int life, int key, long atLeast, long committedIndex) {}

    private final CommittedLog committed;
    private final Map<Long, Begun> reads = new HashMap<>();
    private final Map<Integer, Long> visible = new HashMap<>();
    private final Map<ProposalId, Entry> acknowledgeable = new HashMap<>();

    public ReadsAreLinearizable(CommittedLog committed) {
        this.committed = committed;
    }

    @Override
    public void onApplied(Member member, Entry entry, boolean duplicate) {
        if (!entry.command().isEmpty()) {
            acknowledgeable.putIfAbsent(entry.proposal(), entry);
        }
    }

    @Override
    public void onAcknowledged(Member member, ProposalId id, long index) {
        Entry entry = acknowledgeable.get(id);
        if (entry == null) {
            throw new InvariantViolation(getClass(), member.id() + " acknowledges " + id + ", which nobody applied");
        }
        ByteBuffer command = entry.command().asReadOnlyBuffer();
        visible.merge(command.getInt(), command.getLong(), Math::max);
    }

    @Override
    public void onReadBegun(Member member, long readId, int key) {
        long atLeast = visible.getOrDefault(key, 0L);
        reads.put(readId, new Begun(member, member.life(), key, atLeast, committed.lastIndex()));
    }

    @Override
    public void onReadServed(Member member, long readId, long readIndex, long value) {
        Begun begun = reads.remove(readId);
        if (begun == null || begun.member != member || begun.life != member.life()) {
            throw new InvariantViolation(
                    getClass(), member.id() + " answers read " + readId + ", which it was not asked");
        }
        if (value < begun.atLeast) {
            throw new InvariantViolation(
                    getClass(),
                    member.id() + " reads " + value + " of key " + begun.key + " where " + begun.atLeast
                            + " was acknowledged or read before");
        }
        if (readIndex < begun.committedIndex || member.appliedIndex() < readIndex) {
            throw new InvariantViolation(
                    getClass(),
                    member.id() + " serves a read at index " + readIndex + " with " + member.appliedIndex()
                            + " applied, but " + begun.committedIndex + " was committed when it was asked for");
        }
        visible.merge(begun.key, value, Math::max);
    }
}
