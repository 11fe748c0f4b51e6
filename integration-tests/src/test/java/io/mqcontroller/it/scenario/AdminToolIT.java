package io.mqcontroller.it.scenario;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.it.cluster.ControllerKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The real mqadmin prints with our controller what it prints with Apache's, but for addresses, epochs and times: both kinds
 * run, each with a group of two brokers, and get the same commands. {@code -Dit.mqadmin=all} for all releases.
 */
class AdminToolIT {
    private static final List<String> COMPARED_KEYS = List.of(
            "controllerDLegerGroup", "controllerDLegerSelfId", "enableElectUncleanMaster", "notifyBrokerRoleChanged");

    static List<String> releases() {
        String chosen = System.getProperty("it.mqadmin", "5.5.0");
        return chosen.equals("all") ? List.of("5.3.3", "5.5.0") : List.of(chosen);
    }

    @ParameterizedTest
    @MethodSource("releases")
    void printsTheSameAsWithApachesController(String release) {
        CompletableFuture<Map<String, String>> apaches =
                CompletableFuture.supplyAsync(() -> AdminCommands.run(release, ControllerKind.APACHE_DLEDGER));
        Map<String, String> ours = AdminCommands.run(release, ControllerKind.OURS);
        Map<String, String> apache = apaches.join();

        assertEquals(apache.keySet(), ours.keySet());
        List<Executable> comparisons = new ArrayList<>();
        apache.forEach((step, output) -> comparisons.add(() -> assertSame(step, output, ours.get(step))));
        assertAll(comparisons);
    }

    private static void assertSame(String step, String apache, String ours) {
        if (step.startsWith("config")) {
            assertSameConfiguration(apache, ours);
        } else if (step.equals(AdminCommands.ANSWER_APACHE_CANNOT_READ)) {
            assertElected(ours);
        } else if (step.equals(AdminCommands.REFUSED_BY_US)) {
            assertTrue(ours.contains("CODE: 2009"), ours);
        } else {
            assertEquals(comparable(apache), comparable(ours), step);
        }
    }

    private static void assertElected(String output) {
        assertTrue(output.contains("#BrokerMasterAddr") && output.contains("#MasterEpoch"), output);
        assertEquals(
                2,
                output.lines()
                        .filter(line -> line.strip().startsWith("#Broker\t"))
                        .count(),
                output);
    }

    private static void assertSameConfiguration(String apache, String ours) {
        SortedMap<String, String> expected = keys(apache);
        SortedMap<String, String> actual = keys(ours);
        COMPARED_KEYS.forEach(key -> assertEquals(expected.get(key), actual.get(key), key));
        assertTrue(
                actual.containsKey("controllerDLegerPeers") && actual.containsKey("controllerStorePath"),
                actual::toString);
    }

    /**
     * Lines in any order, for brokers come in that of a hash of their addresses. Free texts of a remark are people's; of a
     * refusal only the code counts.
     */
    private static List<String> comparable(String output) {
        return output.lines()
                .filter(line -> !line.isBlank()
                        && !line.startsWith("\tat ")
                        && !line.startsWith("For more information")
                        && !line.matches("\\s*\\.\\.\\. \\d+ more"))
                .map(line -> line.replaceAll("127\\.0\\.0\\.1:\\d+", "ADDRESS")
                        .replaceAll("(?i)(epoch\\S*?)[\\s:=]+\\d+", "$1 N")
                        .replaceAll("Offset=?\\s*\\d+", "Offset N")
                        .replaceAll("(CODE: \\d+).*", "$1")
                        .replaceAll("\\d+\\.\\d\\d$|\\d+\\.\\d\\d ", "SPEED ")
                        .replaceAll("\\d{4}-\\d\\d-\\d\\d \\S+", "TIME")
                        .strip())
                .sorted()
                .toList();
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
