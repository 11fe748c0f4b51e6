package io.mqcontroller.controller.controller;

import io.mqcontroller.controller.controller.replication.DecisionLog;
import io.mqcontroller.controller.controller.service.AgentStatus;
import io.mqcontroller.controller.controller.service.Survey;
import io.mqcontroller.controller.liveness.ReplicaKey;
import io.mqcontroller.controller.liveness.ReplicaLiveness;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.GroupKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Gathers a {@link Survey}. */
final class Surveyor {
    private static final Survey.Life UNKNOWN = new Survey.Life(false, -1, -1);

    private final DecisionLog log;
    private final ReplicaLiveness liveness;
    private final AgentStatuses agents;

    Surveyor(DecisionLog log, ReplicaLiveness liveness, AgentStatuses agents) {
        this.log = log;
        this.liveness = liveness;
        this.agents = agents;
    }

    /** All but the lives. */
    Survey survey() {
        return new Survey(log.committed().metadata(), log.isLeading(), log.term(), log.leader(), Map.of());
    }

    /** Of these groups' replicas; nothing of any if this member does not lead, or no more. */
    Map<GroupKey, SortedMap<BrokerId, Survey.Life>> livesOf(List<BrokerGroup> groups) {
        Map<GroupKey, SortedMap<BrokerId, Survey.Life>> lives = new HashMap<>();
        if (log.isLeading()) {
            groups.forEach(group -> lives.put(group.key(), livesOf(group)));
        }
        return lives;
    }

    private SortedMap<BrokerId, Survey.Life> livesOf(BrokerGroup group) {
        Map<BrokerId, AgentStatus.Slave> slaves = new HashMap<>();
        group.master()
                .flatMap(master -> agents.of(new ReplicaKey(group.key(), master)))
                .map(said -> said.status().slaves())
                .orElse(List.of())
                .forEach(slave -> slaves.put(slave.id(), slave));
        long masterEnd = group.master()
                .map(master -> liveness.maxOffsetOf(group.key(), master))
                .orElse(-1L);
        SortedMap<BrokerId, Survey.Life> lives = new TreeMap<>();
        for (BrokerId id : group.replicas().keySet()) {
            boolean alive = liveness.isAlive(group.key(), id);
            AgentStatus.Slave slave = slaves.get(id);
            if (slave != null) {
                lives.put(id, new Survey.Life(alive, slave.lagMs(), slave.lagBytes()));
            } else {
                lives.put(id, alive ? byHeartbeats(group, id, masterEnd) : UNKNOWN);
            }
        }
        return lives;
    }

    /** Without an agent only the heartbeats tell, which master and slave do not send at the same time: a rough measure. */
    private Survey.Life byHeartbeats(BrokerGroup group, BrokerId id, long masterEnd) {
        if (group.master().filter(id::equals).isPresent()) {
            return new Survey.Life(true, 0, 0);
        }
        long end = liveness.maxOffsetOf(group.key(), id);
        return new Survey.Life(true, -1, masterEnd < 0 || end < 0 ? -1 : Math.max(0, masterEnd - end));
    }
}
