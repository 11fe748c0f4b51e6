package io.mqcontroller.agent.simulation;

import java.util.Arrays;
import java.util.stream.LongStream;

/** Runs seeds without a test framework: prints seed and trace hash of each. The determinism test starts it in a JVM of its own. */
public final class SeedRunner {
    private SeedRunner() {}

    /** @param args the seeds, or {@code FIRST-LAST} */
    public static void main(String[] args) {
        long failed = Arrays.stream(args)
                .flatMapToLong(SeedRunner::seedsOf)
                .filter(seed -> !run(seed))
                .count();
        if (failed > 0) {
            System.out.println("failed=" + failed);
            System.exit(1);
        }
    }

    private static LongStream seedsOf(String arg) {
        String[] ends = arg.split("-");
        return LongStream.rangeClosed(Long.parseLong(ends[0]), Long.parseLong(ends[ends.length - 1]));
    }

    private static boolean run(long seed) {
        Simulation simulation = Simulation.of(seed);
        try {
            simulation.run();
        } catch (SimulationFailure failure) {
            System.out.println(failure.getMessage());
            return false;
        }
        System.out.println("seed=" + seed + " trace=" + Long.toHexString(simulation.traceHash()));
        return true;
    }
}
