package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.EntryKind;
import io.mqcontroller.raft.simulation.invariant.HistoryIsLinearizable;
import java.nio.ByteBuffer;

/** Keys that hold the largest number written to them and a chain over all numbers; a hash over all that ever happened. */
final class SimStateMachine {
    private final long[] values;
    private final long[] writes;
    private final long[] chains;
    private long hash;
    private long appliedIndex;

    SimStateMachine(int keys) {
        values = new long[keys];
        writes = new long[keys];
        chains = new long[keys];
    }

    /** A write of {@code number}, with filler so that sizes differ. */
    static Bytes command(int key, long number, int fillerBytes) {
        return Bytes.wrap(ByteBuffer.allocate(Integer.BYTES + Long.BYTES + fillerBytes)
                .putInt(key)
                .putLong(number)
                .array());
    }

    void apply(Entry entry, boolean duplicate) {
        appliedIndex = entry.index();
        if (entry.kind() != EntryKind.COMMAND || duplicate) {
            return;
        }
        ByteBuffer command = entry.command().asReadOnlyBuffer();
        int key = command.getInt();
        long number = command.getLong();
        values[key] = Math.max(values[key], number);
        writes[key]++;
        chains[key] = HistoryIsLinearizable.chainAfter(chains[key], number);
        hash = Trace.mix(Trace.mix(hash, number), entry.proposal().clientId() * 31 + key);
    }

    long value(int key) {
        return values[key];
    }

    /** How many writes of {@code key} took effect. */
    long writes(int key) {
        return writes[key];
    }

    /** All numbers written to {@code key}, in their order. */
    long chain(int key) {
        return chains[key];
    }

    long hash() {
        return hash;
    }

    long appliedIndex() {
        return appliedIndex;
    }

    Bytes capture() {
        ByteBuffer content = ByteBuffer.allocate(Long.BYTES * (2 + 3 * values.length));
        content.putLong(appliedIndex).putLong(hash);
        for (int key = 0; key < values.length; key++) {
            content.putLong(values[key]).putLong(writes[key]).putLong(chains[key]);
        }
        return Bytes.wrap(content.array());
    }

    void restore(Bytes captured) {
        ByteBuffer content = captured.asReadOnlyBuffer();
        appliedIndex = content.getLong();
        hash = content.getLong();
        for (int key = 0; key < values.length; key++) {
            values[key] = content.getLong();
            writes[key] = content.getLong();
            chains[key] = content.getLong();
        }
    }
}
