package io.mqcontroller.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.it.cluster.Broker;
import io.mqcontroller.it.cluster.BrokerKind;
import io.mqcontroller.it.cluster.Checkout;
import io.mqcontroller.it.cluster.GroupView;
import io.mqcontroller.it.cluster.OperatorCommand;
import io.mqcontroller.it.cluster.OperatorCommand.Result;
import io.mqcontroller.it.cluster.TestCluster;
import io.mqcontroller.it.fault.Report;
import io.mqcontroller.it.history.Send;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** {@code docs/runbooks/rolling-upgrade.md}, command by command: three groups on two machines, under an ordinary producer. */
@EnabledIfSystemProperty(named = "it.rollingUpgrade", matches = "true", disabledReason = "takes some minutes")
class RollingUpgradeIT {
    private static final List<String> GROUPS = List.of(TestCluster.GROUP, "broker-b", "broker-c");
    private static final List<String> MACHINES = List.of("127.0.0.1", "127.0.0.2");

    /** Where the masters belong, if any do. */
    private static final Map<String, String> HOMES =
            Map.of(GROUPS.get(0), MACHINES.get(0), GROUPS.get(1), MACHINES.get(1), GROUPS.get(2), MACHINES.get(0));

    private static final long POLL_MS = Long.getLong("it.pollMs", 2_000);

    private final SortedMap<String, List<Broker>> brokersOn = new TreeMap<>();
    private TestCluster cluster;
    private OperatorCommand mqctl;
    private String runbook;

    @AfterEach
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void noSendFailsAndNothingIsLost() throws IOException {
        start(0);
        try (Workload workload = Workload.startOrdinary(cluster, POLL_MS)) {
            for (String machine : MACHINES) {
                upgrade(machine);
                workload.awaitMore(200);
            }
            Result balanced = run(MACHINES.get(0), "balance", "--yes");
            assertEquals(0, balanced.exitCode(), () -> balanced + cluster.describe());
            assertTrue(
                    MACHINES.stream().allMatch(machine -> balanced.output().contains(zoneOf(machine))),
                    balanced::toString);
            assertEquals(
                    List.of(1L, 2L),
                    MACHINES.stream().map(this::mastersOn).sorted().toList(),
                    cluster.describe());
            finish(workload, "rolling upgrade");
        }
    }

    @Test
    void preferredMastersComeBackByThemselves() throws IOException {
        start(5_000);
        cluster.await("every master is where it belongs", 120, this::areMastersAtHome);
        try (Workload workload = Workload.startOrdinary(cluster, POLL_MS)) {
            for (String machine : MACHINES) {
                upgrade(machine);
                workload.awaitMore(200);
            }
            cluster.await("every master is back where it belongs", 120, this::areMastersAtHome);
            finish(workload, "rolling upgrade with preferred masters");
        }
    }

    private void finish(Workload workload, String title) throws IOException {
        workload.awaitMore(200);
        try {
            workload.finishAndCheckAcrossGroups();
        } catch (AssertionError e) {
            // Whether all elections were planned ones is what one asks first.
            throw new AssertionError(mqctl.run("events", "--limit", "200") + "\n" + e.getMessage(), e);
        }
        Report.line(title + " of " + GROUPS.size() + " groups on " + MACHINES.size()
                + " machines: longest time between two acknowledgements "
                + Send.longestSilenceMs(workload.sends(), 0) + " ms");
        assertEquals(
                List.of(),
                workload.sends().stream()
                        .filter(send -> send.outcome() != Send.Outcome.ACKNOWLEDGED)
                        .toList(),
                cluster.describe());
    }

    private boolean areMastersAtHome() {
        return GROUPS.stream().allMatch(group -> cluster.controllers()
                .group(group)
                .filter(view -> view.master().isPresent()
                        && view.addresses().get(view.master().getAsLong()).startsWith(HOMES.get(group) + ":"))
                .isPresent());
    }

    /** @param holdMs of preferred masters; 0: none is preferred */
    private void start(long holdMs) throws IOException {
        runbook = Files.readString(Checkout.root().resolve("docs/runbooks/rolling-upgrade.md"));
        cluster = TestCluster.of("rolling")
                .brokers(1)
                .agents(1)
                .controllerKey("preferredMasterHoldMillis", Long.toString(holdMs))
                .brokerKey("haMaxTimeSlaveNotCatchup", "4000")
                .brokerKey("brokerElectionPriority", priorityOf(GROUPS.get(0), MACHINES.get(0)))
                .brokerKey("brokerZone", zoneOf(MACHINES.get(0)))
                .start();
        mqctl = new OperatorCommand(
                cluster.folder(), cluster.controllers().nodes().get(0).address());
        brokersOn.put(MACHINES.get(0), new ArrayList<>(cluster.brokers()));
        for (String machine : MACHINES) {
            List<Broker> here = brokersOn.computeIfAbsent(machine, key -> new ArrayList<>());
            for (String group : GROUPS.subList(here.size(), GROUPS.size())) {
                Broker broker = cluster.add(Map.of(
                        "brokerName",
                        group,
                        "brokerIP1",
                        machine,
                        "brokerIP2",
                        machine,
                        "brokerZone",
                        zoneOf(machine),
                        "brokerElectionPriority",
                        priorityOf(group, machine)));
                broker.use(BrokerKind.WITH_AGENT);
                broker.start();
                here.add(broker);
            }
        }
        cluster.await("every group is whole", 180, this::isWhole);
    }

    private boolean isWhole() {
        return GROUPS.stream().allMatch(group -> cluster.controllers()
                .group(group)
                .filter(view -> view.master().isPresent() && view.inSync().size() == MACHINES.size())
                .isPresent());
    }

    /** Lower is better. */
    private static String priorityOf(String group, String machine) {
        return HOMES.get(group).equals(machine) ? "1" : "2";
    }

    private static String zoneOf(String machine) {
        return "zone-of-" + machine;
    }

    private long mastersOn(String machine) {
        return GROUPS.stream()
                .map(group -> cluster.controllers().group(group).orElseThrow())
                .filter(view ->
                        view.addresses().get(view.master().orElseThrow()).startsWith(machine + ":"))
                .count();
    }

    private void upgrade(String machine) {
        cluster.await(
                "nothing is troubled before " + machine,
                120,
                () -> run(machine, "group", "list", "--troubled")
                                        .output()
                                        .lines()
                                        .count()
                                <= 1
                        && isWhole());
        Result drained = run(machine, "drain", "--machine", "HOST", "--wait");
        assertEquals(0, drained.exitCode(), () -> drained + cluster.describe());
        for (String group : GROUPS) {
            GroupView view = cluster.controllers().group(group).orElseThrow();
            assertTrue(!view.addresses().get(view.master().orElseThrow()).startsWith(machine + ":"), view.toString());
        }
        brokersOn.get(machine).forEach(broker -> {
            broker.process().askToEnd();
            broker.process().awaitExit(60);
            broker.start();
        });
        cluster.await("all of " + machine + " are back", 180, this::isWhole);
        assertEquals(0, run(machine, "undrain", "--machine", "HOST").exitCode());
    }

    /** As the runbook has it. */
    private Result run(String machine, String... words) {
        String written = "mqctl " + String.join(" ", words);
        assertTrue(runbook.contains("`" + written + "`"), () -> "not in the runbook: " + written);
        List<String> command = new ArrayList<>();
        for (String word : words) {
            command.add(word.equals("HOST") ? machine : word);
        }
        return mqctl.run(command.toArray(new String[0]));
    }
}
