package io.mqcontroller.benchmark;

import io.mqcontroller.it.cluster.Broker;
import io.mqcontroller.it.cluster.ClientProcess;
import io.mqcontroller.it.cluster.ControllerKind;
import io.mqcontroller.it.cluster.TestCluster;
import io.mqcontroller.it.fault.Failover;
import io.mqcontroller.it.fault.Fault;
import io.mqcontroller.it.history.Send;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * How long a group of two real brokers is without a writable master: {@code FailoverTimes [--runs N] [--kinds
 * OURS,APACHE_DLEDGER] [--agents true,false] [--rules all-ack,lease] [--faults KILLED,FROZEN,ENDED] [--out FILE]}. One producer
 * sends all the time; noticed and elected are milliseconds after the fault, the pause is the longest time around it between
 * two acknowledged writes.
 */
public final class FailoverTimes {
    private static final String TOPIC = "failover";
    private static final int QUEUES = 4;
    private static final int RATE_PER_S = 200;
    private static final int SEND_TIMEOUT_MS = 300;

    private int runs = 10;
    private List<String> kinds = List.of("OURS");
    private List<String> agents = List.of("true");
    private List<String> rules = List.of("all-ack", "lease");
    private List<String> faults = List.of("KILLED", "FROZEN", "ENDED");
    private Path out = Path.of("benchmarks/target/failover.md");
    private final StringBuilder table = new StringBuilder(
            "| group | fault | runs | noticed | elected | writes paused | longest pause | back in the set after healing |\n"
                    + "|---|---|---:|---:|---:|---:|---:|---:|\n");

    /** @param pausedMs longest time between two acknowledged writes */
    private record Measured(Failover failover, long pausedMs) {}

    private FailoverTimes() {}

    public static void main(String[] args) throws Exception {
        FailoverTimes times = new FailoverTimes();
        times.parse(args);
        times.measureAll();
        System.exit(0);
    }

    private void parse(String[] args) {
        for (int i = 0; i + 1 < args.length; i += 2) {
            String value = args[i + 1];
            switch (args[i]) {
                case "--runs" -> runs = Integer.parseInt(value);
                case "--kinds" -> kinds = List.of(value.split(","));
                case "--agents" -> agents = List.of(value.split(","));
                case "--rules" -> rules = List.of(value.split(","));
                case "--faults" -> faults = List.of(value.split(","));
                case "--out" -> out = Path.of(value);
                default -> throw new IllegalArgumentException("unknown option " + args[i]);
            }
        }
    }

    private void measureAll() throws Exception {
        for (String kind : kinds) {
            for (String agent : agents) {
                for (String rule : rules) {
                    measureGroup(ControllerKind.valueOf(kind), Boolean.parseBoolean(agent), rule);
                }
            }
        }
        System.out.println(table);
        Files.createDirectories(out.toAbsolutePath().getParent());
        Files.writeString(out, table);
    }

    private void measureGroup(ControllerKind kind, boolean agent, String rule) {
        String title = kind + (agent ? ", brokers with the agent, " : ", unmodified brokers, ") + rule;
        try (TestCluster cluster = TestCluster.of("failover-times")
                .kind(kind)
                .agents(agent ? 2 : 0)
                .brokerKey("allAckInSyncStateSet", Boolean.toString(rule.equals("all-ack")))
                .brokerKey("haMaxTimeSlaveNotCatchup", "4000")
                .start()) {
            String nameServer = cluster.nameServer().address();
            List<String> brokers =
                    cluster.brokers().stream().map(Broker::address).toList();
            ClientProcess.createTopic(cluster.folder(), nameServer, TOPIC, QUEUES, brokers);
            Map<Fault, List<Measured>> done = new EnumMap<>(Fault.class);
            for (int run = 0; run < runs; run++) {
                for (String fault : faults) {
                    Measured measured = failOver(cluster, nameServer, Fault.valueOf(fault), run);
                    measured.failover().report(title + ", writes paused for " + measured.pausedMs() + " ms");
                    done.computeIfAbsent(Fault.valueOf(fault), f -> new ArrayList<>())
                            .add(measured);
                }
            }
            done.forEach((fault, measured) -> addRow(title, fault, measured));
        }
    }

    private static Measured failOver(TestCluster cluster, String nameServer, Fault fault, int run) {
        String prefix = fault.name().toLowerCase(Locale.ROOT) + "-" + run;
        try (ClientProcess producer =
                ClientProcess.producer(cluster.folder(), nameServer, TOPIC, prefix, RATE_PER_S, SEND_TIMEOUT_MS)) {
            cluster.await(
                    "messages flow",
                    60,
                    () -> Send.parse(producer.lines()).stream()
                                    .filter(Send::isAcknowledged)
                                    .count()
                            > RATE_PER_S);
            Failover failover = new Failover(cluster, fault);
            failover.strike(() -> {});
            failover.awaitElection(60);
            failover.awaitWritable(() -> Send.parse(producer.lines()), 60);
            failover.heal(120);
            return new Measured(failover, Send.longestSilenceMs(Send.parse(producer.lines()), failover.struckAtMs()));
        }
    }

    private void addRow(String title, Fault fault, List<Measured> measured) {
        table.append(String.format(
                Locale.ROOT,
                "| %s | %s | %d | %,d ms | %,d ms | **%,d ms** | %,d ms | %,d ms |%n",
                title,
                fault.name().toLowerCase(Locale.ROOT),
                measured.size(),
                median(measured, one -> one.failover().noticedMs()),
                median(measured, one -> one.failover().electedMs()),
                median(measured, Measured::pausedMs),
                measured.stream().mapToLong(Measured::pausedMs).max().orElse(0),
                median(measured, one -> one.failover().backInSetMs())));
    }

    private static long median(List<Measured> measured, ToLongFunction<Measured> time) {
        long[] sorted = measured.stream().mapToLong(time).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
