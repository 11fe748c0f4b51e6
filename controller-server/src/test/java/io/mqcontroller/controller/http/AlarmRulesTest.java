package io.mqcontroller.controller.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.controller.replication.StateCheckpoint;
import io.mqcontroller.controller.controller.service.AgentStatus;
import io.mqcontroller.controller.controller.service.AgentsView;
import io.mqcontroller.controller.controller.service.ControllerView;
import io.mqcontroller.controller.controller.service.SlaveView;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.ClusterMetadata;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.raft.core.Configuration;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.core.RoleName;
import io.mqcontroller.raft.core.StoreHealth;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An alarm on a metric that does not exist never rings, and nobody notices. */
class AlarmRulesTest {
    private static final Path RULES = Path.of("..", "conf", "prometheus", "rules.yml");
    private static final Path TESTS = Path.of("src", "test", "alarms", "rules_test.yml");
    private static final Path DOCS = Path.of("..");
    private static final Pattern ALARM = Pattern.compile("- alert: (\\w+)");
    private static final Pattern RUNBOOK = Pattern.compile("runbook_url: (\\S+)");
    private static final Pattern TESTED = Pattern.compile("alertname: (\\w+)");
    private static final Pattern SERIES = Pattern.compile("\\bmqcontroller_[a-z0-9_]+");
    private static final Pattern RULE = Pattern.compile(
            "- alert: (\\w+)\n(?: +#.*\n)? +expr: (.+)\n(?: +for: (\\w+)\n)? +labels: \\{severity: (\\w+)}");
    private static final NodeId SELF = new NodeId("n0");
    private static final NodeId PEER = new NodeId("n1");

    @TempDir
    Path folder;

    @Test
    void everyMetricOfTheRulesIsOnThePage() throws IOException {
        SortedSet<String> named = SERIES.matcher(Files.readString(RULES))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
        assertTrue(named.size() > 10, named.toString());

        named.removeAll(shown());

        assertEquals(new TreeSet<>(), named, "named in " + RULES + " and not on the page");
    }

    @Test
    void eachAlarmHasARunbookOfItsName() throws IOException {
        String rules = Files.readString(RULES);
        List<String> pages = found(ALARM, rules).stream()
                .map(alarm -> "docs/runbooks/" + alarm + ".md")
                .toList();

        assertEquals(pages, found(RUNBOOK, rules));
        assertEquals(
                List.of(),
                pages.stream()
                        .filter(page -> !Files.isRegularFile(DOCS.resolve(page)))
                        .toList(),
                "no such page");
    }

    @Test
    void eachRunbookSaysWhenItsAlarmRingsAndTheIndexLeadsToIt() throws IOException {
        Path runbooks = DOCS.resolve("docs/runbooks");
        String index = Files.readString(runbooks.resolve("README.md"));
        List<MatchResult> rules =
                RULE.matcher(Files.readString(RULES)).results().toList();
        assertEquals(found(ALARM, Files.readString(RULES)).size(), rules.size());
        for (MatchResult rule : rules) {
            String alarm = rule.group(1);
            String page = Files.readString(runbooks.resolve(alarm + ".md"));
            String severity = rule.group(4);
            String expected = severity.substring(0, 1).toUpperCase(Locale.ROOT) + severity.substring(1) + ". `"
                    + rule.group(2) + "`" + (rule.group(3) == null ? "" : " for " + rule.group(3)) + ".";
            assertTrue(page.startsWith("# " + alarm + "\n\n" + expected + "\n"), () -> alarm + ".md: " + expected);
            assertTrue(index.contains("[" + alarm + "](" + alarm + ".md)"), alarm);
        }
    }

    /** {@code promtool test rules} runs them. */
    @Test
    void eachAlarmIsSeenToRingAndToKeepSilent() throws IOException {
        List<String> alarms = found(ALARM, Files.readString(RULES));
        List<String> tested = found(TESTED, Files.readString(TESTS));

        assertTrue(alarms.size() >= 14, alarms.toString());
        assertEquals(alarms, tested.stream().distinct().toList());
        for (String alarm : alarms) {
            assertTrue(Collections.frequency(tested, alarm) >= 2, alarm);
        }
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1)).toList();
    }

    /** Names of the series of a leader that knows an agent. */
    private SortedSet<String> shown() {
        SlaveView slave =
                new SlaveView(new GroupKey("c", "g"), new AgentStatus.Slave(new BrokerId(2), 4_096, 3_200, true));
        AgentsView agents = new AgentsView(1, 1, 0, 1_500, 1, 0, 3_200, 4_096, List.of(slave));
        ControllerView view = new ControllerView(
                ClusterMetadata.EMPTY, true, 4, Optional.of(SELF), 9, 7, 0, 1, 2, 3, 1, 0, 0, 5, 1, agents);
        RaftStatus status = new RaftStatus(
                SELF,
                RoleName.LEADER,
                true,
                3,
                Optional.of(SELF),
                95,
                95,
                new LogPosition(3, 100),
                100,
                new LogPosition(2, 50),
                0,
                List.of(),
                StoreHealth.SOUND,
                Configuration.ofVoters(List.of(SELF, PEER)),
                0);
        try (Metrics metrics = new Metrics("1.2.3", folder)) {
            new RaftMetrics(metrics).watch(() -> status);
            ControllerMetrics controller = new ControllerMetrics(metrics);
            controller.watch(() -> view, () -> 0);
            controller.watchConfiguration(() -> 7);
            new StateMetrics(metrics, () -> StateCheckpoint.NONE);
            new RemotingMetrics(metrics);
            new RpcMetrics(metrics);
            new AgentMetrics(metrics);
            new SlaveMetrics(metrics, () -> view);
            String page = new String(
                    metrics.page().answer(new HttpPage.Query("", false)).body(), StandardCharsets.UTF_8);
            return page.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("[{ ]", 2)[0])
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
