package io.mqcontroller.raft.linearizability;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** The search in one partition: depth first, each placed operation on top of those before it. */
final class Search<S, I, O> {
    private static final int SHOWN = 12;

    private final SequentialSpecification<S, I, O> specification;
    /** By the moment of their call. */
    private final List<Operation<I, O>> operations;

    private final long maxSteps;
    private final Deque<Placed<S>> order = new ArrayDeque<>();
    private final BitSet placed = new BitSet();
    private final Set<Seen<S>> seen = new HashSet<>();
    private final S initial;
    private final int answered;
    private int answeredPlaced;
    private long steps;
    private int longest = -1;
    private String obstacle = "";

    /** An operation that could come next, and a state that it would lead to. */
    private record Next<S>(int operation, S state) {}

    /** An operation in its place, the state after it, and what may follow. */
    private record Placed<S>(int operation, S state, Iterator<Next<S>> following) {}

    /** Operations that were placed, in any order, and the state that they led to. */
    private record Seen<S>(BitSet placed, S state) {}

    Search(SequentialSpecification<S, I, O> specification, S initial, List<Operation<I, O>> operations, long maxSteps) {
        this.specification = specification;
        this.initial = initial;
        this.operations = operations;
        this.maxSteps = maxSteps;
        this.answered = (int) operations.stream().filter(Operation::isAnswered).count();
    }

    Verdict run() {
        S state = initial;
        Iterator<Next<S>> candidates = candidates(state).iterator();
        // Operations without an answer need no place: they may never have happened.
        while (answeredPlaced < answered) {
            if (candidates.hasNext()) {
                Next<S> next = candidates.next();
                if (++steps > maxSteps) {
                    return new Verdict(Verdict.Kind.UNDECIDED, "gave up after " + maxSteps + " steps. " + obstacle);
                }
                place(next.operation());
                if (seen.add(new Seen<>((BitSet) placed.clone(), next.state()))) {
                    order.push(new Placed<>(next.operation(), state, candidates));
                    state = next.state();
                    candidates = candidates(state).iterator();
                } else {
                    takeBack(next.operation());
                }
            } else if (order.isEmpty()) {
                return new Verdict(Verdict.Kind.NOT_LINEARIZABLE, obstacle);
            } else {
                Placed<S> last = order.pop();
                takeBack(last.operation());
                state = last.state();
                candidates = last.following();
            }
        }
        return Verdict.LINEARIZABLE;
    }

    private void place(int operation) {
        placed.set(operation);
        if (operations.get(operation).isAnswered()) {
            answeredPlaced++;
        }
    }

    private void takeBack(int operation) {
        placed.clear(operation);
        if (operations.get(operation).isAnswered()) {
            answeredPlaced--;
        }
    }

    /** What may come next: operations that were called before any other that has no place yet returned. */
    private List<Next<S>> candidates(S state) {
        List<Next<S>> answeredNext = new ArrayList<>();
        List<Next<S>> unknownNext = new ArrayList<>();
        Set<I> unknownInputs = new HashSet<>();
        long firstReturn = Long.MAX_VALUE;
        int i = placed.nextClearBit(0);
        while (i < operations.size() && operations.get(i).called() <= firstReturn) {
            Operation<I, O> operation = operations.get(i);
            firstReturn = Math.min(firstReturn, operation.returned());
            // Of two that are alike and have no answer the earlier will do: whatever the later could explain, it can.
            if (operation.isAnswered()) {
                addNext(answeredNext, state, i);
            } else if (unknownInputs.add(operation.input())) {
                addNext(unknownNext, state, i);
            }
            i = placed.nextClearBit(i + 1);
        }
        if (answeredPlaced > longest) {
            longest = answeredPlaced;
            obstacle = obstacle(state, i);
        }
        answeredNext.addAll(unknownNext);
        return answeredNext;
    }

    private void addNext(List<Next<S>> next, S state, int i) {
        Operation<I, O> operation = operations.get(i);
        for (S after : specification.after(state, operation.input(), operation.output())) {
            // Without an answer to explain, an operation that changes nothing needs no place.
            if (operation.isAnswered() || !after.equals(state)) {
                next.add(new Next<>(i, after));
            }
        }
    }

    private String obstacle(S state, int end) {
        StringBuilder text = new StringBuilder();
        text.append(answeredPlaced).append(" of ").append(answered).append(" answers have a place, ending in ");
        text.append(state).append("; none of these can come next:");
        int shown = 0;
        for (int i = placed.nextClearBit(0); i < end && shown < SHOWN; i = placed.nextClearBit(i + 1)) {
            text.append("\n  ").append(operations.get(i));
            shown++;
        }
        return text.toString();
    }
}
