package io.mqcontroller.agent.runtime;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.agent.core.AckRule;
import io.mqcontroller.agent.core.AgentState;
import io.mqcontroller.agent.spi.ExampleBroker;
import io.mqcontroller.agent.spi.MasterRole;
import io.mqcontroller.agent.spi.SlaveRole;
import io.mqcontroller.agent.spi.WritePermit;
import io.mqcontroller.proto.controller.AgentRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerAgentTest {
    private static final Runnable AT_ONCE = () -> {};

    @TempDir
    Path folder;

    private final WritePermit permit = new WritePermit();
    private final ExampleBroker broker = new ExampleBroker(permit);
    private FakeController controller;
    private BrokerAgent agent;

    @BeforeEach
    void startController() throws IOException {
        controller = new FakeController();
    }

    @AfterEach
    void stop() throws IOException {
        agent.close();
        controller.close();
    }

    @Test
    void becomesMasterAndMayWrite() throws IOException {
        startAgent(controller.address());
        assertEquals(ExampleBroker.Outcome.REFUSED, broker.write("too early", AT_ONCE));
        awaitWritable();
        assertEquals(new MasterRole(1, 1, new TreeSet<>(java.util.List.of(1L))), broker.role());
        assertEquals("c#b#1", Files.readString(folder.resolve("brokerIdentity")));
        assertEquals(AgentState.MASTER, agent.status().state());
        awaitThat(() -> broker.rule() == AckRule.WEAKER);
    }

    @Test
    void aPushToBeSlaveFencesAtOnce() throws IOException {
        startAgent(controller.address());
        awaitWritable();
        assertEquals(ExampleBroker.Outcome.UNKNOWN, broker.write("waits for replicas", () -> {
            electOther();
            awaitThat(() -> broker.role() instanceof SlaveRole);
        }));
        assertEquals(ExampleBroker.Outcome.REFUSED, broker.write("too late", AT_ONCE));
        assertEquals("10.0.0.2:10912", ((SlaveRole) broker.role()).masterHaAddress());
    }

    @Test
    void aSwitchThatFailsIsTriedAgain() throws IOException {
        broker.failToSwitch(true);
        startAgent(controller.address());
        awaitThat(() -> controller.heartbeats().size() > 1);
        assertEquals(WritePermit.REFUSED, permit.enter());
        broker.failToSwitch(false);
        awaitWritable();
    }

    @Test
    void aFollowerSaysWhoLeads() throws IOException {
        try (FakeController follower = new FakeController()) {
            follower.follow(controller.address());
            startAgent(follower.address());
            awaitWritable();
            assertEquals(1, follower.connectionsMade());
        }
    }

    @Test
    void theNextControllerIsTriedWhenOneIsGone() throws IOException {
        String gone;
        try (FakeController closed = new FakeController()) {
            gone = closed.address();
        }
        startAgent(gone + ";" + controller.address());
        awaitWritable();
    }

    @Test
    void aControllerThatSaysNothingIsLeft() throws IOException {
        startAgent(controller.address());
        awaitWritable();
        int made = controller.connectionsMade();
        controller.answer(false);
        awaitThat(() -> controller.connectionsMade() > made);
        controller.answer(true);
        int heard = controller.heartbeats().size();
        awaitThat(() -> controller.heartbeats().size() > heard);
    }

    @Test
    void resigningGivesTheRoleBackAndEndsWriting() throws IOException {
        startAgent(controller.address());
        awaitWritable();
        agent.resign(3_000);
        assertEquals(WritePermit.REFUSED, permit.enter());
        assertTrue(controller.heartbeats().stream()
                .anyMatch(heartbeat -> heartbeat.getResigns() && heartbeat.getRole() != AgentRole.SLAVE));
    }

    private void startAgent(String controllers) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("controllerAddr", controllers);
        properties.setProperty("brokerHeartbeatInterval", "100");
        properties.setProperty("masterLeaseMillis", "500");
        AgentConfig config = AgentConfig.of(
                new AgentConfig.Host("c", "b", "127.0.0.1:10911", "127.0.0.1:10912", folder.resolve("brokerIdentity")),
                properties);
        agent = new BrokerAgent(config, broker, permit, () -> controllers, new PrintingListener());
        agent.start();
    }

    private void electOther() {
        try {
            controller.electOther(2, 2);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void awaitWritable() {
        awaitThat(() -> broker.write("now?", AT_ONCE) == ExampleBroker.Outcome.ACKNOWLEDGED);
    }

    private static void awaitThat(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .until(condition);
    }
}
