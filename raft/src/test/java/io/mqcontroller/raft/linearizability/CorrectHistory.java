package io.mqcontroller.raft.linearizability;

import io.mqcontroller.raft.linearizability.KeyValueStore.Command;
import io.mqcontroller.raft.linearizability.KeyValueStore.CompareAndSet;
import io.mqcontroller.raft.linearizability.KeyValueStore.Read;
import io.mqcontroller.raft.linearizability.KeyValueStore.Write;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A history that happened, from a seed: several clients at once on a few keys, each operation with a moment at which it takes
 * effect, some without an answer. In the middle stands a {@link #scene} with values that nothing else writes, so that a change
 * in it is certainly wrong.
 */
final class CorrectHistory {
    static final long A = 1_001;
    static final long B = 1_002;
    static final long C = 1_003;
    static final long D = 1_004;
    static final long E = 1_005;
    static final long F = 1_006;
    static final String KEY = "k0";
    private static final int CLIENTS = 5;
    private static final int KEYS = 3;
    private static final int SPAN = 100;
    private static final int UNKNOWN_PERCENT = 10;

    private final SplittableRandom random;
    private final List<Attempt> attempts = new ArrayList<>();

    /** An operation before anybody knows what it answers. */
    private record Attempt(long client, Command command, long called, long effect, long returned, boolean unknown) {}

    private CorrectHistory(long seed) {
        random = new SplittableRandom(seed);
    }

    /** The operations of {@code each} client before the scene, the scene, and as many behind it. */
    static List<Operation<Command, Long>> of(long seed, int each) {
        CorrectHistory history = new CorrectHistory(seed);
        long end = history.traffic(0, each);
        long begin = end + 1;
        history.scene(begin);
        history.traffic(begin + 10 * SPAN, each);
        return history.play();
    }

    /** Where the scene begins in the list of {@link #of}, whose operations stand in the order of their attempts. */
    static int sceneAt(int each) {
        return CLIENTS * each;
    }

    private long traffic(long begin, int each) {
        long end = begin;
        for (int client = 0; client < CLIENTS; client++) {
            long now = begin;
            for (int i = 0; i < each; i++) {
                long called = now + 1 + random.nextInt(SPAN);
                long effect = called + random.nextInt(SPAN);
                long returned = effect + random.nextInt(SPAN);
                boolean unknown = random.nextInt(100) < UNKNOWN_PERCENT;
                boolean never = unknown && random.nextBoolean();
                Command command = command(1 + client + CLIENTS * random.nextInt(3));
                attempts.add(new Attempt(client, command, called, never ? Long.MAX_VALUE : effect, returned, unknown));
                now = returned;
                end = Math.max(end, returned);
            }
        }
        return end;
    }

    private Command command(long value) {
        String key = "k" + random.nextInt(KEYS);
        return switch (random.nextInt(3)) {
            case 0 -> new Read(key);
            case 1 -> new Write(key, value);
            default -> new CompareAndSet(key, random.nextInt(4 * CLIENTS), value);
        };
    }

    private void scene(long begin) {
        int[][] times = {
            {0, 10},
            {20, 30},
            {40, 50},
            {60, 70},
            {80, 90},
            {61, 72},
            {100, 110},
            {120, 130},
            {140, 190},
            {150, 155},
            {165, 170},
            {200, 210},
            {220, 230}
        };
        Command[] commands = {
            new Write(KEY, A),
            new Write(KEY, B),
            new Read(KEY),
            new CompareAndSet(KEY, B, C),
            new Read(KEY),
            new CompareAndSet(KEY, B, D),
            new Write(KEY, E),
            new Read(KEY),
            new Write(KEY, F),
            new Read(KEY),
            new Read(KEY),
            new Read(KEY),
            new CompareAndSet(KEY, A, D)
        };
        for (int i = 0; i < commands.length; i++) {
            long effect = begin + (times[i][0] + times[i][1]) / 2;
            attempts.add(new Attempt(i, commands[i], begin + times[i][0], effect, begin + times[i][1], i == 6));
        }
    }

    private List<Operation<Command, Long>> play() {
        Map<String, Long> values = new HashMap<>();
        Map<Attempt, Long> answers = new HashMap<>();
        attempts.stream()
                .filter(attempt -> attempt.effect() < Long.MAX_VALUE)
                .sorted(Comparator.comparingLong(Attempt::effect))
                .forEach(attempt -> {
                    long value = values.getOrDefault(attempt.command().key(), 0L);
                    answers.put(attempt, KeyValueStore.answer(value, attempt.command()));
                    values.put(attempt.command().key(), KeyValueStore.newValue(value, attempt.command()));
                });
        List<Operation<Command, Long>> operations = new ArrayList<>();
        for (Attempt attempt : attempts) {
            operations.add(
                    attempt.unknown()
                            ? Operation.unknown(attempt.client(), attempt.command(), attempt.called())
                            : Operation.answered(
                                    attempt.client(),
                                    attempt.command(),
                                    answers.get(attempt),
                                    attempt.called(),
                                    attempt.returned()));
        }
        return operations;
    }
}
