package io.mqcontroller.benchmark;

import io.mqcontroller.it.cluster.ControllerKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Ours beside both types of Apache's. */
@Command(
        name = "benchmarks/run",
        sortOptions = false,
        usageHelpAutoWidth = true,
        description =
                "Measures our controllers beside both types of Apache's and prints a Markdown table. Values in lists"
                        + " are separated by commas.")
public final class Main implements Callable<Integer> {
    @Option(
            names = "--kinds",
            split = ",",
            defaultValue = "OURS,APACHE_DLEDGER,APACHE_JRAFT",
            description = "Whose controllers: ${DEFAULT-VALUE}.")
    private List<ControllerKind> kinds;

    @Option(names = "--rounds", defaultValue = "3", description = "Rounds of each phase: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "5", description = "Seconds of each round: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(
            names = "--warm-up",
            defaultValue = "40",
            description = "Seconds of each kind of load before it counts, for a JVM is many times slower while it still"
                    + " compiles: ${DEFAULT-VALUE}.")
    private double warmUpSeconds;

    @Option(
            names = "--phases",
            split = ",",
            defaultValue = "load,failover,restart",
            description = "What is measured: ${DEFAULT-VALUE}.")
    private List<Phase> phases;

    @Option(
            names = "--out",
            defaultValue = "benchmarks/target/benchmark.md",
            description = "A file for the table: ${DEFAULT-VALUE}.")
    private Path out;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Prints this.")
    private boolean help;

    /** What is measured. */
    enum Phase {
        LOAD,
        FAILOVER,
        RESTART;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private Main() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }

    @Override
    public Integer call() throws IOException {
        Measurements measurements = new Measurements();
        StringBuilder brokenOff = new StringBuilder();
        for (ControllerKind kind : kinds) {
            try {
                measure(kind, measurements);
            } catch (Exception e) {
                // What was measured before is worth keeping; that the rest is missing must be seen.
                brokenOff
                        .append("\n")
                        .append(kind)
                        .append(" broke off: ")
                        .append(e)
                        .append("\n");
                e.printStackTrace();
            }
        }
        String table = "Three controllers and the load on one machine of "
                + Runtime.getRuntime().availableProcessors() + " processors; " + rounds + " rounds of " + seconds
                + " s a phase, after " + warmUpSeconds
                + " s of each load. CPU is that of all three controllers together.\n\n" + measurements.markdown()
                + brokenOff;
        System.out.println(table);
        Files.createDirectories(out.toAbsolutePath().getParent());
        Files.writeString(out, table);
        return brokenOff.isEmpty() ? 0 : 1;
    }

    private void measure(ControllerKind kind, Measurements measurements) throws Exception {
        try (Target target = Target.start(kind);
                BrokerCalls calls = new BrokerCalls(target.leader())) {
            if (phases.contains(Phase.LOAD)) {
                load(target, calls, measurements);
            }
            if (phases.contains(Phase.FAILOVER)) {
                MassFailover.measure(target, calls, measurements);
            }
            if (phases.contains(Phase.RESTART)) {
                Restart.measure(target, calls, measurements);
            }
        }
    }

    private void load(Target target, BrokerCalls calls, Measurements measurements) throws Exception {
        Load load = new Load(target, calls, measurements, seconds);
        load.warmUp(warmUpSeconds);
        for (int round = 0; round < rounds; round++) {
            load.measure();
        }
    }
}
