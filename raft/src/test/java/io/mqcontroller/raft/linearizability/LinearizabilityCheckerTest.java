package io.mqcontroller.raft.linearizability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.raft.linearizability.KeyValueStore.Command;
import io.mqcontroller.raft.linearizability.KeyValueStore.CompareAndSet;
import io.mqcontroller.raft.linearizability.KeyValueStore.Read;
import io.mqcontroller.raft.linearizability.KeyValueStore.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LinearizabilityCheckerTest {
    private static final int SEEDS = 10;
    private static final int EACH = 40;
    private static final int SMALL_HISTORIES = 20_000;

    private final LinearizabilityChecker<Long, Command, Long> checker =
            new LinearizabilityChecker<>(new KeyValueStore());

    @Test
    void acceptsWhatHappened() {
        for (long seed = 0; seed < 20 * SEEDS; seed++) {
            Verdict verdict = checker.check(CorrectHistory.of(seed, EACH));
            assertTrue(verdict.isLinearizable(), "seed " + seed + ": " + verdict);
        }
    }

    /** 16 lies in 10 histories each: all 160 are found. */
    @ParameterizedTest
    @EnumSource(Lie.class)
    void findsTheLie(Lie lie) {
        for (long seed = 0; seed < SEEDS; seed++) {
            List<Operation<Command, Long>> history = new ArrayList<>(CorrectHistory.of(seed, EACH));
            lie.tellIn(history.subList(CorrectHistory.sceneAt(EACH), history.size()));
            Verdict verdict = checker.check(history);
            assertEquals(Verdict.Kind.NOT_LINEARIZABLE, verdict.kind(), "seed " + seed + ": " + verdict);
        }
    }

    @Test
    void agreesWithTryingAllOrders() {
        SplittableRandom random = new SplittableRandom(1);
        int linearizable = 0;
        for (int i = 0; i < SMALL_HISTORIES; i++) {
            List<Operation<Command, Long>> history = smallHistory(random);
            boolean expected = anyOrderWorks(history, 0);
            assertEquals(expected, checker.check(history).isLinearizable(), history::toString);
            linearizable += expected ? 1 : 0;
        }
        assertTrue(
                linearizable > SMALL_HISTORIES / 5 && linearizable < SMALL_HISTORIES * 4 / 5,
                linearizable + " of " + SMALL_HISTORIES + " are linearizable: the rest, or all, says little");
    }

    @Test
    void whatWasNotAnsweredMayHappenLateOrNever() {
        Operation<Command, Long> lost = Operation.unknown(1, new Write("k", 7), 1);
        assertTrue(
                checker.check(List.of(lost, read(2, 0, 2, 3), read(2, 7, 4, 5))).isLinearizable());
        assertTrue(
                checker.check(List.of(lost, read(2, 0, 2, 3), read(2, 0, 4, 5))).isLinearizable());
        assertEquals(
                Verdict.Kind.NOT_LINEARIZABLE,
                checker.check(List.of(lost, read(2, 7, 2, 3), read(2, 0, 4, 5))).kind());
    }

    @Test
    void saysWhatStandsInTheWay() {
        Verdict verdict = checker.check(List.of(
                Operation.answered(1, new Write("k", 7), 7L, 1, 2),
                read(2, 7, 3, 4),
                read(2, 6, 5, 6),
                read(2, 7, 7, 8)));
        assertEquals(
                "2 of 4 answers have a place, ending in 7; none of these can come next:\n"
                        + "  [5..6] client 2: Read[key=k] -> 6",
                verdict.explanation());
    }

    @Test
    void givesUpInsteadOfRunningForever() {
        List<Operation<Command, Long>> history = new ArrayList<>();
        for (int i = 1; i <= 30; i++) {
            history.add(Operation.unknown(i, new Write("k", i), i));
        }
        history.add(read(31, 99, 100, 101));
        Verdict verdict = new LinearizabilityChecker<>(new KeyValueStore(), 1_000).check(history);
        assertEquals(Verdict.Kind.UNDECIDED, verdict.kind());
    }

    private static Operation<Command, Long> read(long client, long answer, long called, long returned) {
        return Operation.answered(client, new Read("k"), answer, called, returned);
    }

    /** Up to six operations with answers that may be right. */
    private static List<Operation<Command, Long>> smallHistory(SplittableRandom random) {
        List<Operation<Command, Long>> history = new ArrayList<>();
        int size = 2 + random.nextInt(5);
        for (int i = 0; i < size; i++) {
            long called = random.nextInt(12);
            long returned = called + random.nextInt(6);
            Command command =
                    switch (random.nextInt(3)) {
                        case 0 -> new Read("k");
                        case 1 -> new Write("k", random.nextInt(3));
                        default -> new CompareAndSet("k", random.nextInt(3), random.nextInt(3));
                    };
            Optional<Long> output = random.nextInt(5) == 0
                    ? Optional.empty()
                    : Optional.of(
                            command instanceof Write write
                                    ? write.value()
                                    : (long) random.nextInt(command instanceof Read ? 3 : 2));
            history.add(
                    output.isPresent()
                            ? Operation.answered(i, command, output.get(), called, returned)
                            : Operation.unknown(i, command, called));
        }
        return history;
    }

    /** The obvious twin: takes each operation first that nothing precedes, and goes on with the rest. */
    private static boolean anyOrderWorks(List<Operation<Command, Long>> rest, long value) {
        if (rest.stream().allMatch(operation -> operation.output().isEmpty())) {
            return true;
        }
        for (Operation<Command, Long> first : rest) {
            boolean preceded = rest.stream().anyMatch(other -> other.returned() < first.called());
            long answer = KeyValueStore.answer(value, first.input());
            if (preceded || !first.output().orElse(answer).equals(answer)) {
                continue;
            }
            List<Operation<Command, Long>> others = new ArrayList<>(rest);
            others.remove(first);
            if (anyOrderWorks(others, KeyValueStore.newValue(value, first.input()))) {
                return true;
            }
        }
        return false;
    }
}
