package io.mqcontroller.raft.simulation;

import java.util.Arrays;

/** Runs seeds without a test framework: prints seed and trace hash of each. The determinism test starts it in a JVM of its own. */
public final class SeedRunner {
    private SeedRunner() {}

    /** @param args the seeds, or {@code FIRST-LAST} */
    public static void main(String[] args) {
        long failed = Arrays.stream(args)
                .flatMap(SeedRunner::seedsOf)
                .filter(seed -> !run(seed))
                .count();
        if (failed > 0) {
            System.out.println("failed=" + failed);
            System.exit(1);
        }
    }

    private static java.util.stream.Stream<Long> seedsOf(String arg) {
        String[] ends = arg.split("-");
        return java.util.stream.LongStream.rangeClosed(Long.parseLong(ends[0]), Long.parseLong(ends[ends.length - 1]))
                .boxed();
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
