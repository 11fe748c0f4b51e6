package io.mqcontroller.benchmark;

import io.mqcontroller.it.cluster.Broker;
import io.mqcontroller.it.cluster.ClientProcess;
import io.mqcontroller.it.cluster.ControllerKind;
import io.mqcontroller.it.cluster.ControllerNode;
import io.mqcontroller.it.cluster.Placement;
import io.mqcontroller.it.cluster.TestCluster;
import io.mqcontroller.it.fault.CableFault;
import io.mqcontroller.it.fault.Failover;
import io.mqcontroller.it.fault.Fault;
import io.mqcontroller.it.fault.MasterFault;
import io.mqcontroller.it.fault.Network;
import io.mqcontroller.it.history.Send;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * How long a group of two real brokers is without a writable master: {@code FailoverTimes [--runs N] [--kinds
 * OURS,APACHE_DLEDGER] [--agents true,false] [--rules all-ack,lease] [--faults
 * killed,frozen,ended,cut-controllers,cut-slave,cut-all] [--out FILE]}. One producer sends all the time; noticed and elected are
 * milliseconds after the fault, the pause is the longest time around it between two acknowledged writes. The producer reaches both
 * brokers, whatever is cut.
 */
public final class FailoverTimes {
    private static final String TOPIC = "failover";
    private static final int QUEUES = 4;
    private static final String CUT = "cut-";
    private static final String CUT_SLAVE = CUT + "slave";
    private static final int RATE_PER_S = 200;
    private static final int SEND_TIMEOUT_MS = 300;

    private int runs = 10;
    private List<String> kinds = List.of("OURS");
    private List<String> agents = List.of("true");
    private List<String> rules = List.of("all-ack", "lease");
    private List<String> faults = List.of("killed", "frozen", "ended");
    private Path out = Path.of("benchmarks/target/failover.md");
    private final StringBuilder table = new StringBuilder(
            "| group | fault | runs | noticed | elected | writes paused | longest pause | back in the set after healing |\n"
                    + "|---|---|---:|---:|---:|---:|---:|---:|\n");

    /** Times in ms; -1: nobody was elected. */
    private record Measured(long noticedMs, long electedMs, long pausedMs, long backInSetMs) {}

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
                case "--faults" ->
                    faults = List.of(value.toLowerCase(Locale.ROOT).split(","));
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
        boolean cuts = faults.stream().anyMatch(fault -> fault.startsWith(CUT));
        try (Network network = cuts ? Network.open() : null;
                TestCluster cluster = TestCluster.of("failover-times")
                        .kind(kind)
                        .placement(cuts ? network.hostForEach() : Placement.LOCAL)
                        .agents(agent ? 2 : 0)
                        .brokerKey("allAckInSyncStateSet", Boolean.toString(rule.equals("all-ack")))
                        .brokerKey("haMaxTimeSlaveNotCatchup", "4000")
                        .start()) {
            String nameServer = cluster.nameServer().address();
            List<String> brokers =
                    cluster.brokers().stream().map(Broker::address).toList();
            ClientProcess.createTopic(cluster.folder(), nameServer, TOPIC, QUEUES, brokers);
            Map<String, List<Measured>> done = new LinkedHashMap<>();
            for (int run = 0; run < runs; run++) {
                for (String fault : faults) {
                    Measured measured = failOver(cluster, nameServer, fault(fault, cluster, network), run);
                    System.out.println(title + ", " + fault + ": " + measured);
                    done.computeIfAbsent(fault, f -> new ArrayList<>()).add(measured);
                }
            }
            done.forEach((fault, measured) -> addRow(title, fault, measured));
        }
    }

    private static MasterFault fault(String name, TestCluster cluster, Network network) {
        return switch (name) {
            case CUT + "controllers" ->
                new CableFault(name, network, master -> cluster.controllers().nodes().stream()
                        .map(ControllerNode::host)
                        .toList());
            case CUT_SLAVE ->
                new CableFault(name, network, master -> cluster.brokers().stream()
                        .map(Broker::host)
                        .filter(host -> host != master.host())
                        .toList());
            case CUT + "all" -> new CableFault(name, network, master -> network.allBut(master.host()));
            default -> Fault.valueOf(name.toUpperCase(Locale.ROOT));
        };
    }

    private static Measured failOver(TestCluster cluster, String nameServer, MasterFault fault, int run) {
        String prefix = fault.label() + "-" + run;
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
            if (fault.label().equals(CUT_SLAVE)) {
                return goesOnAlone(cluster, producer, failover, fault);
            }
            failover.awaitElection(60);
            awaitAcknowledged(cluster, producer);
            failover.heal(120);
            return new Measured(
                    failover.noticedMs(), failover.electedMs(), pausedMs(producer, failover), failover.backInSetMs());
        }
    }

    /** The slave leaves the SyncStateSet, and nobody is elected. */
    private static Measured goesOnAlone(
            TestCluster cluster, ClientProcess producer, Failover failover, MasterFault fault) {
        cluster.awaitGroup(
                "the master is alone in the SyncStateSet",
                60,
                view -> view.inSync().size() == 1);
        awaitAcknowledged(cluster, producer);
        long healedAtMs = System.currentTimeMillis();
        fault.heal(failover.oldMaster());
        cluster.awaitAllInSync();
        return new Measured(-1, -1, pausedMs(producer, failover), System.currentTimeMillis() - healedAtMs);
    }

    /** Waits for an acknowledgement of what is sent from now on. */
    private static void awaitAcknowledged(TestCluster cluster, ClientProcess producer) {
        long nowMs = System.currentTimeMillis();
        cluster.await("a message is acknowledged", 60, () -> Send.parse(producer.lines()).stream()
                .anyMatch(send -> send.isAcknowledged() && send.startMs() > nowMs));
    }

    private static long pausedMs(ClientProcess producer, Failover failover) {
        return Send.longestSilenceMs(Send.parse(producer.lines()), failover.struckAtMs());
    }

    private void addRow(String title, String fault, List<Measured> measured) {
        table.append(String.format(
                Locale.ROOT,
                "| %s | %s | %d | %s | %s | **%s** | %s | %s |%n",
                title,
                fault,
                measured.size(),
                ms(median(measured, Measured::noticedMs)),
                ms(median(measured, Measured::electedMs)),
                ms(median(measured, Measured::pausedMs)),
                ms(measured.stream().mapToLong(Measured::pausedMs).max().orElse(0)),
                ms(median(measured, Measured::backInSetMs))));
    }

    private static String ms(long time) {
        return time < 0 ? "–" : String.format(Locale.ROOT, "%,d ms", time);
    }

    private static long median(List<Measured> measured, ToLongFunction<Measured> time) {
        long[] sorted = measured.stream().mapToLong(time).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
