package io.mqcontroller.controller.config;

import static io.mqcontroller.controller.config.Setting.changeable;
import static io.mqcontroller.controller.config.Setting.fixed;
import static io.mqcontroller.controller.config.Setting.required;

import io.mqcontroller.raft.core.NodeId;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** All keys. Names and defaults are RocketMQ's where RocketMQ has the key. */
final class Settings {
    static final Setting<String> GROUP = required(
            "controllerDLegerGroup",
            ValueType.text("1 to 128 letters, digits, dots, dashes and underscores", "[A-Za-z0-9._-]{1,128}"),
            "Name of the cluster of controllers; the same on all of them. A member of another cluster, or its store, is refused.");
    static final Setting<SortedMap<NodeId, HostPort>> PEERS = required(
            "controllerDLegerPeers",
            ValueType.peers(),
            "All controllers of a new cluster, as id-host:port; the same on all of them. Peers, brokers and mqadmin use this one"
                    + " port. Of meaning for the first start only: afterwards members are added and removed at run time, and the"
                    + " replicated log says who they are; a difference is named in one line of the log.");
    static final Setting<String> INITIAL_STATE = fixed(
            "controllerInitialClusterState",
            ValueType.text("new or existing", "new|existing"),
            "new",
            "What an empty controllerStorePath means. new: this is one of the first controllers of a new cluster. existing: it"
                    + " waits, without a vote, until it is added to a cluster that runs. Of no meaning once there is a store.");
    static final Setting<String> SELF = required(
            "controllerDLegerSelfId",
            ValueType.text("the id of one of controllerDLegerPeers", "[^-;\\s]{1,64}"),
            "Which of controllerDLegerPeers this one is.");
    static final Setting<Path> STORE = fixed(
            "controllerStorePath",
            ValueType.path("a folder"),
            "${user.home}/DLedgerController",
            "Folder of the Raft log, the snapshots, and changes made at run time. Never delete it while the cluster is in use.");
    static final Setting<Boolean> UNCLEAN = changeable(
            "enableElectUncleanMaster",
            ValueType.flag(),
            "false",
            "Whether a replica outside the SyncStateSet may become master when no member is left: writes go on, acknowledged messages may be lost.");
    static final Setting<Boolean> NOTIFY = changeable(
            "notifyBrokerRoleChanged",
            ValueType.flag(),
            "true",
            "Whether brokers are told of a new role at once; otherwise they find out when they ask, every 5 s.");
    static final Setting<SortedMap<NodeId, HostPort>> ADVERTISED = fixed(
            "controllerAdvertisedPeers",
            ValueType.peers(),
            "",
            "Addresses under which brokers and mqadmin reach the controllers, where these differ from those in"
                    + " controllerDLegerPeers; the same ids, and the same on all of them. Default: controllerDLegerPeers.");
    static final Setting<String> BIND = fixed(
            "bindAddress",
            ValueType.text("an address of this machine", "\\S{1,255}"),
            "0.0.0.0",
            "Address to listen on.");
    static final Setting<Long> IDLE_SECONDS = fixed(
            "serverChannelMaxIdleTimeSeconds",
            ValueType.number(5, 86_400, "s"),
            "120",
            "A connection on which nothing happens for this long is closed.");
    static final Setting<Long> MAX_CONNECTIONS = fixed(
            "maxConnections",
            ValueType.number(16, 1_000_000, "connections"),
            "20000",
            "Connections of brokers and tools at one time; more are closed at once. Peers do not count.");
    static final Setting<String> HTTP_HOST = fixed(
            "httpListenHost",
            ValueType.text("an address of this machine", "\\S{1,255}"),
            "",
            "Address to listen on for HTTP. Default: bindAddress, so that metrics and probes reach as far as the brokers do;"
                    + " nobody has to sign in to read its pages.");
    static final Setting<Long> HTTP_PORT = fixed(
            "httpListenPort",
            ValueType.number(0, 65_535, ""),
            "9880",
            "Port of /metrics, /livez, /readyz, /healthz and the console; 0 turns them off. Of several controllerDLegerPeers with one"
                    + " host each has a default of its own: 9880 for the first by id, 9881 for the second, and so on.");
    static final Setting<Boolean> CONSOLE = fixed(
            "enableConsole",
            ValueType.flag(),
            "true",
            "Whether the HTTP port shows a page for operators at /, with groups, controllers and events as they happen.");
    static final Setting<Path> CONSOLE_PASSWORD = fixed(
            "consolePasswordFile",
            ValueType.path("a file"),
            "",
            "File with the line that bin/mqcontroller --hash-password prints: who knows that password may switch over, drain and"
                    + " elect from the console. Without it the console only reads.");
    static final Setting<Boolean> METRICS_PER_BROKER = fixed(
            "metricsPerBroker",
            ValueType.flag(),
            "false",
            "Whether /metrics shows how far each single slave is behind, as far as its master has an agent: three series for each"
                    + " slave. Without it there are the sums and the worst.");
    static final Setting<Boolean> METRICS_APACHE_NAMES = fixed(
            "metricsApacheNames",
            ValueType.flag(),
            "false",
            "Whether /metrics has, beside ours, the metrics of RocketMQ's controller under its names, for boards and alarms made"
                    + " for it. They have series for each group, and break rules of Prometheus.");
    static final Setting<Long> ELECTION_TIMEOUT = fixed(
            "raftElectionTimeoutMs",
            ValueType.number(50, 60_000, "ms"),
            "1000",
            "A controller that hears no leader for this long, plus a random part of up to the same length, asks to become leader.");
    static final Setting<Long> HEARTBEAT_INTERVAL = fixed(
            "raftHeartbeatIntervalMs",
            ValueType.number(5, 20_000, "ms"),
            "",
            "Pause between two messages of an idle leader; at most a third of raftElectionTimeoutMs. Default: a tenth of it.");
    static final Setting<Long> SNAPSHOT_ENTRIES = fixed(
            "raftSnapshotThresholdEntries",
            ValueType.number(100, 10_000_000, "entries"),
            "50000",
            "A snapshot is taken, and the log cut, when this many entries were applied since the last one.");
    static final Setting<Long> DISK_RESERVE = fixed(
            "diskReserveMegabytes",
            ValueType.number(0, 65_536, "MB"),
            "64",
            "Size of a file in controllerStorePath that keeps room for the moment when the disk is full: then it is freed, and"
                    + " leadership handed on. With less than a quarter of this left beside it, new changes are refused.");
    static final Setting<Long> LOSS_GRACE = fixed(
            "brokerConnectionLossGraceMs",
            ValueType.number(0, 60_000, "ms"),
            "50",
            "A broker whose last connection is closed counts as dead after this long, unless it comes back.");
    static final Setting<Long> MASTER_LEASE = fixed(
            "masterLeaseMillis",
            ValueType.number(500, 60_000, "ms"),
            "2000",
            "For how long a master with an agent may take writes without hearing from the leader again; nobody else is elected"
                    + " before. It may differ between controllers and change with a restart: the longest that may still run is"
                    + " replicated, and waited for. Another value than the default only when all controllers run this version:"
                    + " those of versions before stop when they read what is replicated about it. A cluster of such a version"
                    + " that has another value is upgraded with all its controllers stopped.");
    static final Setting<Long> PREFERRED_MASTER_HOLD = fixed(
            "preferredMasterHoldMillis",
            ValueType.number(0, 86_400_000, "ms"),
            "0",
            "When a replica with a better (lower) brokerElectionPriority than the master's could have taken over for this long without"
                    + " a break, being in sync, close and fit, the master hands over to it by a planned switch-over. Both need an"
                    + " agent. 0: masters stay.");
    static final Setting<List<String>> BLACK_LIST = fixed(
            "configBlackList",
            ValueType.names(),
            "",
            "Keys that must not be changed at run time, although they could be.");
    static final Setting<String> LOG_FORMAT = fixed(
            "logFormat", ValueType.text("text or json", "text|json"), "text", "How log lines are written to stdout.");

    static final List<Setting<?>> ALL = List.of(
            GROUP,
            PEERS,
            SELF,
            INITIAL_STATE,
            STORE,
            UNCLEAN,
            NOTIFY,
            ADVERTISED,
            BIND,
            IDLE_SECONDS,
            MAX_CONNECTIONS,
            HTTP_HOST,
            HTTP_PORT,
            CONSOLE,
            CONSOLE_PASSWORD,
            METRICS_PER_BROKER,
            METRICS_APACHE_NAMES,
            ELECTION_TIMEOUT,
            HEARTBEAT_INTERVAL,
            SNAPSHOT_ENTRIES,
            DISK_RESERVE,
            LOSS_GRACE,
            MASTER_LEASE,
            PREFERRED_MASTER_HOLD,
            BLACK_LIST,
            LOG_FORMAT);

    /** What the leader decides by: with other values on another controller things go another way when that one leads. */
    static final List<Setting<?>> ALIKE_ON_ALL = List.of(
            UNCLEAN, NOTIFY, ELECTION_TIMEOUT, HEARTBEAT_INTERVAL, LOSS_GRACE, MASTER_LEASE, PREFERRED_MASTER_HOLD);

    /** Says in a name server's file that a controller runs in its process. */
    static final String IN_NAME_SERVER = "enableControllerInNamesrv";

    /** Other keys of a name server, which may stand beside ours in a file with {@link #IN_NAME_SERVER}. */
    static final SortedSet<String> OF_THE_NAME_SERVER = Collections.unmodifiableSortedSet(new TreeSet<>(List.of(
            IN_NAME_SERVER,
            "kvConfigPath",
            "productEnvName",
            "clusterTest",
            "orderMessageEnable",
            "returnOrderTopicConfigToBroker",
            "clientRequestThreadPoolNums",
            "defaultThreadPoolNums",
            "clientRequestThreadPoolQueueCapacity",
            "defaultThreadPoolQueueCapacity",
            "unRegisterBrokerQueueCapacity",
            "supportActingMaster",
            "enableAllTopicList",
            "enableTopicList",
            "notifyMinBrokerIdChanged",
            "needWaitForService",
            "waitSecondsForService",
            "deleteTopicWithBrokerRegistration")));

    /** Keys of Apache's controller that mean nothing here: a user's file with them works, and is told so in one line. */
    static final SortedSet<String> WITHOUT_MEANING = Collections.unmodifiableSortedSet(new TreeSet<>(List.of(
            "rocketmqHome",
            "configStorePath",
            "controllerType",
            "mappedFileSize",
            "controllerThreadPoolNums",
            "controllerRequestThreadPoolQueueCapacity",
            "scanNotActiveBrokerInterval",
            "scanInactiveMasterInterval",
            "electMasterMaxRetryCount",
            "isProcessReadEvent",
            "metricsExporterType",
            "metricsGrpcExporterTarget",
            "metricsGrpcExporterHeader",
            "metricGrpcExporterTimeOutInMills",
            "metricGrpcExporterIntervalInMills",
            "metricLoggingExporterIntervalInMills",
            "metricsPromExporterPort",
            "metricsPromExporterHost",
            "metricsLabel",
            "metricsInDelta",
            "jRaftElectionTimeoutMs",
            "jRaftScanWaitTimeoutMs",
            "jRaftSnapshotIntervalSecs",
            "jRaftGroupId",
            "jRaftServerId",
            "jRaftInitConf",
            "jRaftControllerRPCAddr",
            "jraftConfig",
            "listenPort",
            "serverWorkerThreads",
            "serverCallbackExecutorThreads",
            "serverSelectorThreads",
            "serverOnewaySemaphoreValue",
            "serverAsyncSemaphoreValue",
            "serverSocketBacklog",
            "serverSocketSndBufSize",
            "serverSocketRcvBufSize",
            "writeBufferHighWaterMark",
            "writeBufferLowWaterMark",
            "serverNettyWorkerGroupEnable",
            "serverPooledByteBufAllocatorEnable",
            "enableShutdownGracefully",
            "shutdownWaitTimeSeconds",
            "useEpollNativeSelector",
            "enableControllerInNamesrv",
            "namesrvAddr")));

    private static final Map<String, Setting<?>> BY_NAME = byName();

    private Settings() {}

    /** The key of that name; {@code DLedger} is understood where RocketMQ writes {@code DLeger}. */
    static Optional<Setting<?>> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name.replace("DLedger", "DLeger")));
    }

    /** The key of that name whatever the case of its letters, as environments have it. */
    static Optional<Setting<?>> namedInAnyCase(String name) {
        return BY_NAME.values().stream()
                .filter(setting -> setting.name().equalsIgnoreCase(name)
                        || setting.name().replace("DLeger", "DLedger").equalsIgnoreCase(name))
                .findFirst();
    }

    /** The name with the fewest letters to change, of those that set something. */
    static String nearest(String unknown) {
        String best = "";
        int bestDistance = Integer.MAX_VALUE;
        for (String candidate : BY_NAME.keySet()) {
            int distance = EditDistance.between(unknown.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (distance < bestDistance) {
                bestDistance = distance;
                best = candidate;
            }
        }
        return best;
    }

    private static Map<String, Setting<?>> byName() {
        SortedMap<String, Setting<?>> map = new TreeMap<>();
        for (Setting<?> setting : ALL) {
            map.put(setting.name(), setting);
        }
        return Collections.unmodifiableSortedMap(map);
    }
}
