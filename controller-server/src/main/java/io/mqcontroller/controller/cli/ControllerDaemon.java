package io.mqcontroller.controller.cli;

import io.mqcontroller.controller.config.ConfigLoader.Loaded;
import io.mqcontroller.controller.config.ControllerConfig;
import io.mqcontroller.controller.config.LiveConfig;
import io.mqcontroller.controller.controller.ControllerLoop;
import io.mqcontroller.controller.controller.service.ConnectionIds;
import io.mqcontroller.controller.controller.service.RoleNotifier;
import io.mqcontroller.controller.election.InSyncFirstPolicy;
import io.mqcontroller.controller.election.UncleanPolicy;
import io.mqcontroller.controller.http.ActiveBrokers;
import io.mqcontroller.controller.http.AgentMetrics;
import io.mqcontroller.controller.http.ApacheMetrics;
import io.mqcontroller.controller.http.ApacheNames;
import io.mqcontroller.controller.http.ControllerMetrics;
import io.mqcontroller.controller.http.Health;
import io.mqcontroller.controller.http.HealthCheck;
import io.mqcontroller.controller.http.HealthPage;
import io.mqcontroller.controller.http.HttpServer;
import io.mqcontroller.controller.http.HttpSite;
import io.mqcontroller.controller.http.Metrics;
import io.mqcontroller.controller.http.RaftMetrics;
import io.mqcontroller.controller.http.RemotingMetrics;
import io.mqcontroller.controller.http.RpcMetrics;
import io.mqcontroller.controller.http.SlaveMetrics;
import io.mqcontroller.controller.http.StateMetrics;
import io.mqcontroller.controller.http.console.Console;
import io.mqcontroller.controller.http.console.ConsoleSources;
import io.mqcontroller.controller.http.console.PasswordHash;
import io.mqcontroller.controller.metadata.ElectionPolicy;
import io.mqcontroller.controller.remoting.BrokerRoleNotifier;
import io.mqcontroller.controller.remoting.ControllerMembers;
import io.mqcontroller.controller.remoting.RemotingProtocol;
import io.mqcontroller.controller.rpc.RpcServer;
import io.mqcontroller.controller.rpc.agent.AgentConnections;
import io.mqcontroller.controller.rpc.agent.AgentProtocol;
import io.mqcontroller.controller.rpc.agent.NodeInspector;
import io.mqcontroller.controller.rpc.agent.NodeMembership;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.core.RoleName;
import io.mqcontroller.raft.log.DiskFullException;
import io.mqcontroller.raft.log.DiskReserve;
import io.mqcontroller.raft.log.SelfRepairingLogStore;
import io.mqcontroller.raft.node.FaultHandler;
import io.mqcontroller.raft.node.MemberState;
import io.mqcontroller.raft.node.RaftNode;
import io.mqcontroller.raft.node.RememberedStores;
import io.mqcontroller.raft.transport.EventLoops;
import io.mqcontroller.raft.transport.NettyTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
    private static final long HAND_OVER_TIMEOUT_MS = 2_000;
    private static final int MAX_WAITING_BLOCKING_CALLS = 256;
    private static final int KEPT_LOG_LINES = 1_000;

    private final ControllerConfig config;
    private final LiveConfig live;
    private final FaultHandler faults;
    private final String version;
    private final Metrics metrics;
    private final Optional<ApacheMetrics> apacheMetrics;
    private final RecentLog recentLog = RecentLog.keep(KEPT_LOG_LINES);

    /** How each part is stopped, the last one first. */
    private final Deque<Runnable> stops = new ArrayDeque<>();

    private Optional<RpcServer> rpc = Optional.empty();
    private Optional<HttpServer> http = Optional.empty();
    private Optional<Console> console = Optional.empty();
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
        stops.push(recentLog::close);
        stops.push(metrics::close);
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
        stops.push(loops::close);
        ExecutorService blockingCalls = blockingCalls();
        stops.push(blockingCalls::shutdownNow);
        RemotingMetrics remotingMetrics = new RemotingMetrics(metrics, apacheNames());
        BrokerRoleNotifier notifier = new BrokerRoleNotifier(loops, blockingCalls, remotingMetrics);
        stops.push(notifier::close);
        AgentMetrics agentMetrics = new AgentMetrics(metrics);
        AgentConnections agents = new AgentConnections(agentMetrics);
        // Connections end after the loop has answered what it still could.
        stops.push(this::closePorts);

        ControllerLoop loop = loop(new RoleNotices(live::notifyBrokerRoleChanged, notifier, agents));
        DiskReserve reserve = new DiskReserve(config.store(), config.raft().diskReserveBytes());
        SelfRepairingLogStore store = openStore(reserve);
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
        // The loop runs before the node, which needs it to restore its snapshot; it ends after it, to say what became
        // of
        // what waited.
        stops.push(loop::close);
        stops.push(node::close);
        loop.start(node);
        Supplier<RaftStatus> status = () -> raftStarted ? node.status() : notStarted(config.self());
        raftMetrics.watch(status);
        apacheMetrics.ifPresent(names -> names.watch(
                status, () -> DaemonInspector.bytesBelow(config.store()), new ActiveBrokers(loop.service())));
        followChanges(loop);

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
        openRpc(loops, blockingCalls, loop, node, transport, status, inspector, remotingMetrics, agents, agentMetrics);
        openHttp(loops, blockingCalls, alive, ready, loop, status);
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
                policy(),
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

    private SelfRepairingLogStore openStore(DiskReserve reserve) throws IOException {
        Files.createDirectories(config.store());
        try {
            return tryToOpenStore();
        } catch (DiskFullException noRoom) {
            LOG.error("event=disk_full what=\"{}\" now=\"the reserve is freed\"", noRoom.getMessage());
            reserve.free();
            return tryToOpenStore();
        }
    }

    private SelfRepairingLogStore tryToOpenStore() throws IOException {
        return SelfRepairingLogStore.open(
                config.store().resolve("raft"),
                PartSettings.storeOwner(config),
                config.members().size() > 1);
    }

    private void startRaft(RaftNode node) throws IOException {
        node.start();
        raftStarted = true;
        sayWhoRules(node.status());
        stops.push(() -> rpc.ifPresent(RpcServer::stopAccepting));
        stops.push(() -> handOver(node));
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

    private void openRpc(
            EventLoops loops,
            ExecutorService blockingCalls,
            ControllerLoop loop,
            RaftNode node,
            NettyTransport transport,
            Supplier<RaftStatus> status,
            NodeInspector inspector,
            RemotingMetrics remotingMetrics,
            AgentConnections agentConnections,
            AgentMetrics agentMetrics)
            throws IOException {
        ControllerMembers members = new ControllerMembers(config.cluster(), PartSettings.advertised(config), status);
        NodeMembership membership = new NodeMembership(node);
        ConnectionIds connectionIds = new ConnectionIds();
        RemotingProtocol remoting = new RemotingProtocol(
                loop.service(),
                members,
                live,
                blockingCalls,
                connectionIds,
                PartSettings.remoting(config),
                remotingMetrics);
        AgentProtocol agents = new AgentProtocol(
                loop.service(),
                members,
                membership,
                inspector,
                connectionIds,
                agentConnections,
                PartSettings.agents(config),
                version,
                agentMetrics);
        rpc = Optional.of(RpcServer.start(
                PartSettings.rpc(config),
                loops,
                loops,
                transport::accept,
                remoting::accept,
                agents::accept,
                new RpcMetrics(metrics)));
    }

    private void followChanges(ControllerLoop loop) {
        live.whenChanged(() -> {
            loop.changePolicy(policy());
            LOG.info(
                    "event=config_changed enableElectUncleanMaster={} notifyBrokerRoleChanged={}",
                    live.enableElectUncleanMaster(),
                    live.notifyBrokerRoleChanged());
        });
    }

    private ElectionPolicy policy() {
        return live.enableElectUncleanMaster() ? new UncleanPolicy() : new InSyncFirstPolicy();
    }

    private void openHttp(
            EventLoops loops,
            ExecutorService blockingCalls,
            List<HealthCheck> alive,
            List<HealthCheck> ready,
            ControllerLoop loop,
            Supplier<RaftStatus> status)
            throws IOException {
        if (config.http().port() == 0) {
            return;
        }
        HealthPage whetherReady = new HealthPage(ready);
        HttpSite site = HttpSite.of(Map.of(
                "/metrics",
                metrics.page(),
                "/livez",
                new HealthPage(alive),
                "/readyz",
                whetherReady,
                "/healthz",
                whetherReady));
        if (config.http().console()) {
            console = Optional.of(console(blockingCalls, loop, status, ready));
            site = site.with(console.get().site());
        }
        http = Optional.of(HttpServer.start(config.http().host(), config.http().port(), loops, site));
    }

    private Console console(
            ExecutorService blockingCalls, ControllerLoop loop, Supplier<RaftStatus> status, List<HealthCheck> checks)
            throws IOException {
        Optional<PasswordHash> password = Optional.empty();
        if (config.http().consolePassword().isPresent()) {
            password = Optional.of(
                    PasswordHash.read(config.http().consolePassword().get()));
        }
        ControllerMembers members = new ControllerMembers(config.cluster(), PartSettings.advertised(config), status);
        return Console.start(
                new ConsoleSources(
                        config.cluster(),
                        version,
                        status,
                        members::addresses,
                        new LeaderPage(config.self(), members::leader, members::addresses, version, blockingCalls),
                        loop::view,
                        loop::survey,
                        loop.history(),
                        checks,
                        loop.service()),
                password);
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

    /** Lets another controller lead before this one is gone: brokers wait for a message instead of an election timeout. */
    private void handOver(RaftNode node) {
        if (node.isStopped()
                || node.status().role() != RoleName.LEADER
                || node.status().configuration().voters().size() == 1) {
            return;
        }
        try {
            boolean handedOver =
                    node.transferLeadership(Optional.empty()).get(HAND_OVER_TIMEOUT_MS, TimeUnit.MILLISECONDS);
            LOG.info("event=leadership_handed_over done={}", handedOver);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("event=leadership_not_handed_over cause=\"{}\"", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closePorts() {
        rpc.ifPresent(RpcServer::close);
        http.ifPresent(HttpServer::close);
        console.ifPresent(Console::close);
    }

    /** Not ready, leadership handed on, answers given, store closed. Takes at most a few seconds. */
    @Override
    public void close() {
        stopping = true;
        while (!stops.isEmpty()) {
            try {
                stops.pop().run();
            } catch (RuntimeException e) {
                LOG.warn("event=stop_failed", e);
            }
        }
        LOG.info("event=stopped self={}", config.self());
    }
}
