package io.mqcontroller.benchmark;

import io.mqcontroller.benchmark.FailoverTable.Measured;
import io.mqcontroller.it.cluster.Broker;
import io.mqcontroller.it.cluster.ClientProcess;
import io.mqcontroller.it.cluster.ControllerKind;
import io.mqcontroller.it.cluster.Placement;
import io.mqcontroller.it.cluster.TestCluster;
import io.mqcontroller.it.fault.Failover;
import io.mqcontroller.it.fault.MasterFault;
import io.mqcontroller.it.fault.Network;
import io.mqcontroller.it.history.Send;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How long a group of two real brokers is without a writable master. One producer sends all the time; noticed and elected are
 * milliseconds after the fault, the pause is the longest time around it between two acknowledged writes. The producer reaches both
 * brokers, whatever is cut.
 */
@Command(
        name = "benchmarks/failover",
        sortOptions = false,
        usageHelpAutoWidth = true,
        description =
                "Measures how long a group of two real brokers is without a writable master, and prints a Markdown"
                        + " table of medians. Values in lists are separated by commas.")
public final class FailoverTimes implements Callable<Integer> {
    private static final String TOPIC = "failover";
    private static final int QUEUES = 4;
    private static final int RATE_PER_S = 200;
    private static final int SEND_TIMEOUT_MS = 300;

    @Option(names = "--runs", defaultValue = "10", description = "Failovers by each fault: ${DEFAULT-VALUE}.")
    private int runs;

    @Option(
            names = "--minutes",
            defaultValue = "600",
            description = "No run begins later; each group may use an equal part: ${DEFAULT-VALUE}.")
    private double minutes;

    @Option(
            names = "--kinds",
            split = ",",
            defaultValue = "OURS",
            description = "Whose controllers, of ${COMPLETION-CANDIDATES}: ${DEFAULT-VALUE}.")
    private List<ControllerKind> kinds;

    @Option(
            names = "--agents",
            split = ",",
            arity = "1",
            defaultValue = "true",
            description = "true: brokers with the agent, false: unmodified ones. ${DEFAULT-VALUE}.")
    private List<Boolean> agents;

    @Option(
            names = "--rules",
            split = ",",
            defaultValue = "all-ack,lease",
            description = "When writes are acknowledged, of ${COMPLETION-CANDIDATES}: ${DEFAULT-VALUE}.")
    private List<Rule> rules;

    @Option(
            names = "--faults",
            split = ",",
            defaultValue = "killed,frozen,ended",
            description = "What befalls the master, of ${COMPLETION-CANDIDATES}: ${DEFAULT-VALUE}. The cuts need root.")
    private List<MeasuredFault> faults;

    @Option(
            names = "--out",
            defaultValue = "benchmarks/target/failover.md",
            description = "A file for the table: ${DEFAULT-VALUE}.")
    private Path out;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Prints this.")
    private boolean help;

    private final FailoverTable table = new FailoverTable();

    /** Whether the brokers acknowledge what all of the SyncStateSet has, or as long as the master has its lease. */
    enum Rule {
        ALL_ACK,
        LEASE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private record Group(ControllerKind kind, boolean agent, Rule rule) {
        @Override
        public String toString() {
            return (kind == ControllerKind.OURS ? "" : kind + ", ") + (agent ? "agent, " : "unmodified, ") + rule;
        }
    }

    private FailoverTimes() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new FailoverTimes()).execute(args));
    }

    /** The exit code: 1 if something could not be measured. */
    @Override
    public Integer call() throws IOException {
        List<Group> groups = groups();
        long beganNanos = System.nanoTime();
        for (int i = 0; i < groups.size(); i++) {
            double share = minutes * (i + 1) / groups.size();
            long endNanos = beganNanos + (long) (share * TimeUnit.MINUTES.toNanos(1));
            try {
                measure(groups.get(i), endNanos);
            } catch (Exception | AssertionError e) {
                // What was measured before is worth keeping; that the rest is missing must be seen.
                e.printStackTrace();
                table.remark(groups.get(i) + " broke off: "
                        + e.toString().lines().findFirst().orElse(""));
            }
        }
        System.out.println(table);
        Files.createDirectories(out.toAbsolutePath().getParent());
        Files.writeString(out, table.toString());
        return table.isComplete() ? 0 : 1;
    }

    private List<Group> groups() {
        List<Group> groups = new ArrayList<>();
        for (ControllerKind kind : kinds) {
            for (boolean agent : agents) {
                for (Rule rule : rules) {
                    groups.add(new Group(kind, agent, rule));
                }
            }
        }
        return groups;
    }

    private void measure(Group group, long endNanos) throws Exception {
        boolean cuts = faults.stream().anyMatch(MeasuredFault::isCut);
        Map<MeasuredFault, List<Measured>> done = new EnumMap<>(MeasuredFault.class);
        try (Network network = cuts ? Network.open() : null;
                TestCluster cluster = TestCluster.of("failover-times")
                        .kind(group.kind())
                        .placement(cuts ? network.hostForEach() : Placement.LOCAL)
                        .agents(group.agent() ? 2 : 0)
                        .brokerKey("allAckInSyncStateSet", Boolean.toString(group.rule() == Rule.ALL_ACK))
                        .brokerKey("haMaxTimeSlaveNotCatchup", "4000")
                        .start()) {
            String nameServer = cluster.nameServer().address();
            List<String> brokers =
                    cluster.brokers().stream().map(Broker::address).toList();
            ClientProcess.createTopic(cluster.folder(), nameServer, TOPIC, QUEUES, brokers);
            for (int run = 0; run < runs; run++) {
                for (MeasuredFault fault : faults) {
                    if (System.nanoTime() > endNanos) {
                        return;
                    }
                    Measured measured = failOver(cluster, nameServer, fault, fault.in(cluster, network), run);
                    System.out.println(group + ", " + fault + ": " + measured);
                    done.computeIfAbsent(fault, f -> new ArrayList<>()).add(measured);
                }
            }
        } finally {
            done.forEach((fault, measured) -> table.add(group.toString(), fault, measured));
        }
    }

    private static Measured failOver(
            TestCluster cluster, String nameServer, MeasuredFault kind, MasterFault fault, int run) {
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
            if (!kind.endsInElection()) {
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
}
