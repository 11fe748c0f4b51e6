package io.mqcontroller.raft.linearizability;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks for an order of all operations in which each has the effect and the answer that it would have alone, and which no
 * client could tell from what it saw: an operation that returned before another was called comes before it (Herlihy and Wing
 * 1990). The search is that of Wing and Gong (1993) with the memory of Lowe (2017): a set of placed operations that has led
 * to the same state before is not tried again. Partitions are searched by themselves (Horn and Kroening 2015).
 */
public final class LinearizabilityChecker<S, I, O> {
    private static final long MAX_STEPS = 2_000_000;

    private final SequentialSpecification<S, I, O> specification;
    private final long maxSteps;

    public LinearizabilityChecker(SequentialSpecification<S, I, O> specification) {
        this(specification, MAX_STEPS);
    }

    /**
     * @param maxSteps placements that are tried in each partition before the search gives up; memory grows with it
     */
    public LinearizabilityChecker(SequentialSpecification<S, I, O> specification, long maxSteps) {
        this.specification = specification;
        this.maxSteps = maxSteps;
    }

    /** Whether the operations, in whatever order they are given, can have happened one after another. */
    public Verdict check(List<Operation<I, O>> history) {
        Verdict worst = Verdict.LINEARIZABLE;
        for (Map.Entry<Object, List<Operation<I, O>>> partition :
                partitions(history).entrySet()) {
            S initial = specification.initialState(partition.getKey());
            Verdict verdict = new Search<>(specification, initial, partition.getValue(), maxSteps).run();
            if (verdict.kind() == Verdict.Kind.NOT_LINEARIZABLE) {
                return verdict;
            } else if (verdict.kind() == Verdict.Kind.UNDECIDED) {
                worst = verdict;
            }
        }
        return worst;
    }

    private Map<Object, List<Operation<I, O>>> partitions(List<Operation<I, O>> history) {
        Map<Object, List<Operation<I, O>>> partitions = new LinkedHashMap<>();
        history.stream()
                .sorted(Comparator.comparingLong((Operation<I, O> operation) -> operation.called())
                        .thenComparingLong(Operation::returned))
                .forEach(operation -> partitions
                        .computeIfAbsent(specification.partitionOf(operation.input()), key -> new ArrayList<>())
                        .add(operation));
        return partitions;
    }
}
