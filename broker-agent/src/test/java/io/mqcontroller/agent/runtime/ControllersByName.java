package io.mqcontroller.agent.runtime;

import io.mqcontroller.agent.spi.ExampleBroker;
import io.mqcontroller.agent.spi.WritePermit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** What befalls a name, and the agent that knows its controllers by it. */
enum ControllersByName {
    /** The name is dialled: where it leads is asked anew for each connection. */
    DIALLED {
        @Override
        void tell(World world) throws IOException {
            world.nameLeadsTo(FIRST);
            try (FakeController first = new FakeController(FIRST, 0)) {
                world.startAgent(first.port(), false);
                world.awaitConnected(first, 0);
                try (FakeController second = new FakeController(SECOND, first.port())) {
                    world.nameLeadsTo(SECOND);
                    first.end();
                    world.awaitConnected(second, 0);
                    int made = second.connectionsMade();
                    world.nameIsUnknown();
                    second.dropConnections();
                    world.awaitLooks(0);
                    world.nameLeadsTo(SECOND);
                    world.awaitConnected(second, made);
                }
            }
        }
    },
    /** The name is one for all controllers: their addresses are looked up, and kept while nobody knows the name. */
    LOOKED_UP {
        @Override
        void tell(World world) throws IOException {
            world.nameLeadsTo(FIRST);
            try (FakeController first = new FakeController(FIRST, 0)) {
                world.startAgent(first.port(), true);
                world.awaitConnected(first, 0);
                world.nameIsUnknown();
                world.awaitLooks(3);
                int made = first.connectionsMade();
                first.dropConnections();
                world.awaitConnected(first, made);
                try (FakeController second = new FakeController(SECOND, first.port())) {
                    world.nameLeadsTo(SECOND);
                    world.awaitLooks(3);
                    first.end();
                    world.awaitConnected(second, 0);
                }
            }
        }
    };

    private static final String NAME = "controllers.test";
    private static final String FIRST = "127.0.0.2";
    private static final String SECOND = "127.0.0.3";
    private static final long LOOK_PERIOD_MS = 50;

    abstract void tell(World world) throws IOException;

    /** @param args the story, and a folder for it */
    public static void main(String[] args) throws IOException {
        try (World world = new World(Path.of(args[1]))) {
            valueOf(args[0]).tell(world);
        }
    }

    /** The name service and the agent. */
    private static final class World implements AutoCloseable {
        private final Path folder;
        private final AtomicInteger looks = new AtomicInteger();
        private BrokerAgent agent;

        World(Path folder) {
            this.folder = folder;
        }

        void nameLeadsTo(String address) throws IOException {
            writeHosts(address + " " + NAME + "\n");
        }

        void nameIsUnknown() throws IOException {
            writeHosts("127.0.0.9 other.test\n");
        }

        private void writeHosts(String content) throws IOException {
            Path written = Files.writeString(folder.resolve("hosts.new"), content);
            Files.move(written, folder.resolve("hosts"), StandardCopyOption.REPLACE_EXISTING);
        }

        void startAgent(int port, boolean lookUp) throws IOException {
            String address = NAME + ":" + port;
            Properties properties = new Properties();
            properties.setProperty("controllerAddr", address);
            properties.setProperty("fetchControllerAddrByDnsLookup", Boolean.toString(lookUp));
            properties.setProperty("brokerHeartbeatInterval", "100");
            AgentConfig config = AgentConfig.of(
                    new AgentConfig.Host(
                            "c", "b", "127.0.0.1:10911", "127.0.0.1:10912", folder.resolve("brokerIdentity")),
                    properties);
            WritePermit permit = new WritePermit();
            agent = new BrokerAgent(
                    config,
                    new ExampleBroker(permit),
                    permit,
                    () -> {
                        looks.incrementAndGet();
                        return address;
                    },
                    LOOK_PERIOD_MS,
                    new PrintingListener());
            agent.start();
        }

        /** Waits until the agent has looked at its configuration so many times more. */
        void awaitLooks(int more) {
            int enough = looks.get() + more;
            await("looked up", () -> looks.get() >= enough);
        }

        /** Waits until the agent has a connection to this one, and heartbeats are heard, beside so many from before. */
        void awaitConnected(FakeController controller, int before) {
            await("connected to " + controller.address(), () -> controller.connectionsMade() > before);
            int heard = controller.heartbeats().size();
            await("heartbeats", () -> controller.heartbeats().size() > heard);
        }

        private static void await(String what, Callable<Boolean> condition) {
            Awaitility.await(what)
                    .atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(10))
                    .until(condition);
        }

        @Override
        public void close() {
            if (agent != null) {
                agent.close();
            }
        }
    }
}
