package io.mqcontroller.it.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;

/** One Apache broker in controller mode, unmodified or with the agent; it keeps its ports and its store over restarts. */
public final class Broker implements AutoCloseable {
    /** The cluster all test brokers are in. */
    public static final String CLUSTER = "DefaultCluster";

    /** What a broker logs every second, of no interest here. */
    private static final List<String> NOISE = List.of("PopReviveService", "[WATERMARK]");

    private final String version;
    private final Host host;
    private final String name;
    private final Path folder;
    private final int port;
    private final Map<String, String> keys = new TreeMap<>();
    private BrokerKind kind = BrokerKind.UNMODIFIED;
    private ManagedProcess process;

    /**
     * @param name of this replica, for its folder; the group's name is in {@code keys}
     * @param keys what differs from the smallest configuration that works
     */
    public Broker(String version, Host host, String name, Path folder, Map<String, String> keys) {
        this.version = version;
        this.host = host;
        this.name = name;
        this.folder = folder;
        // It opens the given port, the one two below and the one above.
        port = Ports.freeRow(4) + 2;
        this.keys.put("brokerClusterName", CLUSTER);
        this.keys.put("brokerId", "-1");
        this.keys.put("brokerRole", "SLAVE");
        this.keys.put("enableControllerMode", "true");
        this.keys.put("brokerIP1", host.address());
        this.keys.put("brokerIP2", host.address());
        this.keys.put("listenPort", Integer.toString(port));
        this.keys.put("storePathRootDir", store().toString());
        this.keys.put("storePathCommitLog", store().resolve("commitlog").toString());
        this.keys.put("mappedFileSizeCommitLog", "16777216");
        this.keys.put("timerWheelEnable", "false");
        this.keys.put("registerNameServerPeriod", "10000");
        this.keys.put("diskMaxUsedSpaceRatio", "95");
        // RocketMQ 5 keeps a core busy for so long at each start, 10 s by default, waiting for its first flush.
        this.keys.put("transactionMetricFlushInterval", "500");
        this.keys.putAll(keys);
    }

    /** What it is from its next start on. */
    public void use(BrokerKind newKind) {
        kind = newKind;
    }

    public BrokerKind kind() {
        return kind;
    }

    public void start() {
        Path configuration = Folders.writeProperties(folder.resolve(name + ".conf"), keys);
        Path home = folder.resolve("home-" + name);
        String heap = "-Xms200m -Xmx400m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:MaxDirectMemorySize=256m";
        process = ManagedProcess.start(
                name,
                folder,
                host.command(kind.command(version, home, heap, configuration)),
                kind.environment(version, home, heap));
    }

    public String address() {
        return host.at(port);
    }

    public int port() {
        return port;
    }

    public Host host() {
        return host;
    }

    public ManagedProcess process() {
        return process;
    }

    public boolean isRunning() {
        return process != null && process.isRunning();
    }

    /** The id the controller gave it, from the identity file; nothing before that. */
    public OptionalLong id() {
        Path identity = store().resolve("brokerIdentity");
        try {
            if (!Files.exists(identity)) {
                return OptionalLong.empty();
            }
            String[] parts = Files.readString(identity).trim().split("#");
            return parts.length < 3 ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(parts[2]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it has written, whether it runs or not. */
    public CommitLog commitLog() {
        return new CommitLog(store().resolve("commitlog"));
    }

    /** The newest line of its epoch file, as {@code epoch-startOffset}; empty if it has none. */
    public String lastEpoch() {
        Path file = store().resolve("epochFileCheckpoint");
        try {
            // Two lines about the file itself come first.
            List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
            return lines.size() < 3 ? "" : lines.get(lines.size() - 1).trim();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether this text is in its log, of this start or one before. */
    public boolean hasLogged(String text) {
        Path log = ApacheCommand.log(folder.resolve("home-" + name));
        try (Stream<String> lines = Files.exists(log) ? Files.lines(log) : Stream.of()) {
            return lines.anyMatch(line -> line.contains(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Last lines of its controller-related log and of its output. */
    public String describe() {
        StringBuilder text = new StringBuilder("-- " + name + " " + address() + (isRunning() ? " running" : " down"));
        text.append(" id ").append(id()).append('\n');
        Path log = ApacheCommand.log(folder.resolve("home-" + name));
        if (Files.exists(log)) {
            try {
                var lines = Files.readAllLines(log).stream()
                        .filter(line -> NOISE.stream().noneMatch(line::contains))
                        .toList();
                lines.subList(Math.max(0, lines.size() - 40), lines.size())
                        .forEach(line -> text.append(line).append('\n'));
            } catch (IOException e) {
                text.append(e).append('\n');
            }
        }
        return text.append(process == null ? "" : process.tail(20)).append('\n').toString();
    }

    /** The folder of everything that it keeps. */
    public Path store() {
        return folder.resolve("store-" + name);
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
    }
}
