package io.mqcontroller.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.it.cluster.ControllerCluster;
import io.mqcontroller.it.cluster.ControllerKind;
import io.mqcontroller.it.cluster.ControllerNode;
import io.mqcontroller.it.cluster.OperatorCommand;
import io.mqcontroller.it.cluster.OperatorCommand.Result;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
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
    private Path folder;
    private ControllerCluster controllers;
    private OperatorCommand mqctl;

    @BeforeAll
    void start(@TempDir Path ownFolder) {
        folder = ownFolder;
        controllers = new ControllerCluster(ControllerKind.OURS, 3, folder, Map.of());
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
        controllers.killAll();
        assertEquals(3, asksAll.run("status").exitCode());
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
