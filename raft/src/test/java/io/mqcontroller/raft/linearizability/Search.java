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
    /** So many of the next operations that only observe are asked whether their answers are still possible. */
    private static final int LOOKED_AHEAD = 8;

    private final SequentialSpecification<S, I, O> specification;
    /** By the moment of their call. */
    private final List<Operation<I, O>> operations;

    private final long maxSteps;
    private final Deque<Placed<S>> order = new ArrayDeque<>();
    private final BitSet placed = new BitSet();
    /** Those that only observe and have no place yet. */
    private final BitSet observers = new BitSet();

    private final BitSet allObservers = new BitSet();
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
        for (int i = 0; i < operations.size(); i++) {
            Operation<I, O> operation = operations.get(i);
            allObservers.set(
                    i,
                    operation.isAnswered()
                            && specification.onlyObserves(
                                    operation.input(), operation.output().get()));
        }
        observers.or(allObservers);
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
                if (isPromising(next.state()) && seen.add(new Seen<>((BitSet) placed.clone(), next.state()))) {
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
        observers.clear(operation);
        if (operations.get(operation).isAnswered()) {
            answeredPlaced++;
        }
    }

    private void takeBack(int operation) {
        placed.clear(operation);
        observers.set(operation, allObservers.get(operation));
        if (operations.get(operation).isAnswered()) {
            answeredPlaced--;
        }
    }

    private boolean isPromising(S state) {
        int i = observers.nextSetBit(0);
        for (int looked = 0; i >= 0 && looked < LOOKED_AHEAD; looked++) {
            Operation<I, O> operation = operations.get(i);
            if (!specification.canStillAnswer(
                    state, operation.input(), operation.output().get())) {
                return false;
            }
            i = observers.nextSetBit(i + 1);
        }
        return true;
    }

    /**
     * What may come next: operations that were called before any other that has no place yet returned. If one of them only
     * observes and has the right answer here, it alone: no order is lost by giving it its place now.
     */
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
                List<S> after = specification.after(state, operation.input(), operation.output());
                if (allObservers.get(i) && !after.isEmpty()) {
                    return List.of(new Next<>(i, state));
                }
                addAll(answeredNext, i, after);
            } else if (unknownInputs.add(operation.input())) {
                List<S> after = new ArrayList<>(specification.after(state, operation.input(), operation.output()));
                // Without an answer to explain, an operation that changes nothing needs no place.
                after.remove(state);
                addAll(unknownNext, i, after);
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

    private void addAll(List<Next<S>> next, int operation, List<S> states) {
        states.forEach(state -> next.add(new Next<>(operation, state)));
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
