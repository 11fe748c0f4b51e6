package io.mqcontroller.it.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Controllers, a name server and the brokers of one group, in a temporary folder that goes with them. */
public final class TestCluster implements AutoCloseable {
    /** The group of all brokers here. */
    public static final String GROUP = "broker-a";

    private final Builder builder;
    private final Path folder;
    private final ControllerCluster controllers;
    private final NameServer nameServer;
    private final List<Broker> brokers = new ArrayList<>();

    private TestCluster(Builder builder) {
        folder = Folders.temporary(builder.name);
        controllers = new ControllerCluster(
                        builder.kind,
                        builder.controllers,
                        builder.placement,
                        folder.resolve("controllers"),
                        builder.controllerKeys)
                .withApacheVersion(builder.version);
        nameServer = builder.kind == ControllerKind.OURS_IN_NAME_SERVER
                ? new NameServer(controllers)
                : new NameServer(builder.version, builder.placement.hostOf("namesrv"), folder);
        this.builder = builder;
        for (int i = 1; i <= builder.brokers; i++) {
            add(Map.of()).use(i <= builder.agents ? BrokerKind.WITH_AGENT : BrokerKind.UNMODIFIED);
        }
    }

    /** What a cluster is made of; everything has a default. */
    public static final class Builder {
        private final String name;
        private ControllerKind kind = ControllerKind.underTest();
        private int controllers = 3;
        private String version = "5.5.0";
        private int brokers = 2;
        private int agents = 0;
        private Placement placement = Placement.LOCAL;
        private final Map<String, String> controllerKeys = new TreeMap<>();
        private final Map<String, String> brokerKeys = new TreeMap<>();

        private Builder(String name) {
            this.name = name;
        }

        public Builder kind(ControllerKind value) {
            kind = value;
            return this;
        }

        public Builder controllers(int count) {
            controllers = count;
            return this;
        }

        /** Release of the name server, the brokers, and the controllers if they are Apache's. */
        public Builder version(String value) {
            version = value;
            return this;
        }

        public Builder brokers(int count) {
            brokers = count;
            return this;
        }

        /** How many of the brokers have the agent; the first ones. */
        public Builder agents(int count) {
            agents = count;
            return this;
        }

        /** Where its processes run. */
        public Builder placement(Placement value) {
            placement = value;
            return this;
        }

        public Builder controllerKey(String key, String value) {
            controllerKeys.put(key, value);
            return this;
        }

        public Builder brokerKey(String key, String value) {
            brokerKeys.put(key, value);
            return this;
        }

        /** Starts everything; returns when one broker is master and all are in the SyncStateSet. */
        public TestCluster start() {
            TestCluster cluster = new TestCluster(this);
            try {
                cluster.controllers.startAll();
                cluster.await("the controllers are ready", 60, cluster.controllers::isReady);
                cluster.brokers.forEach(Broker::start);
                cluster.awaitAllInSync();
                return cluster;
            } catch (Throwable e) {
                cluster.close();
                throw e;
            }
        }
    }

    public static Builder of(String name) {
        return new Builder(name);
    }

    public Path folder() {
        return folder;
    }

    public ControllerCluster controllers() {
        return controllers;
    }

    public NameServer nameServer() {
        return nameServer;
    }

    public List<Broker> brokers() {
        return brokers;
    }

    /** One more replica of the group, empty and not started, with these keys more than the others have. */
    public Broker add(Map<String, String> moreKeys) {
        Map<String, String> keys = new TreeMap<>();
        // How often an unmodified master looks whether a slave has caught up, 5 s by default: tests wait for that again
        // and again.
        keys.put("checkSyncStateSetPeriod", "1000");
        keys.putAll(builder.brokerKeys);
        keys.put("brokerName", GROUP);
        keys.put("controllerAddr", controllers.addresses());
        keys.put("namesrvAddr", nameServer.address());
        keys.putAll(moreKeys);
        String name = "broker-" + (brokers.size() + 1);
        Broker broker = new Broker(builder.version, builder.placement.hostOf(name), name, folder, keys);
        brokers.add(broker);
        return broker;
    }

    /** The group as the leader shows it. */
    public Optional<GroupView> group() {
        return controllers.group(GROUP);
    }

    public Broker broker(long id) {
        return brokers.stream()
                .filter(broker -> broker.id().isPresent() && broker.id().getAsLong() == id)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no broker with id " + id + "\n" + describe()));
    }

    /** The broker that is recorded as master. */
    public Broker master() {
        return broker(group().orElseThrow(() -> new AssertionError("group unknown\n" + describe()))
                .master()
                .orElseThrow(() -> new AssertionError("no master\n" + describe())));
    }

    /** Starts whatever does not run and waits until all is well. */
    public void heal() {
        controllers.startAll();
        brokers.stream().filter(broker -> !broker.isRunning()).forEach(Broker::start);
        await("the controllers are ready", 60, controllers::isReady);
        awaitAllInSync();
    }

    /** One master, every broker alive and in the SyncStateSet. */
    public GroupView awaitAllInSync() {
        return awaitGroup("every replica is alive and in the SyncStateSet", 120, view -> {
            SortedSet<Long> ids = new TreeSet<>();
            brokers.forEach(broker -> broker.id().ifPresent(ids::add));
            return ids.size() == brokers.size()
                    && view.master().isPresent()
                    && view.inSync().equals(ids)
                    && view.alive().equals(ids);
        });
    }

    /** Waits until the group is as described. */
    public GroupView awaitGroup(String what, long withinSeconds, Predicate<GroupView> condition) {
        return await(what, withinSeconds, this::group, view -> view.filter(condition)
                        .isPresent())
                .orElseThrow();
    }

    /** Waits; when the time is over the error shows the state of all. */
    public void await(String what, long withinSeconds, Callable<Boolean> condition) {
        await(what, withinSeconds, condition, Boolean::booleanValue);
    }

    /** Waits for a value, asking again after an {@link IOException}; when the time is over the error shows the state of all. */
    public <T> T await(String what, long withinSeconds, Callable<T> value, Predicate<T> condition) {
        try {
            return Awaitility.await(what)
                    .atMost(Duration.ofSeconds(withinSeconds))
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(50))
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(value, condition);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("not within " + withinSeconds + " s: " + what + "\n" + describe(), e);
        }
    }

    /** The group, every controller and every broker. */
    public String describe() {
        StringBuilder text = new StringBuilder("== state of " + folder + "\n" + group() + "\n");
        text.append(controllers.describe());
        brokers.forEach(broker -> text.append(broker.describe()));
        return text.toString();
    }

    @Override
    public void close() {
        brokers.forEach(Broker::close);
        controllers.close();
        nameServer.close();
        Folders.delete(folder);
    }
}
