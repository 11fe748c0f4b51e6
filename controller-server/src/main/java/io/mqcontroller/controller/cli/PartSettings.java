package io.mqcontroller.controller.cli;

import io.mqcontroller.controller.config.ControllerConfig;
import io.mqcontroller.controller.config.HostPort;
import io.mqcontroller.controller.controller.ControllerSettings;
import io.mqcontroller.controller.liveness.LeaseSettings;
import io.mqcontroller.controller.remoting.RemotingSettings;
import io.mqcontroller.controller.rpc.RpcSettings;
import io.mqcontroller.controller.rpc.agent.AgentSettings;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftSettings;
import io.mqcontroller.raft.node.RaftNodeConfig;
import io.mqcontroller.raft.transport.PeerSettings;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What each part is told, from the one configuration. */
final class PartSettings {
    private static final long FIRST_BYTES_TIMEOUT_MS = 5_000;

    private PartSettings() {}

    static RaftNodeConfig raftNode(ControllerConfig config) {
        SecureRandom random = new SecureRandom();
        return RaftNodeConfig.of(raft(config), random.nextLong() | 1, random.nextLong());
    }

    private static RaftSettings raft(ControllerConfig config) {
        RaftSettings sound = RaftSettings.defaults(
                config.self(),
                List.copyOf(config.members().keySet()),
                config.raft().electionTimeoutMs());
        return new RaftSettings(
                sound.self(),
                sound.bootstrap(),
                sound.electionTimeoutMs(),
                config.raft().heartbeatIntervalMs(),
                Math.max(1, config.raft().heartbeatIntervalMs() / 4),
                sound.maxEntriesPerAppend(),
                sound.maxBytesPerAppend(),
                sound.maxInflightAppends(),
                sound.maxUncommittedBytes(),
                sound.maxEntryBytes(),
                config.raft().snapshotThresholdEntries(),
                sound.snapshotThresholdBytes(),
                sound.retainedEntries(),
                sound.snapshotChunkBytes(),
                sound.maxSessions(),
                sound.readLeaseMs());
    }

    /** A silent connection is given up when an election would be due twice over: by then the other side is gone or cut off. */
    static PeerSettings peers(ControllerConfig config) {
        SortedMap<NodeId, InetSocketAddress> peers = new TreeMap<>();
        config.members().forEach((id, address) -> peers.put(id, address.unresolved()));
        peers.remove(config.self());
        return new PeerSettings(
                config.cluster(), config.self(), peers, 2 * config.raft().electionTimeoutMs());
    }

    static ControllerSettings loop(ControllerConfig config) {
        ControllerSettings sound = ControllerSettings.DEFAULT;
        return sound.withLiveness(sound.liveness().withConnectionLossGraceMs(config.brokerConnectionLossGraceMs()))
                .withLease(new LeaseSettings(config.masterLeaseMs()));
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

    /** All controllers as brokers dial them. */
    static SortedMap<NodeId, String> advertised(ControllerConfig config) {
        SortedMap<NodeId, String> texts = new TreeMap<>();
        for (SortedMap.Entry<NodeId, HostPort> member : config.advertised().entrySet()) {
            texts.put(member.getKey(), member.getValue().toString());
        }
        return texts;
    }
}
