package io.mqcontroller.controller.cli;

import io.mqcontroller.controller.config.ConfigLoader.Loaded;
import io.mqcontroller.controller.config.ControllerConfig;
import io.mqcontroller.controller.config.LiveConfig;
import io.mqcontroller.controller.controller.ControllerLoop;
import io.mqcontroller.controller.controller.history.OperatorActions;
import io.mqcontroller.controller.controller.service.RoleNotifier;
import io.mqcontroller.controller.http.ActiveBrokers;
import io.mqcontroller.controller.http.AgentMetrics;
import io.mqcontroller.controller.http.ApacheMetrics;
import io.mqcontroller.controller.http.ApacheNames;
import io.mqcontroller.controller.http.ControllerMetrics;
import io.mqcontroller.controller.http.Health;
import io.mqcontroller.controller.http.HealthCheck;
import io.mqcontroller.controller.http.Metrics;
import io.mqcontroller.controller.http.RaftMetrics;
import io.mqcontroller.controller.http.RemotingMetrics;
import io.mqcontroller.controller.http.SlaveMetrics;
import io.mqcontroller.controller.http.StateMetrics;
import io.mqcontroller.controller.remoting.BrokerRoleNotifier;
import io.mqcontroller.controller.rpc.RpcServer;
import io.mqcontroller.controller.rpc.agent.AgentConnections;
import io.mqcontroller.controller.rpc.agent.NodeInspector;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.core.RoleName;
import io.mqcontroller.raft.log.DiskReserve;
import io.mqcontroller.raft.log.SelfRepairingLogStore;
import io.mqcontroller.raft.node.FaultHandler;
import io.mqcontroller.raft.node.MemberState;
import io.mqcontroller.raft.node.RaftNode;
import io.mqcontroller.raft.node.RememberedStores;
import io.mqcontroller.raft.transport.EventLoops;
import io.mqcontroller.raft.transport.NettyTransport;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One controller, whole: builds the parts, starts them from the disk up to the ports, and stops them so that nobody has to
 * wait for a timeout. A part that can't start ends those that were started before it.
 */
final class ControllerDaemon implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControllerDaemon.class);
    private static final int EVENT_LOOPS = 2;
    private static final int MAX_WAITING_BLOCKING_CALLS = 256;
    private static final int KEPT_LOG_LINES = 1_000;

    private final ControllerConfig config;
    private final LiveConfig live;
    private final FaultHandler faults;
    private final String version;
    private final Metrics metrics;
    private final Optional<ApacheMetrics> apacheMetrics;
    private final RecentLog recentLog = RecentLog.keep(KEPT_LOG_LINES);

    private final StopOrder stops = new StopOrder();
    private Optional<RpcServer> rpc = Optional.empty();
    private Optional<HttpPort> http = Optional.empty();
    private volatile boolean raftStarted;
    private volatile boolean stopping;

    private ControllerDaemon(Loaded loaded, String version, FaultHandler faults) {
        config = loaded.config();
        live = loaded.live();
        this.faults = (what, cause) -> {
            LOG.error("event=fatal what=\"{}\"", what, cause);
            faults.onFatal(what, cause);
        };
        this.version = version;
        metrics = new Metrics(version, config.store());
        apacheMetrics = PartSettings.apacheMetrics(config, metrics);
        stops.add(recentLog::close);
        stops.add(metrics::close);
    }

    /**
     * Starts a controller; returns when its ports are open, which is before it knows a leader.
     *
     * @param faults told when it can't go on; must end the process
     * @throws IOException if a part can't start: the store is damaged, another's, or in use; a port is taken
     * @throws io.mqcontroller.raft.core.LogDamagedException if the parts of the store do not fit together
     */
    static ControllerDaemon start(Loaded loaded, String version, FaultHandler faults) throws IOException {
        ControllerDaemon daemon = new ControllerDaemon(loaded, version, faults);
        loaded.notices().forEach(LOG::info);
        try {
            daemon.startParts();
        } catch (IOException | RuntimeException | Error e) {
            daemon.close();
            throw e;
        }
        LOG.info(
                "event=started version={} cluster={} self={} members=\"{}\" http_port={} store={}",
                version,
                daemon.config.cluster(),
                daemon.config.self(),
                daemon.config.members(),
                daemon.config.http().port(),
                daemon.config.store());
        return daemon;
    }

    private void startParts() throws IOException {
        EventLoops loops = EventLoops.start("net", EVENT_LOOPS);
        stops.add(loops::close);
        ExecutorService blockingCalls = blockingCalls();
        stops.add(blockingCalls::shutdownNow);
        RemotingMetrics remotingMetrics = new RemotingMetrics(metrics, apacheNames());
        BrokerRoleNotifier notifier = new BrokerRoleNotifier(loops, blockingCalls, remotingMetrics);
        stops.add(notifier::close);
        AgentMetrics agentMetrics = new AgentMetrics(metrics);
        AgentConnections agents = new AgentConnections(agentMetrics);
        // Connections end after the loop has answered what it still could.
        stops.add(() -> {
            rpc.ifPresent(RpcServer::close);
            http.ifPresent(HttpPort::close);
        });

        ControllerLoop loop = loop(new RoleNotices(live::notifyBrokerRoleChanged, notifier, agents));
        DiskReserve reserve = new DiskReserve(config.store(), config.raft().diskReserveBytes());
        SelfRepairingLogStore store = ControllerStore.open(config, reserve);
        NettyTransport transport = new NettyTransport(PartSettings.peers(config, new RememberedStores(store)), loops);
        RaftMetrics raftMetrics = new RaftMetrics(metrics, apacheNames());
        RaftNode node = new RaftNode(
                PartSettings.raftNode(config, PartSettings.firstMembers(config, store)),
                store,
                reserve,
                transport,
                loop.stateMachine(),
                raftMetrics,
                faults);
        // The loop runs before the node, which needs it to restore its snapshot, and ends after it, to say what became
        // of what waited.
        stops.add(loop::close);
        stops.add(node::close);
        loop.start(node);
        Supplier<RaftStatus> status = () -> raftStarted ? node.status() : notStarted(config.self());
        raftMetrics.watch(status);
        apacheMetrics.ifPresent(names -> names.watch(
                status, () -> DaemonInspector.bytesBelow(config.store()), new ActiveBrokers(loop.service())));
        OperatorActions actions = new OperatorActions(config.self(), status, loop.history());
        RunTimeChanges.follow(live, loop, actions);
        loop.tellMembers(status);

        // Before Raft reads its log: probes are answered meanwhile, and the first election does not wait for the ports.
        List<HealthCheck> alive = Health.live(loops, loop::isRunning);
        AtomicBoolean drained = new AtomicBoolean();
        List<HealthCheck> ready = Health.ready(
                alive,
                status,
                () -> raftStarted ? node.memberState() : MemberState.FORMING,
                () -> stopping,
                drained::get,
                config.store());
        NodeInspector inspector =
                new DaemonInspector(ready, drained, config.store(), loop, live, diagnostics(), blockingCalls);
        ServedParts served =
                new ServedParts(config, version, metrics, loops, blockingCalls, loop, node, status, actions);
        rpc = Optional.of(RpcPort.open(served, live, transport, inspector, remotingMetrics, agents, agentMetrics));
        http = HttpPort.open(served, alive, ready);
        startRaft(node);
    }

    private Diagnostics diagnostics() {
        return new Diagnostics(version, config.store(), metrics, live, recentLog);
    }

    private ApacheNames apacheNames() {
        return apacheMetrics.map(ApacheNames.class::cast).orElse(ApacheNames.NONE);
    }

    private ControllerLoop loop(RoleNotifier notices) {
        ControllerMetrics controllerMetrics = new ControllerMetrics(metrics, apacheNames());
        ControllerLoop loop = new ControllerLoop(
                config.self(),
                PartSettings.loop(config),
                RunTimeChanges.policy(live),
                notices,
                controllerMetrics,
                () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()),
                faults);
        controllerMetrics.watch(loop::view, loop::mailboxDepth);
        controllerMetrics.watchConfiguration(live::decisiveValuesChecksum);
        new StateMetrics(metrics, loop::checkpoint);
        if (config.http().metricsPerBroker()) {
            new SlaveMetrics(metrics, loop::view);
        }
        return loop;
    }

    private void startRaft(RaftNode node) throws IOException {
        node.start();
        raftStarted = true;
        sayWhoRules(node.status());
        stops.add(() -> rpc.ifPresent(RpcServer::stopAccepting));
        stops.add(() -> LeadershipHandover.from(node));
    }

    /** The file's list of members counts at the first start only: who changes it later must not think that it does. */
    private void sayWhoRules(RaftStatus recovered) {
        SortedSet<NodeId> inForce =
                new TreeSet<>(recovered.configuration().members().keySet());
        if (!inForce.isEmpty() && !inForce.equals(config.members().keySet())) {
            LOG.warn(
                    "event=members_differ in_file=\"{}\" in_force=\"{}\" cause=\"controllerDLegerPeers is of meaning for the first"
                            + " start only; since then the replicated log says who the members are\"",
                    config.members().keySet(),
                    recovered.configuration());
        }
    }

    private static RaftStatus notStarted(NodeId self) {
        LogPosition nowhere = new LogPosition(0, 0);
        return new RaftStatus(
                self, RoleName.FOLLOWER, false, 0, Optional.empty(), 0, 0, nowhere, 0, nowhere, 0, List.of());
    }

    /** Runs the few calls that may wait for a disk or a name server, so that no event loop does. */
    private static ExecutorService blockingCalls() {
        return new ThreadPoolExecutor(
                1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING_BLOCKING_CALLS), work -> {
                    Thread thread = new Thread(work, "blocking-calls");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** Not ready, leadership handed on, answers given, store closed. Takes at most a few seconds. */
    @Override
    public void close() {
        stopping = true;
        stops.run();
        LOG.info("event=stopped self={}", config.self());
    }
}
