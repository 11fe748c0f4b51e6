package io.mqcontroller.controller.cli;

import io.mqcontroller.controller.config.ControllerConfig;
import io.mqcontroller.controller.config.HostPort;
import io.mqcontroller.controller.controller.ControllerCore;
import io.mqcontroller.controller.controller.ControllerSettings;
import io.mqcontroller.controller.http.ApacheMetrics;
import io.mqcontroller.controller.http.Metrics;
import io.mqcontroller.controller.liveness.LeaseSettings;
import io.mqcontroller.controller.remoting.ControllerMembers;
import io.mqcontroller.controller.remoting.RemotingSettings;
import io.mqcontroller.controller.rpc.RpcSettings;
import io.mqcontroller.controller.rpc.agent.AgentSettings;
import io.mqcontroller.controller.rpc.agent.ControllerMembership;
import io.mqcontroller.raft.core.Configuration;
import io.mqcontroller.raft.core.ConfiguredMember;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftSettings;
import io.mqcontroller.raft.core.RecoveredState;
import io.mqcontroller.raft.log.NumberedStore;
import io.mqcontroller.raft.log.StoreOwner;
import io.mqcontroller.raft.node.RaftNodeConfig;
import io.mqcontroller.raft.transport.PeerSettings;
import io.mqcontroller.raft.transport.PeerStores;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What each part is told, from the one configuration. */
final class PartSettings {
    private static final long FIRST_BYTES_TIMEOUT_MS = 5_000;

    private PartSettings() {}

    static RaftNodeConfig raftNode(ControllerConfig config, Configuration firstMembers) {
        SecureRandom random = new SecureRandom();
        return RaftNodeConfig.of(raft(config, firstMembers), random.nextLong() | 1, random.nextLong());
    }

    /**
     * The members of the first start. A store remembers them; the file still says where they are reached, as long as it names
     * the same ones.
     */
    static Configuration firstMembers(ControllerConfig config, NumberedStore store) throws IOException {
        Configuration inFile = Configuration.bootstrap(config.members().entrySet().stream()
                .map(member -> ConfiguredMember.bootstrapped(
                        member.getKey(),
                        ControllerMembers.addressOf(
                                member.getValue().toString(),
                                config.advertised().get(member.getKey()).toString())))
                .toList());
        if (store.incarnation() != RecoveredState.BOOTSTRAPPED) {
            return Configuration.NONE;
        }
        String told = inFile.members().values().stream()
                .map(member -> member.id() + "-" + member.address())
                .collect(Collectors.joining(";"));
        List<ConfiguredMember> remembered = Stream.of(
                        store.rememberFirstMembers(told).split(";"))
                .map(text -> text.split("-", 2))
                .map(parts -> ConfiguredMember.bootstrapped(new NodeId(parts[0]), parts[1]))
                .toList();
        Configuration first = Configuration.bootstrap(remembered);
        return first.members().keySet().equals(inFile.members().keySet()) ? inFile : first;
    }

    /** Whose the store is; a new one of a controller that joins has a number of its own, by which it is added. */
    static StoreOwner storeOwner(ControllerConfig config) {
        long incarnation = config.joins() ? new SecureRandom().nextLong() | 1 : RecoveredState.BOOTSTRAPPED;
        return new StoreOwner(config.cluster(), config.self(), incarnation);
    }

    private static RaftSettings raft(ControllerConfig config, Configuration firstMembers) {
        RaftSettings sound =
                RaftSettings.defaults(config.self(), firstMembers, config.raft().electionTimeoutMs());
        return sound.withPace(
                        config.raft().heartbeatIntervalMs(),
                        Math.max(1, config.raft().heartbeatIntervalMs() / 4))
                .withSnapshots(
                        config.raft().snapshotThresholdEntries(),
                        sound.snapshotThresholdBytes(),
                        sound.retainedEntries(),
                        sound.snapshotChunkBytes());
    }

    /** A silent connection is given up when an election would be due twice over: by then the other side is gone or cut off. */
    static PeerSettings peers(ControllerConfig config, PeerStores stores) {
        SortedMap<NodeId, InetSocketAddress> peers = new TreeMap<>();
        config.members().forEach((id, address) -> peers.put(id, address.unresolved()));
        peers.remove(config.self());
        return new PeerSettings(
                config.cluster(),
                config.self(),
                config.members().get(config.self()).toString(),
                peers,
                2 * config.raft().electionTimeoutMs(),
                stores,
                List.of(ControllerMembership.KNOWS_DRAIN, ControllerCore.KNOWS_ACK_RULE));
    }

    static ControllerSettings loop(ControllerConfig config) {
        ControllerSettings sound = ControllerSettings.DEFAULT;
        return sound.withLiveness(sound.liveness().withConnectionLossGraceMs(config.brokerConnectionLossGraceMs()))
                .withLease(new LeaseSettings(config.masterLeaseMs()))
                .withPreferredMasterHoldMs(config.preferredMasterHoldMs());
    }

    static RemotingSettings remoting(ControllerConfig config) {
        RemotingSettings sound = RemotingSettings.DEFAULT;
        return new RemotingSettings(
                sound.maxFrameBytes(),
                sound.maxFirstFrameBytes(),
                sound.firstRequestTimeoutMs(),
                config.network().idleTimeoutSeconds() * 1_000L,
                sound.maxInFlight(),
                sound.overloadPauseMs());
    }

    static AgentSettings agents(ControllerConfig config) {
        return AgentSettings.DEFAULT.withIdleTimeoutMs(config.network().idleTimeoutSeconds() * 1_000L);
    }

    static RpcSettings rpc(ControllerConfig config) {
        return new RpcSettings(
                config.network().host(),
                config.network().port(),
                config.network().maxConnections(),
                FIRST_BYTES_TIMEOUT_MS,
                config.http().port());
    }

    /** The metrics of Apache's controller, if they are wanted. */
    static Optional<ApacheMetrics> apacheMetrics(ControllerConfig config, Metrics metrics) {
        return config.http().metricsApacheNames()
                ? Optional.of(new ApacheMetrics(
                        metrics,
                        config.cluster(),
                        config.self().value(),
                        config.advertised().get(config.self()).toString()))
                : Optional.empty();
    }

    /** All controllers as brokers dial them. */
    static SortedMap<NodeId, String> advertised(ControllerConfig config) {
        SortedMap<NodeId, String> texts = new TreeMap<>();
        for (SortedMap.Entry<NodeId, HostPort> member : config.advertised().entrySet()) {
            texts.put(member.getKey(), member.getValue().toString());
        }
        return texts;
    }
}
