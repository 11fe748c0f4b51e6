package io.mqcontroller.agent.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.raft.simulation.LongProperty;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs agents, brokers and controllers through seeds {@code -DfirstSeed} (1) and the {@code -Dseeds} (500) from there; or
 * through one, {@code -Dseed}, with all that is known about it.
 */
class AgentSimulationTest {
    private static final int ENOUGH_TO_JUDGE = 100;
    private static final Map<Counter, Long> COUNTERS = new EnumMap<>(Counter.class);
    private static long runs;
    private static long steps;
    private static long virtualMs;

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void staysSafeUnderFaultsAndTakesWritesAfterThem(long seed) {
        Simulation simulation = Simulation.of(seed);
        System.out.println(simulation.describe());
        boolean verbose = LongProperty.SEED.isSet();
        if (verbose) {
            System.out.println("plan: " + simulation.plan());
        }
        try {
            simulation.run();
        } finally {
            if (verbose) {
                System.out.println(String.join("\n", simulation.trace().lastLines(Integer.MAX_VALUE)));
            }
        }
        runs++;
        steps += simulation.steps();
        virtualMs += simulation.virtualMs();
        simulation.counters().forEach((counter, count) -> COUNTERS.merge(counter, count, Long::sum));
    }

    /** As often as no operator asks; so a master is replaced again before it has taken a write. */
    @ParameterizedTest(name = "seed {0} with frequent switch-overs")
    @MethodSource("firstSeeds")
    void staysSafeUnderFrequentSwitchOvers(long seed) {
        Simulation.of(seed, chance -> Plan.draw(chance).withSwitchOversEvery(500))
                .run();
    }

    /** A fifth of all. */
    static LongStream firstSeeds() {
        return seeds().limit(Math.max(1, LongProperty.SEEDS.orElse(500) / 5));
    }

    static LongStream seeds() {
        if (LongProperty.SEED.isSet()) {
            return LongStream.of(LongProperty.SEED.orElse(0));
        }
        long first = LongProperty.FIRST_SEED.orElse(1);
        return LongStream.range(first, first + LongProperty.SEEDS.orElse(500));
    }

    /** A simulation in which nothing goes wrong proves nothing. */
    @AfterAll
    static void allKindsOfFaultsHappened() {
        System.out.printf("simulated runs=%d steps=%d virtualMs=%d counters=%s%n", runs, steps, virtualMs, COUNTERS);
        if (runs >= ENOUGH_TO_JUDGE) {
            for (Counter counter : Counter.values()) {
                assertTrue(
                        counter.isRare() || COUNTERS.getOrDefault(counter, 0L) > runs / 20,
                        counter + " hardly ever: " + COUNTERS);
            }
        }
    }

    @Test
    void sameSeedGivesTheSameRunInEachJvm() throws IOException, InterruptedException {
        if (LongProperty.SEED.isSet()) {
            return;
        }
        List<Long> seeds = LongStream.rangeClosed(1, 20).boxed().toList();
        List<String> here = new ArrayList<>();
        for (long seed : seeds) {
            Simulation simulation = Simulation.of(seed);
            simulation.run();
            here.add("seed=" + seed + " trace=" + Long.toHexString(simulation.traceHash()));
        }
        assertEquals(here, runsInAnotherJvm(seeds));
    }

    private static List<String> runsInAnotherJvm(List<Long> seeds) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-ea",
                "-cp",
                System.getProperty("java.class.path"),
                "-Dlogback.configurationFile="
                        + System.getProperty("logback.configurationFile", "logback-agent-tests.xml"),
                SeedRunner.class.getName()));
        seeds.forEach(seed -> command.add(seed.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            List<String> lines = output.lines().toList();
            assertEquals(0, process.waitFor(), () -> String.join("\n", lines));
            return lines.stream().filter(line -> line.startsWith("seed=")).toList();
        } finally {
            process.destroyForcibly();
        }
    }
}
