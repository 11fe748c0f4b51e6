package io.mqcontroller.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.mqcontroller.it.cluster.AdminTool;
import io.mqcontroller.it.cluster.Broker;
import io.mqcontroller.it.cluster.ClientProcess;
import io.mqcontroller.it.cluster.ControllerCluster;
import io.mqcontroller.it.cluster.ControllerKind;
import io.mqcontroller.it.cluster.Folders;
import io.mqcontroller.it.cluster.Host;
import io.mqcontroller.it.cluster.NameServer;
import io.mqcontroller.it.cluster.Ports;
import io.mqcontroller.it.history.Send;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table of RocketMQ's deployment document, a column a test: which brokers work with which name servers and controllers, and
 * whether their masters are replaced. {@code -Dit.columns=all} runs all; the name of a {@link Column}, only that.
 */
@EnabledIfSystemProperty(named = "it.columns", matches = ".+", disabledReason = "takes some minutes")
class CompatibilityTableIT {
    private static final String OLD = "4.9.7";
    private static final String NEW = "5.5.0";

    /** What is there beside the brokers. */
    enum Column {
        OLD_NAME_SERVER(false),
        OLD_NAME_SERVER_AND_CONTROLLERS(true),
        NEW_NAME_SERVERS_WITH_CONTROLLERS(true),
        NEW_NAME_SERVER(false);

        private final boolean controllers;

        Column(boolean controllers) {
            this.controllers = controllers;
        }
    }

    /** One kind of brokers: a group of its own with a master and a slave. */
    private final class Row implements AutoCloseable {
        private final String group;
        private final boolean controlled;
        private final List<Broker> brokers = new ArrayList<>();
        private ClientProcess producer;

        Row(String group, String version, String controllers) {
            this.group = group;
            controlled = !controllers.isEmpty();
            for (int i = 0; i < 2; i++) {
                Map<String, String> keys = !controlled
                        ? Map.of(
                                "enableControllerMode",
                                "false",
                                "brokerId",
                                Integer.toString(i),
                                "brokerRole",
                                i == 0 ? "SYNC_MASTER" : "SLAVE")
                        : Map.of("controllerAddr", controllers, "allAckInSyncStateSet", "true");
                Map<String, String> all = new TreeMap<>(keys);
                all.put("brokerName", group);
                all.put("namesrvAddr", nameServer.address());
                Broker broker = new Broker(version, Host.LOCAL, group + "-" + i, folder, all);
                broker.start();
                brokers.add(broker);
            }
        }

        boolean isRegistered() {
            return clusterList().contains(brokers.get(0).address());
        }

        void startProducer() {
            // A group's own name is a system topic, and a slave without a controller takes none.
            String topic = "to-" + group;
            ClientProcess.createTopic(
                    folder,
                    nameServer.address(),
                    topic,
                    4,
                    brokers.stream()
                            .limit(controlled ? brokers.size() : 1)
                            .map(Broker::address)
                            .toList());
            producer = ClientProcess.producer(folder, nameServer.address(), topic, topic, 50, 500);
            await(group + ": messages flow", () -> acknowledgedSince(0) > 20);
        }

        long acknowledgedSince(long timeMs) {
            return Send.parse(producer.lines()).stream()
                    .filter(send -> send.isAcknowledged() && send.startMs() > timeMs)
                    .count();
        }

        @Override
        public void close() {
            if (producer != null) {
                producer.process().close();
            }
            brokers.forEach(Broker::close);
        }
    }

    private final Path folder = Folders.temporary("table");
    private NameServer nameServer;
    private ControllerCluster controllers;
    private final List<AutoCloseable> running = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable part : running) {
            part.close();
        }
        Folders.delete(folder);
    }

    static List<Column> columns() {
        String chosen = System.getProperty("it.columns");
        return chosen.equals("all")
                ? List.of(Column.values())
                : Stream.of(chosen.split(",")).map(Column::valueOf).toList();
    }

    @ParameterizedTest
    @MethodSource("columns")
    void brokersWorkAndSwitchAsTheTableSays(Column column) {
        startServers(column);
        String addresses = column.controllers ? controllers.addresses() : "127.0.0.1:" + Ports.free();
        Row oldBrokers = add(new Row("old", OLD, ""));
        Row controlled = add(new Row("controlled", NEW, addresses));
        Row plain = add(new Row("plain", NEW, ""));
        List<Row> working = column.controllers ? List.of(oldBrokers, controlled, plain) : List.of(oldBrokers, plain);

        working.forEach(row -> await(row.group + " is registered", row::isRegistered));
        working.forEach(Row::startProducer);
        if (column.controllers) {
            await("both are in sync", () -> controllers
                    .group(controlled.group)
                    .filter(view -> view.inSync().equals(Set.of(1L, 2L)))
                    .isPresent());
        } else {
            await("they say whom they miss", () -> controlled.brokers.stream()
                    .allMatch(broker -> broker.hasLogged("maybe the controllers in")));
            assertFalse(controlled.isRegistered(), "nobody gave it a role");
        }

        long killedMs = killMasters(oldBrokers, controlled, plain, column.controllers);
        if (column.controllers) {
            await("the slave took over", () -> controlled.acknowledgedSince(killedMs) > 20);
        }
        // What was on its way at the kill may still be acknowledged; a master that is replaced acknowledges far more.
        assertEquals(0, oldBrokers.acknowledgedSince(killedMs + 1_000));
        assertEquals(0, plain.acknowledgedSince(killedMs + 1_000));
    }

    private void startServers(Column column) {
        if (column.controllers) {
            ControllerKind kind = column == Column.NEW_NAME_SERVERS_WITH_CONTROLLERS
                    ? ControllerKind.OURS_IN_NAME_SERVER
                    : ControllerKind.OURS;
            controllers = add(new ControllerCluster(kind, 3, folder.resolve("controllers"), Map.of()));
            controllers.startAll();
            await("the controllers are ready", controllers::isReady);
        }
        nameServer = column == Column.NEW_NAME_SERVERS_WITH_CONTROLLERS
                ? new NameServer(controllers)
                : add(new NameServer(
                        column == Column.NEW_NAME_SERVER ? NEW : OLD, Host.LOCAL, folder.resolve("namesrv")));
    }

    private long killMasters(Row oldBrokers, Row controlled, Row plain, boolean controllersRun) {
        oldBrokers.brokers.get(0).process().kill();
        plain.brokers.get(0).process().kill();
        if (controllersRun) {
            long master =
                    controllers.group(controlled.group).orElseThrow().master().orElseThrow();
            controlled.brokers.stream()
                    .filter(broker -> broker.id().orElse(0) == master)
                    .forEach(broker -> broker.process().kill());
        }
        return System.currentTimeMillis();
    }

    private String clusterList() {
        return new AdminTool(NEW, folder, nameServer.address()).run("clusterList");
    }

    private <T extends AutoCloseable> T add(T part) {
        running.add(0, part);
        return part;
    }

    private static void await(String what, Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(200))
                .until(condition);
    }
}
