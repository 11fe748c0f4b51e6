package io.mqcontroller.controller.controller;

import io.mqcontroller.controller.controller.service.AgentRole;
import io.mqcontroller.controller.controller.service.AgentStatus;
import io.mqcontroller.controller.controller.service.AgentsView;
import io.mqcontroller.controller.controller.service.ControllerService.AgentHeartbeat;
import io.mqcontroller.controller.controller.service.GroupDetails;
import io.mqcontroller.controller.controller.service.SlaveView;
import io.mqcontroller.controller.liveness.ReplicaKey;
import io.mqcontroller.controller.liveness.ReplicaLiveness;
import io.mqcontroller.controller.metadata.BrokerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What each agent said of itself last, for metrics. Soft state of the leader. */
final class AgentStatuses {
    private record Said(AgentRole role, AgentStatus status, boolean knowsHandOver) {}

    private final Map<ReplicaKey, Said> agents = new HashMap<>();

    /** Takes a heartbeat in; returns how often the agent has fenced its broker since the one before. */
    long take(AgentHeartbeat heartbeat) {
        Said before = agents.put(
                new ReplicaKey(heartbeat.group(), heartbeat.id()),
                new Said(
                        heartbeat.role(),
                        heartbeat.status(),
                        heartbeat.handOver().known()));
        long fencings = heartbeat.status().fencings();
        if (before == null) {
            return 0;
        }
        // Fewer than before: it has started anew.
        return fencings >= before.status().fencings()
                ? fencings - before.status().fencings()
                : fencings;
    }

    /** What the agent of this replica said last. */
    Optional<GroupDetails.OfAgent> of(ReplicaKey key) {
        return Optional.ofNullable(agents.get(key)).map(said -> new GroupDetails.OfAgent(said.role(), said.status()));
    }

    /** Whether the agent can hand its role over to another replica. */
    boolean knowsHandOver(ReplicaKey key) {
        Said said = agents.get(key);
        return said != null && said.knowsHandOver;
    }

    /** What the slave lacks, as its master said last; empty: it is not connected to it. */
    OptionalLong lagBytes(ReplicaKey master, BrokerId slave) {
        Said said = agents.get(master);
        return said == null
                ? OptionalLong.empty()
                : said.status.slaves().stream()
                        .filter(one -> one.id().equals(slave) && one.connected())
                        .mapToLong(AgentStatus.Slave::lagBytes)
                        .findFirst();
    }

    void clear() {
        agents.clear();
    }

    /** Those that have died since they spoke are left out, and forgotten. */
    AgentsView view(ReplicaLiveness liveness) {
        agents.keySet().removeIf(key -> !liveness.isAlive(key.group(), key.id()));
        int[] roles = new int[AgentRole.values().length];
        long shortestLeaseMs = -1;
        int connected = 0;
        int notConnected = 0;
        long lagMs = 0;
        long lagBytes = 0;
        List<SlaveView> every = new ArrayList<>();
        for (Map.Entry<ReplicaKey, Said> agent : agents.entrySet()) {
            Said said = agent.getValue();
            roles[said.role().ordinal()]++;
            if (said.role() != AgentRole.MASTER) {
                continue;
            }
            long leaseMs = said.status().leaseRemainingMs();
            shortestLeaseMs = shortestLeaseMs < 0 ? leaseMs : Math.min(shortestLeaseMs, leaseMs);
            for (AgentStatus.Slave slave : said.status().slaves()) {
                connected += slave.connected() ? 1 : 0;
                notConnected += slave.connected() ? 0 : 1;
                lagMs = Math.max(lagMs, slave.lagMs());
                lagBytes = Math.max(lagBytes, slave.lagBytes());
                every.add(new SlaveView(agent.getKey().group(), slave));
            }
        }
        return new AgentsView(
                roles[AgentRole.MASTER.ordinal()],
                roles[AgentRole.SLAVE.ordinal()],
                roles[AgentRole.FENCED.ordinal()],
                shortestLeaseMs,
                connected,
                notConnected,
                lagMs,
                lagBytes,
                every);
    }
}
