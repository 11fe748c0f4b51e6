package io.mqcontroller.controller.controller;

import io.mqcontroller.controller.controller.service.ConnectionId;
import io.mqcontroller.controller.controller.service.RoleNotifier;
import io.mqcontroller.controller.controller.service.RoleView;
import io.mqcontroller.controller.liveness.ReplicaKey;
import io.mqcontroller.controller.liveness.ReplicaLiveness;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.ClusterMetadata;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.Replica;
import io.mqcontroller.raft.core.NodeId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Tells the replicas of a group that they have a new master, once that is committed. A member that becomes leader repeats what
 * was decided just before: the old leader may have died between the decision and telling it.
 */
final class RoleAnnouncer {
    /** Brokers look for their role every 5 s themselves. */
    private static final long REPEAT_MS = 10_000;

    private static final int MAX_REMEMBERED = 10_000;

    private final RoleNotifier notifier;
    private final ReplicaLiveness liveness;
    private final Map<GroupKey, Long> changedAtMs = new LinkedHashMap<>();

    RoleAnnouncer(RoleNotifier notifier, ReplicaLiveness liveness) {
        this.notifier = notifier;
        this.liveness = liveness;
    }

    /** Agents that look for the leader wait with others until there is one. */
    void leads(NodeId leader) {
        notifier.notifyLeader(leader);
    }

    /** The group has a new master, decided by another leadership. */
    void remember(GroupKey group, long nowMs) {
        changedAtMs.remove(group);
        if (changedAtMs.size() >= MAX_REMEMBERED) {
            changedAtMs.remove(changedAtMs.keySet().iterator().next());
        }
        changedAtMs.put(group, nowMs);
    }

    void repeatRecent(ClusterMetadata state, long nowMs) {
        List<GroupKey> recent = new ArrayList<>();
        changedAtMs.forEach((group, atMs) -> {
            if (nowMs - atMs <= REPEAT_MS) {
                recent.add(group);
            }
        });
        changedAtMs.clear();
        recent.forEach(key -> state.group(key).ifPresent(this::announce));
    }

    void announce(BrokerGroup group) {
        announceToAgents(group);
        if (group.master().isEmpty()) {
            return; // a broker has no use for "nobody", and keeps its role
        }
        for (Replica replica : group.replicas().values()) {
            if (!replica.agent() && mayListen(new ReplicaKey(group.key(), replica.id()))) {
                notifier.notifyRole(replica.address(), group);
            }
        }
    }

    /**
     * A silent broker whose connection is open may be frozen: when it wakes, the less time passes until it knows that it is
     * master no more, the fewer messages it acknowledges that nobody else will ever have.
     */
    private boolean mayListen(ReplicaKey key) {
        return liveness.isAlive(key.group(), key.id()) || liveness.hasConnection(key);
    }

    /** Agents are told over the connection that they keep to the leader, of changed sets as well. */
    void announceToAgents(BrokerGroup group) {
        RoleView view = null;
        for (Replica replica : group.replicas().values()) {
            OptionalLong connection = replica.agent()
                    ? liveness.connectionOf(new ReplicaKey(group.key(), replica.id()))
                    : OptionalLong.empty();
            if (connection.isPresent()) {
                view = view == null ? RoleViews.of(group, liveness) : view;
                notifier.notifyAgent(new ConnectionId(connection.getAsLong()), view);
            }
        }
    }
}
