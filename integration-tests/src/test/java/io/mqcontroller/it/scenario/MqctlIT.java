package io.mqcontroller.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.it.cluster.ControllerCluster;
import io.mqcontroller.it.cluster.ControllerKind;
import io.mqcontroller.it.cluster.ControllerNode;
import io.mqcontroller.it.cluster.GroupView;
import io.mqcontroller.it.cluster.OperatorCommand;
import io.mqcontroller.it.cluster.OperatorCommand.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/mqctl} against three controllers, as an operator uses it. The last test leaves them broken. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MqctlIT {
    /** A machine that has much to do must not change the leader in the middle of what is looked at. */
    private static final Map<String, String> UNHURRIED = Map.of("raftElectionTimeoutMs", "3000");

    private Path folder;
    private ControllerCluster controllers;
    private OperatorCommand mqctl;

    @BeforeAll
    void start(@TempDir Path ownFolder) {
        folder = ownFolder;
        controllers = new ControllerCluster(ControllerKind.OURS, 3, folder, UNHURRIED);
        controllers.startAll();
        controllers.awaitLeader();
        // One is enough: it knows the others.
        mqctl = new OperatorCommand(folder, controllers.nodes().get(2).address());
        await(() -> mqctl.run("health"), 0);
    }

    @AfterAll
    void stop() {
        controllers.close();
    }

    @Test
    @Order(1)
    void statusShowsAllControllersInOneTable() {
        Result status = mqctl.run("status");
        assertEquals(0, status.exitCode(), status::toString);
        assertEquals("", status.errors());
        assertEquals(4, status.output().lines().count(), status::toString);
        for (ControllerNode node : controllers.nodes()) {
            assertTrue(
                    status.output()
                            .lines()
                            .anyMatch(line -> line.startsWith(node.id())
                                    && line.contains(node.address())
                                    && line.endsWith(" ok")),
                    status::toString);
        }
        Result json = mqctl.run("-o", "json", "status");
        assertTrue(json.output().startsWith("{\n  \"schemaVersion\" : 1,"), json::toString);
    }

    @Test
    @Order(2)
    void groupsAreShownElectedAndCleaned() throws Exception {
        try (SimulatedGroup group = SimulatedGroup.healthy(controllers, 3)) {
            Result list = mqctl.run("group", "list", "-o", "plain");
            assertEquals("C\t" + group.name() + "\t1\t1\t[1,2,3]\t2\t3/3\tok\t-\n", list.output(), list::toString);

            // Its brokers have no agents, which could hand over.
            assertSucceeds(mqctl.run("drain", "--group", group.name(), "--id", "1"), "is still master");
            assertSucceeds(mqctl.run("undrain", "--group", group.name(), "--id", "1"), "undrained");
            Result refused = mqctl.run("group", "switchover", group.name(), "--to", "2");
            assertEquals(4, refused.exitCode(), refused::toString);
            assertTrue(refused.errors().contains("NEEDS_AGENT"), refused::toString);

            assertEquals(
                    2, mqctl.run("group", "elect", group.name(), "--to", "2").exitCode());
            assertSucceeds(mqctl.run("group", "elect", group.name(), "--to", "2", "--yes"), "broker 2 is master");
            group.awaitMaster(2);

            group.broker(3).die();
            group.await("3 is dead", view -> !view.alive().contains(3L));
            assertSucceeds(mqctl.run("group", "describe", group.name()), "not in the SyncStateSet");
            assertEquals(
                    4, mqctl.run("group", "clean", group.name(), "2", "--yes").exitCode());
            assertSucceeds(mqctl.run("group", "clean", group.name(), "3", "--dry-run"), "possible");
            replaceTheDeadOne(group);
            assertSucceeds(mqctl.run("group", "clean", group.name(), "4", "--yes", "--include-living"), "removed");
            assertEquals(2, group.view().addresses().size());

            Result events = mqctl.run("events", group.name(), "-o", "json");
            assertSucceeds(events, "\"cause\" : \"operator\"");
            assertTrue(events.output().contains("\"event\" : \"replicas_removed\""), events::toString);
        }
    }

    private void replaceTheDeadOne(SimulatedGroup group) throws IOException {
        String[] replace = {"group", "replace", group.name(), "3", "4", "--yes"};
        assertEquals(4, mqctl.run(replace).exitCode());
        group.join(4).beatTo(controllers.awaitLeader().address());
        GroupView view = group.awaitAlive(4L);
        assertEquals(4, mqctl.run(replace).exitCode(), "it is not in sync");
        group.expect(0, group.client().alter(group.name(), 2, view.masterEpoch(), List.of(2L, 4L), view.setEpoch()));
        assertSucceeds(mqctl.run(replace), "in whose place there is 4");
        assertSucceeds(mqctl.run(replace), "was removed before");
    }

    @Test
    @Order(3)
    void aControllerIsAddedPromotedAndRemovedAndLeadershipMoves() {
        ControllerNode fresh = controllers.startJoining();
        await(() -> mqctl.run("node", "add", fresh.id(), "--address", fresh.address(), "--wait", "60s"), 0);
        assertSucceeds(mqctl.run("node", "promote", fresh.id(), "--wait", "60s"), fresh.id() + "  voter");
        assertSucceeds(mqctl.run("node", "transfer", fresh.id()), fresh.id());
        await(() -> mqctl.run("node", "remove", fresh.id(), "--yes"), 0);
        fresh.process().kill();
        Result nodes = mqctl.run("node", "list", "-o", "plain");
        assertEquals(3, nodes.output().lines().count(), nodes::toString);
        assertEquals(4, mqctl.run("node", "remove", fresh.id(), "--yes").exitCode());
    }

    @Test
    @Order(4)
    void allControllersHoldTheSameAndAreConfiguredAlike() {
        await(() -> mqctl.run("verify"), 0);
        // Each has its own port for HTTP, and its own store.
        Result differences = mqctl.run("config", "diff", "-o", "plain");
        assertEquals(1, differences.exitCode(), differences::toString);
        assertEquals(
                List.of("controllerStorePath", "httpListenPort"),
                differences.output().lines().map(line -> line.split("\t")[0]).toList());
        assertSucceeds(mqctl.run("log", "level", "debug", "--logger", "io.mqcontroller.controller"), "DEBUG");
    }

    @Test
    @Order(5)
    void aKeyIsChangedOnAllControllersAndTheirLogsSayIt() throws IOException {
        assertSucceeds(mqctl.run("config", "set", "notifyBrokerRoleChanged", "false"), "true    false");
        Result events = mqctl.run("events", "-o", "plain");
        for (ControllerNode node : controllers.nodes().subList(0, 3)) {
            assertSucceeds(events, node.id() + ": notifyBrokerRoleChanged true -> false\toperator at 127.0.0.1:");
        }
        assertEquals(4, mqctl.run("config", "set", "bindAddress", "127.0.0.9").exitCode(), "not at run time");
        assertSucceeds(mqctl.run("debug", "bundle", "--to", "bundle.zip"), "written");
        try (ZipFile bundle = new ZipFile(folder.resolve("bundle.zip").toFile())) {
            for (ControllerNode node : controllers.nodes().subList(0, 3)) {
                ZipEntry log = bundle.getEntry(node.address().replace(':', '_') + "/log.txt");
                String text = new String(bundle.getInputStream(log).readAllBytes(), StandardCharsets.UTF_8);
                assertTrue(text.contains("event=config_change_asked key=notifyBrokerRoleChanged"), text);
            }
        }
    }

    @Test
    @Order(6)
    void aControllerThatIsDrainedHandsLeadershipOnAndIsNotReady() {
        ControllerNode leader = controllers.awaitLeader();
        assertSucceeds(mqctl.run("node", "drain", leader.id()), "drained: " + leader.id());
        assertNotEquals(leader.id(), controllers.awaitLeader().id());
        Result health = new OperatorCommand(folder, leader.address()).run("health");
        assertTrue(health.output().contains("not_drained"), health::toString);
        assertSucceeds(mqctl.run("node", "undrain", leader.id()), "undrained: " + leader.id());
    }

    private static void assertSucceeds(Result result, String part) {
        assertEquals(0, result.exitCode(), result::toString);
        assertTrue(result.output().contains(part), result::toString);
    }

    @Test
    @Order(100)
    void aControllerThatIsGoneIsShownAndCounts() {
        ControllerNode leader = controllers.awaitLeader();
        leader.process().kill();
        OperatorCommand asksAll =
                new OperatorCommand(folder, controllers.addresses().replace(';', ','));
        await(() -> asksAll.run("health"), 1);
        Result status = asksAll.run("status");
        assertEquals(0, status.exitCode(), status::toString);
        assertTrue(status.output().contains("no answer"), status::toString);

        controllers.nodes().stream()
                .filter(ControllerNode::isRunning)
                .findFirst()
                .orElseThrow()
                .process()
                .kill();
        await(() -> asksAll.run("health"), 2);
        String config = folder.resolve(controllers.nodes().stream()
                                .filter(ControllerNode::isRunning)
                                .findFirst()
                                .orElseThrow()
                                .id()
                        + ".conf")
                .toString();
        assertEquals(4, mqctl.run("store", "verify", "-c", config).exitCode());
        controllers.killAll();
        assertEquals(3, asksAll.run("status").exitCode());
        assertSucceeds(mqctl.run("store", "verify", "-c", config), "whole");
        String otherConfig = folder.resolve(leader.id() + ".conf").toString();
        assertSucceeds(mqctl.run("store", "verify", "-c", config, "--against", otherConfig), "hold the same log");
        assertSucceeds(mqctl.run("store", "inspect", "-c", config, "-o", "json"), "\"groups\" : 1");
    }

    private static void await(Supplier<Result> command, int exitCode) {
        Result[] last = new Result[1];
        try {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> (last[0] = command.get()).exitCode() == exitCode);
        } catch (ConditionTimeoutException late) {
            throw new AssertionError("not exit code " + exitCode + " within 60 s, but " + last[0], late);
        }
    }
}
