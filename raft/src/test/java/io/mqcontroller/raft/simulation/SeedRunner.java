package io.mqcontroller.raft.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Runs seeds without a test framework: prints seed and trace hash of each; of a range {@code FIRST-LAST} only the failures and
 * a sum every thousand. The determinism test starts it in a JVM of its own.
 */
public final class SeedRunner {
    private static final long BLOCK = 1_000;

    private SeedRunner() {}

    /** @param args the seeds, or {@code FIRST-LAST} */
    public static void main(String[] args) {
        List<SimulationFailure> failures = new ArrayList<>();
        Arrays.stream(args).forEach(arg -> {
            if (arg.contains("-")) {
                failures.addAll(runRange(arg));
            } else {
                System.out.println(run(Long.parseLong(arg)));
            }
        });
        failures.forEach(failure -> System.out.println(failure.firstLine()));
        if (!failures.isEmpty()) {
            System.exit(1);
        }
    }

    private static List<SimulationFailure> runRange(String range) {
        String[] ends = range.split("-");
        long last = Long.parseLong(ends[1]);
        List<SimulationFailure> failures = new ArrayList<>();
        for (long from = Long.parseLong(ends[0]); from <= last; from += BLOCK) {
            long through = Math.min(last, from + BLOCK - 1);
            SeedRuns runs = SeedRuns.of(LongStream.rangeClosed(from, through));
            System.out.println("seeds " + from + " to " + through + ": " + runs.summary());
            failures.addAll(runs.failures());
        }
        return failures;
    }

    static String run(long seed) {
        Simulation simulation = Simulation.of(seed);
        simulation.run();
        return "seed=" + seed + " trace=" + Long.toHexString(simulation.traceHash());
    }
}
