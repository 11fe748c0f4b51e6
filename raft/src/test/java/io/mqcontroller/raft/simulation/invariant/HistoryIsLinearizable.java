package io.mqcontroller.raft.simulation.invariant;

import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.EntryKind;
import io.mqcontroller.raft.linearizability.History;
import io.mqcontroller.raft.linearizability.LinearizabilityChecker;
import io.mqcontroller.raft.linearizability.SequentialSpecification;
import io.mqcontroller.raft.linearizability.Verdict;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * R8 as the clients see it, whoever answered them: all that they were told can have happened one operation after another, each
 * write once, between its call and its return. What was not answered may have happened late or never. A read shows all that
 * was written to the key, and in which order.
 */
public final class HistoryIsLinearizable implements Invariant {
    /** Far above what a sound history takes; a broken one may take more than anybody can wait for. */
    private static final long MAX_STEPS = 3_000_000;

    private record Call(int key, long number) {}

    /** What was written to a key: how many numbers, and the chain over them. */
    private record Written(long writes, long chain) {
        static final Written NOTHING = new Written(0, 0);

        Written and(long number) {
            return new Written(writes + 1, chainAfter(chain, number));
        }
    }

    private final History<Call, Written> history = new History<>();
    private final Map<List<Long>, History<Call, Written>.Call> open = new HashMap<>();
    /** By key: what was written, after each write. Leads the search; the verdict does not rest on it. */
    private final Map<Integer, List<Written>> applied = new HashMap<>();

    private long appliedIndex;

    private final class Keys implements SequentialSpecification<Written, Call, Written> {
        @Override
        public Object partitionOf(Call call) {
            return call.key;
        }

        @Override
        public Written initialState(Object key) {
            return Written.NOTHING;
        }

        @Override
        public List<Written> after(Written state, Call call, Optional<Written> output) {
            if (call.number > 0) {
                return List.of(state.and(call.number));
            }
            return output.isEmpty() || output.get().equals(state) ? List.of(state) : List.of();
        }

        @Override
        public boolean onlyObserves(Call call, Written output) {
            return call.number == 0;
        }

        /** What was written before stays: the chain over it can lead to what a read has shown, or not. */
        @Override
        public boolean canStillAnswer(Written state, Call call, Written output) {
            List<Written> order = orderOf(call.key);
            boolean isKnown = output.writes < order.size()
                    && order.get((int) output.writes).equals(output);
            return state.writes <= output.writes
                    && (!isKnown || order.get((int) state.writes).equals(state));
        }
    }

    /** What a state machine must keep of each key beside the number of writes, 0 at first, to answer reads. */
    public static long chainAfter(long chain, long number) {
        long mixed = (chain * 31 + number) * 0x9e37_79b9_7f4a_7c15L;
        return mixed ^ (mixed >>> 29);
    }

    private List<Written> orderOf(int key) {
        return applied.computeIfAbsent(key, any -> new ArrayList<>(List.of(Written.NOTHING)));
    }

    @Override
    public void onApplied(Member member, Entry entry, boolean duplicate) {
        if (entry.index() <= appliedIndex) {
            return;
        }
        appliedIndex = entry.index();
        if (entry.kind() == EntryKind.COMMAND && !duplicate) {
            ByteBuffer command = entry.command().asReadOnlyBuffer();
            List<Written> order = orderOf(command.getInt());
            order.add(order.get(order.size() - 1).and(command.getLong()));
        }
    }

    @Override
    public void onCalled(long client, long operation, int key, long number) {
        open.put(List.of(client, operation), history.called(client, new Call(key, number)));
    }

    @Override
    public void onAnswered(long client, long operation, long writes, long chain) {
        open.remove(List.of(client, operation)).answered(new Written(writes, chain));
    }

    @Override
    public void onRefused(long client, long operation) {
        open.remove(List.of(client, operation)).refused();
    }

    @Override
    public void atEnd(List<? extends Member> members) {
        Verdict verdict = new LinearizabilityChecker<>(new Keys(), MAX_STEPS).check(history.operations());
        // Very many writes of unknown outcome may be too much to decide: then the rules about the inside must do.
        if (verdict.kind() == Verdict.Kind.NOT_LINEARIZABLE) {
            throw new InvariantViolation(getClass(), verdict.kind() + ": " + verdict.explanation());
        }
    }
}
