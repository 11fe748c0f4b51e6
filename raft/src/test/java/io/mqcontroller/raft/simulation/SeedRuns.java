package io.mqcontroller.raft.simulation;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Runs many seeds, on all cores at once (each seed on one thread), and adds up what happened. */
final class SeedRuns {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final List<SimulationFailure> failures = new ArrayList<>();
    private final Map<Counter, Long> counters = new EnumMap<>(Counter.class);
    private final List<Long> withoutMajority = new ArrayList<>();
    private final List<Long> withoutSparedMajority = new ArrayList<>();
    private long runs;
    private long events;
    private long virtualMs;
    private long nanos;

    static SeedRuns of(LongStream seeds) {
        SeedRuns all = new SeedRuns();
        seeds.parallel().forEach(all::run);
        return all;
    }

    private void run(long seed) {
        long begunNanos = THREADS.getCurrentThreadCpuTime();
        Simulation simulation = Simulation.of(seed);
        SimulationFailure failure = null;
        try {
            simulation.run();
        } catch (SimulationFailure failed) {
            failure = failed;
        }
        add(simulation, failure, THREADS.getCurrentThreadCpuTime() - begunNanos);
    }

    private synchronized void add(Simulation simulation, SimulationFailure failure, long cpuNanos) {
        runs++;
        if (simulation.isMajorityLost()) {
            boolean spared = simulation.plan().incidents().sparesMajority();
            (spared ? withoutSparedMajority : withoutMajority).add(simulation.seed());
        }
        events += simulation.events();
        virtualMs += simulation.virtualMs();
        nanos += cpuNanos;
        simulation.counters().forEach((counter, count) -> counters.merge(counter, count, Long::sum));
        if (failure != null) {
            System.out.println(failure.firstLine());
            failures.add(failure);
        }
    }

    List<SimulationFailure> failures() {
        return failures;
    }

    Map<Counter, Long> counters() {
        return counters;
    }

    long runs() {
        return runs;
    }

    /** Seeds that ended without a majority that is whole, though their plans spare one. */
    List<Long> withoutSparedMajority() {
        return withoutSparedMajority.stream().sorted().toList();
    }

    /** One line for people and for the record. */
    String summary() {
        return String.format(
                "runs=%d failed=%d withoutMajority=%s thoughSpared=%s events=%d virtualHours=%.1f cpuSeconds=%.1f eventsPerSecondAndCore=%d counters=%s",
                runs,
                failures.size(),
                withoutMajority.stream().sorted().toList(),
                withoutSparedMajority(),
                events,
                virtualMs / 3.6e6,
                nanos / 1e9,
                events * 1_000_000_000L / Math.max(1, nanos),
                counters);
    }
}
