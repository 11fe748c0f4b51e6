package io.mqcontroller.raft.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
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
 * Runs the cluster through seeds {@code -DfirstSeed} (1) and the {@code -Dseeds} (300) from there, after those that once found
 * a bug; or through one, {@code -Dseed}, with all that is known about it.
 */
class SimulationTest {
    private static final int ENOUGH_TO_JUDGE = 100;
    private static final Map<Counter, Long> COUNTERS = new EnumMap<>(Counter.class);
    private static long runs;
    private static long events;
    private static long virtualMs;
    private static long nanos;

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void staysSafeUnderFaultsAndRecoversAfterThem(long seed) {
        Simulation simulation = Simulation.of(seed);
        System.out.println(simulation.describe());
        boolean verbose = LongProperty.SEED.isSet();
        if (verbose) {
            System.out.println("plan: " + simulation.plan());
        }
        long started = System.nanoTime();
        try {
            simulation.run();
        } finally {
            if (verbose) {
                System.out.println(String.join("\n", simulation.trace().lastLines(Integer.MAX_VALUE)));
            }
        }
        nanos += System.nanoTime() - started;
        runs++;
        events += simulation.events();
        virtualMs += simulation.virtualMs();
        simulation.counters().forEach((counter, count) -> COUNTERS.merge(counter, count, Long::sum));
    }

    static LongStream seeds() {
        if (LongProperty.SEED.isSet()) {
            return LongStream.of(LongProperty.SEED.orElse(0));
        }
        long first = LongProperty.FIRST_SEED.orElse(1);
        long count = LongProperty.SEEDS.orElse(300);
        return LongStream.concat(foundSeeds(), LongStream.range(first, first + count));
    }

    /** One seed a line; what follows a # is for people. */
    private static LongStream foundSeeds() {
        try (InputStream in = SimulationTest.class.getResourceAsStream("/seeds.txt");
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return lines
                    .lines()
                    .map(line -> line.replaceFirst("#.*", "").trim())
                    .filter(line -> !line.isEmpty())
                    .mapToLong(Long::parseLong)
                    .boxed()
                    .toList()
                    .stream()
                    .mapToLong(Long::longValue);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A simulation in which nothing goes wrong proves nothing. */
    @AfterAll
    static void allKindsOfFaultsHappened() {
        System.out.printf(
                "simulated runs=%d events=%d virtualMs=%d eventsPerSecond=%d counters=%s%n",
                runs, events, virtualMs, events * 1_000_000_000L / Math.max(1, nanos), COUNTERS);
        if (runs >= ENOUGH_TO_JUDGE) {
            for (Counter counter : Counter.values()) {
                assertTrue(COUNTERS.getOrDefault(counter, 0L) > runs / 10, counter + " hardly ever: " + COUNTERS);
            }
        }
    }

    @Test
    void sameSeedGivesTheSameRunInEachJvm() throws IOException, InterruptedException {
        if (LongProperty.SEED.isSet()) {
            return;
        }
        List<Long> seeds = LongStream.rangeClosed(1, 20).boxed().toList();
        List<String> here = runsOf(seeds);
        assertEquals(here, runsOf(seeds));
        assertEquals(here, runsInAnotherJvm(seeds));
    }

    private static List<String> runsOf(List<Long> seeds) {
        List<String> lines = new ArrayList<>();
        for (long seed : seeds) {
            Simulation simulation = Simulation.of(seed);
            simulation.run();
            lines.add("seed=" + seed + " trace=" + Long.toHexString(simulation.traceHash()));
        }
        return lines;
    }

    private static List<String> runsInAnotherJvm(List<Long> seeds) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-ea",
                "-cp",
                System.getProperty("java.class.path"),
                SeedRunner.class.getName()));
        seeds.forEach(seed -> command.add(seed.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            List<String> lines = output.lines().toList();
            assertEquals(0, process.waitFor(), () -> String.join("\n", lines));
            return lines;
        } finally {
            process.destroyForcibly();
        }
    }
}
