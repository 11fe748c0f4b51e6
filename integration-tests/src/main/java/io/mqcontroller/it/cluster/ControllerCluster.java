package io.mqcontroller.it.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** The controllers of one cluster: 1, 3 or 5 processes on this machine. */
public final class ControllerCluster implements AutoCloseable {
    private final List<ControllerNode> nodes = new CopyOnWriteArrayList<>();
    private final Map<String, String> extraKeys = new TreeMap<>();
    private final ControllerKind kind;
    private final Placement placement;
    private final Path folder;
    private String jvmOptions;
    private String apacheVersion = "5.5.0";

    public ControllerCluster(ControllerKind kind, int size, Path folder, Map<String, String> extraKeys) {
        this(kind, size, Placement.LOCAL, folder, extraKeys);
    }

    public ControllerCluster(
            ControllerKind kind, int size, Placement placement, Path folder, Map<String, String> extraKeys) {
        this.kind = kind;
        this.placement = placement;
        this.folder = folder;
        this.extraKeys.putAll(extraKeys);
        jvmOptions = kind.isOurs()
                ? "-Xms64m -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1"
                : "-Xms64m -Xmx200m -XX:+UseSerialGC -XX:TieredStopAtLevel=1";
        for (int i = 0; i < size; i++) {
            String id = "n" + i;
            nodes.add(new ControllerNode(kind, id, placement.hostOf(id), folder));
        }
    }

    /** Other JVM options than those for small tests; for processes started from now on. */
    public ControllerCluster withJvmOptions(String options) {
        jvmOptions = options;
        return this;
    }

    /** The release of Apache's controllers, if they are Apache's; for processes started from now on. */
    ControllerCluster withApacheVersion(String version) {
        apacheVersion = version;
        return this;
    }

    public ControllerKind kind() {
        return kind;
    }

    public List<ControllerNode> nodes() {
        return nodes;
    }

    /** Sets a key for all processes started from now on. */
    public void configure(String key, String value) {
        extraKeys.put(key, value);
    }

    /** A new node, started so that it waits to be added to the cluster; its configuration names those that are there. */
    public ControllerNode startJoining() {
        String id = "n" + nodes.size();
        ControllerNode node = new ControllerNode(kind, id, placement.hostOf(id), folder)
                .withKey("controllerInitialClusterState", "existing");
        nodes.add(node);
        start(node);
        return node;
    }

    /** Writes the file with which it will start, and gives back where that is. */
    public Path writeConfiguration(ControllerNode node) {
        return node.writeConfiguration(nodes, extraKeys);
    }

    public void start(ControllerNode node) {
        node.start(apacheVersion, nodes, extraKeys, jvmOptions);
    }

    /** Starts whatever does not run. */
    public void startAll() {
        nodes.stream().filter(node -> !node.isRunning()).forEach(this::start);
    }

    public void killAll() {
        nodes.forEach(ControllerNode::close);
    }

    /** {@code host:port;host:port}, as brokers are given them. */
    public String addresses() {
        return nodes.stream().map(ControllerNode::address).collect(Collectors.joining(";"));
    }

    /** The name servers in the processes of the controllers, {@code host:port;host:port}. */
    String nameServers() {
        return nodes.stream().map(node -> node.host().at(node.nameServerPort())).collect(Collectors.joining(";"));
    }

    /** The node that says it leads; nothing when none or more than one does. */
    public Optional<ControllerNode> leader() {
        List<ControllerNode> leading =
                nodes.stream().filter(ControllerNode::saysItLeads).toList();
        return leading.size() == 1 ? Optional.of(leading.get(0)) : Optional.empty();
    }

    public ControllerNode awaitLeader() {
        return Awaitility.await("a controller leads")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(100))
                .until(this::leader, Optional::isPresent)
                .orElseThrow();
    }

    /** All nodes that should run are ready. */
    public boolean isReady() {
        return nodes.stream().filter(ControllerNode::isRunning).allMatch(ControllerNode::isReady);
    }

    /** A group as the leader shows it; nothing when there is no leader that knows it. */
    public Optional<GroupView> group(String name) {
        Optional<ControllerNode> leader = leader();
        if (leader.isEmpty()) {
            return Optional.empty();
        }
        try (ControllerClient client = new ControllerClient(leader.get().address())) {
            return client.group(name);
        } catch (IOException notNow) {
            return Optional.empty();
        }
    }

    /** A connection to the leader of now. */
    public ControllerClient connectToLeader() throws IOException {
        return new ControllerClient(awaitLeader().address());
    }

    /** What the nodes say about themselves, and the ends of their logs. */
    public String describe() {
        StringBuilder text = new StringBuilder();
        for (ControllerNode node : nodes) {
            text.append("-- ").append(node.id()).append(' ').append(node.address());
            text.append(node.isRunning() ? " running " : " down ");
            text.append(
                    node.metadata().map(answer -> answer.fields().toString()).orElse("no answer"));
            text.append('\n');
            if (node.process() != null) {
                text.append(node.process().tail(25)).append('\n');
            }
        }
        return text.toString();
    }

    @Override
    public void close() {
        killAll();
    }
}
