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
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Runs the cluster through seeds {@code -DfirstSeed} (1) and the {@code -Dseeds} (1,000) from there, after those that once found
 * a bug; or through one, {@code -Dseed}, with all that is known about it.
 */
class SimulationTest {
    private static final int ENOUGH_TO_JUDGE = 100;

    /** A simulation in which nothing goes wrong proves nothing, so each kind of fault must have happened. */
    @Test
    void staysSafeUnderFaultsAndRecoversAfterThem() {
        if (LongProperty.SEED.isSet()) {
            runOne(LongProperty.SEED.orElse(0));
            return;
        }
        SeedRuns runs = SeedRuns.of(seeds());
        System.out.println("simulated " + runs.summary());
        runs.failures().forEach(failure -> {
            throw failure;
        });
        if (runs.runs() >= ENOUGH_TO_JUDGE) {
            // There nothing is required any more, so a mistake that leads there would go unseen, as B17 did.
            assertTrue(
                    runs.withoutSparedMajority().size() <= 1 + runs.runs() / 500,
                    "too often without a majority: " + runs.withoutSparedMajority());
            for (Counter counter : Counter.values()) {
                long count = runs.counters().getOrDefault(counter, 0L);
                // A disk may be that slow in few of the plans, and then another fault mostly comes first.
                boolean isRare = counter == Counter.SLOW_LEADERS_HANDED_OVER;
                long least = isRare ? runs.runs() / 1_000 : runs.runs() / 10 + 1;
                assertTrue(count >= least, counter + " hardly ever: " + runs.counters());
            }
        }
    }

    private static void runOne(long seed) {
        Simulation simulation = Simulation.of(seed);
        System.out.println(simulation.describe() + "\nplan: " + simulation.plan());
        try {
            simulation.run();
        } finally {
            System.out.println(String.join("\n", simulation.trace().lastLines(Integer.MAX_VALUE)));
            simulation.incidents().all().forEach(System.out::println);
        }
    }

    private static LongStream seeds() {
        long first = LongProperty.FIRST_SEED.orElse(1);
        long count = LongProperty.SEEDS.orElse(1_000);
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
        return seeds.stream().map(SeedRunner::run).toList();
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
