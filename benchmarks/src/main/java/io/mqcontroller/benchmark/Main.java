package io.mqcontroller.benchmark;

import io.mqcontroller.it.cluster.ControllerKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code Main [--kinds OURS,APACHE_DLEDGER,APACHE_JRAFT] [--rounds N] [--seconds S] [--warm-up S] [--phases load,failover,restart] [--out FILE]}. */
public final class Main {
    private List<ControllerKind> kinds = List.of(ControllerKind.values());
    private int rounds = 3;
    private double seconds = 5;

    /** Seconds of each kind of load before it counts: a JVM is many times slower while it still compiles. */
    private double warmUpSeconds = 40;

    private List<String> phases = List.of("load", "failover", "restart");
    private Path out = Path.of("benchmarks/target/benchmark.md");

    private Main() {}

    public static void main(String[] args) throws Exception {
        Main main = new Main();
        main.parse(args);
        main.run();
        System.exit(0);
    }

    private void parse(String[] args) {
        for (int i = 0; i + 1 < args.length; i += 2) {
            String value = args[i + 1];
            switch (args[i]) {
                case "--kinds" -> kinds = parseKinds(value);
                case "--rounds" -> rounds = Integer.parseInt(value);
                case "--seconds" -> seconds = Double.parseDouble(value);
                case "--warm-up" -> warmUpSeconds = Double.parseDouble(value);
                case "--phases" -> phases = List.of(value.split(","));
                case "--out" -> out = Path.of(value);
                default -> throw new IllegalArgumentException("unknown option " + args[i]);
            }
        }
    }

    private static List<ControllerKind> parseKinds(String value) {
        List<ControllerKind> kinds = new ArrayList<>();
        for (String kind : value.split(",")) {
            kinds.add(ControllerKind.valueOf(kind));
        }
        return kinds;
    }

    private void run() throws Exception {
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
    }

    private void measure(ControllerKind kind, Measurements measurements) throws Exception {
        try (Target target = Target.start(kind);
                BrokerCalls calls = new BrokerCalls(target.leader())) {
            if (phases.contains("load")) {
                load(target, calls, measurements);
            }
            if (phases.contains("failover")) {
                MassFailover.measure(target, calls, measurements);
            }
            if (phases.contains("restart")) {
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
