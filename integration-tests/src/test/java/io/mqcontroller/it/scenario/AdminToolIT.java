package io.mqcontroller.it.scenario;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.it.cluster.AdminTool;
import io.mqcontroller.it.cluster.Broker;
import io.mqcontroller.it.cluster.Checkout;
import io.mqcontroller.it.cluster.ControllerKind;
import io.mqcontroller.it.cluster.GroupView;
import io.mqcontroller.it.cluster.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The real mqadmin prints with our controller what it prints with Apache's, but for addresses, epochs and times. What it
 * prints with Apache's is kept in {@code mqadmin-5.5.0.txt}; a run with {@code -Dit.controller=APACHE_DLEDGER} compares the
 * file with the truth, and with {@code -Dit.rewrite=true} writes it anew.
 */
class AdminToolIT {
    /** Apache's tool cannot read Apache's answer: ids as bare keys, and members where it does not look for them. */
    private static final String BROKEN_IN_APACHE = "elect the slave";

    private static final Set<String> COMPARED_KEYS = Set.of(
            "controllerDLegerGroup", "controllerDLegerSelfId", "enableElectUncleanMaster", "notifyBrokerRoleChanged");

    private static final Path TRANSCRIPT =
            Checkout.root().resolve("integration-tests/src/test/resources/mqadmin-5.5.0.txt");

    @Test
    void printsTheSameAsWithApachesController() throws IOException {
        ControllerKind kind = ControllerKind.underTest();
        Map<String, String> outputs = outputs(kind);
        if (Boolean.getBoolean("it.rewrite")) {
            write(outputs);
        }
        Map<String, String> apache = read();

        assertEquals(apache.keySet(), outputs.keySet());
        assertAll(apache.keySet().stream()
                .filter(step ->
                        !step.startsWith("config") && !(kind == ControllerKind.OURS && step.equals(BROKEN_IN_APACHE)))
                .map(step -> () -> assertEquals(
                        unordered(step, apache.get(step)), unordered(step, comparable(outputs.get(step))), step)));
        assertSameConfiguration(apache.get("config"), outputs.get("config"));
        assertEquals("true", keys(outputs.get("config after update")).get("enableElectUncleanMaster"));
        if (kind == ControllerKind.OURS) {
            String elected = outputs.get(BROKEN_IN_APACHE);
            assertTrue(elected.contains("#BrokerMasterAddr") && elected.contains("#MasterEpoch"), elected);
            assertEquals(
                    2,
                    elected.lines()
                            .filter(line -> line.strip().startsWith("#Broker\t"))
                            .count(),
                    elected);
        }
    }

    /** The brokers come in the order of a hash of their addresses. */
    private static String unordered(String step, String output) {
        return step.equals("epochs") ? String.join("\n", output.lines().sorted().toList()) : output;
    }

    private static void write(Map<String, String> outputs) throws IOException {
        StringBuilder text = new StringBuilder();
        outputs.forEach((step, output) -> text.append("==== ")
                .append(step)
                .append('\n')
                .append(step.startsWith("config") ? comparedKeys(output) : comparable(output)));
        Files.createDirectories(TRANSCRIPT.getParent());
        Files.writeString(TRANSCRIPT, text.toString());
    }

    private static Map<String, String> read() throws IOException {
        Map<String, String> outputs = new LinkedHashMap<>();
        for (String part : Files.readString(TRANSCRIPT).split("(?m)^==== ")) {
            if (!part.isEmpty()) {
                int end = part.indexOf('\n');
                outputs.put(part.substring(0, end), part.substring(end + 1));
            }
        }
        return outputs;
    }

    /** What each command printed, by step. */
    private static Map<String, String> outputs(ControllerKind kind) {
        Map<String, String> outputs = new LinkedHashMap<>();
        try (TestCluster cluster =
                TestCluster.of("admin").kind(kind).controllers(1).start()) {
            AdminTool admin = new AdminTool(
                    "5.5.0", cluster.folder(), cluster.nameServer().address());
            String controller = cluster.controllers().addresses();
            GroupView view = cluster.awaitAllInSync();
            long master = view.master().orElseThrow();
            long slave = view.inSync().stream()
                    .filter(id -> id != master)
                    .findFirst()
                    .orElseThrow();

            outputs.put("metadata", admin.run("getControllerMetaData", "-a", controller));
            outputs.put("set", admin.run("getSyncStateSet", "-a", controller, "-b", TestCluster.GROUP));
            outputs.put("set of an unknown group", admin.run("getSyncStateSet", "-a", controller, "-b", "nobody"));
            outputs.put("epochs", admin.run("getBrokerEpoch", "-b", TestCluster.GROUP));
            outputs.put("elect the master", elect(admin, controller, TestCluster.GROUP, master));
            outputs.put("elect a stranger", elect(admin, controller, TestCluster.GROUP, 99));
            outputs.put("elect in an unknown group", elect(admin, controller, "nobody", 1));
            outputs.put(BROKEN_IN_APACHE, elect(admin, controller, TestCluster.GROUP, slave));
            cluster.awaitGroup(
                    "the slave is master and has its slave",
                    60,
                    now -> now.isMaster(slave) && now.inSync().size() == 2);
            outputs.put(
                    "set after the election", admin.run("getSyncStateSet", "-a", controller, "-b", TestCluster.GROUP));

            outputs.put("config", admin.run("getControllerConfig", "-a", controller));
            outputs.put(
                    "update",
                    admin.run(
                            "updateControllerConfig",
                            "-a",
                            controller,
                            "-k",
                            "enableElectUncleanMaster",
                            "-v",
                            "true"));
            outputs.put("config after update", admin.run("getControllerConfig", "-a", controller));
            outputs.put(
                    "update a forbidden key",
                    admin.run("updateControllerConfig", "-a", controller, "-k", "configStorePath", "-v", "/tmp/x"));

            outputs.put("clean the living", clean(admin, controller, Long.toString(master)));
            outputs.put("clean nonsense", clean(admin, controller, "1;x"));
            cluster.broker(master).process().kill();
            cluster.awaitGroup(
                    "the dead slave has left",
                    60,
                    now -> !now.alive().contains(master) && !now.inSync().contains(master));
            outputs.put("clean the dead", clean(admin, controller, Long.toString(master)));
            outputs.put("set after cleaning", admin.run("getSyncStateSet", "-a", controller, "-b", TestCluster.GROUP));
        }
        return outputs;
    }

    private static String elect(AdminTool admin, String controller, String group, long id) {
        return admin.run("electMaster", "-a", controller, "-b", Long.toString(id), "-bn", group, "-c", Broker.CLUSTER);
    }

    private static String clean(AdminTool admin, String controller, String ids) {
        return admin.run(
                "cleanBrokerMetadata", "-a", controller, "-bn", TestCluster.GROUP, "-b", ids, "-c", Broker.CLUSTER);
    }

    /** Free texts of a remark are people's; of a refusal only the code counts. Members of an elected group are an addition. */
    private static String comparable(String output) {
        StringBuilder text = new StringBuilder();
        for (String line : output.lines().toList()) {
            if (line.isBlank()
                    || line.startsWith("\tat ")
                    || line.startsWith("For more information")
                    || line.contains("... 2 more")) {
                continue;
            }
            String stripped = line.replaceAll("127\\.0\\.0\\.1:\\d+", "ADDRESS")
                    .replaceAll("(?i)(epoch\\S*?)[\\s:=]+\\d+", "$1 N")
                    .replaceAll("Offset=?\\s*\\d+", "Offset N")
                    .replaceAll("(CODE: \\d+).*", "$1")
                    .replaceAll("\\d{4}-\\d\\d-\\d\\d \\S+", "TIME")
                    .strip();
            text.append(stripped).append('\n');
        }
        return text.toString();
    }

    private static void assertSameConfiguration(String apache, String tested) {
        SortedMap<String, String> actual = keys(tested);
        keys(apache).forEach((key, value) -> assertEquals(value, actual.get(key), key));
        assertTrue(actual.containsKey("controllerDLegerPeers") && actual.containsKey("controllerStorePath"), tested);
    }

    private static String comparedKeys(String output) {
        SortedMap<String, String> keys = keys(output);
        keys.keySet().retainAll(COMPARED_KEYS);
        StringBuilder text = new StringBuilder();
        keys.forEach(
                (key, value) -> text.append(key).append(" = ").append(value).append('\n'));
        return text.toString();
    }

    private static SortedMap<String, String> keys(String output) {
        SortedMap<String, String> keys = new TreeMap<>();
        for (String line : output.lines().toList()) {
            int equals = line.indexOf(" = ");
            if (equals > 0) {
                keys.put(
                        line.substring(0, equals).strip(),
                        line.substring(equals + 3).strip());
            }
        }
        return keys;
    }
}
