package io.mqcontroller.controller.controller;

import io.mqcontroller.controller.controller.replication.DecisionLog;
import io.mqcontroller.controller.controller.service.ControllerView;
import io.mqcontroller.controller.liveness.ReplicaLiveness;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.Replica;

/** Counts what a {@link ControllerView} shows. */
final class ViewBuilder {
    private final ReplicaLiveness liveness;
    private final boolean leading;
    private final long nowMs;
    private int replicas;
    private int replicasAlive;
    private long longestSilenceMs;
    private int neverElected;
    private int withoutMaster;
    private int withDeadMaster;
    private int withAgent;
    private int mixed;
    private int smallestSet = Integer.MAX_VALUE;

    private ViewBuilder(ReplicaLiveness liveness, boolean leading, long nowMs) {
        this.liveness = liveness;
        this.leading = leading;
        this.nowMs = nowMs;
    }

    static ControllerView build(DecisionLog log, ReplicaLiveness liveness, AgentStatuses agents, long nowMs) {
        ViewBuilder counts = new ViewBuilder(liveness, log.isLeading(), nowMs);
        log.committed().metadata().groups().forEach((key, group) -> counts.add(group));
        return new ControllerView(
                log.committed().metadata(),
                log.isLeading(),
                log.term(),
                log.leader(),
                counts.replicas,
                counts.replicasAlive,
                counts.longestSilenceMs,
                counts.neverElected,
                counts.withoutMaster,
                counts.withDeadMaster,
                counts.smallestSet == Integer.MAX_VALUE ? 0 : counts.smallestSet,
                log.inflightProposals(),
                log.pendingReplies(),
                counts.withAgent,
                counts.mixed,
                agents.view(liveness));
    }

    private void add(BrokerGroup group) {
        replicas += group.replicas().size();
        long agents = group.replicas().values().stream().filter(Replica::agent).count();
        withAgent += (int) agents;
        mixed += group.isMixed() ? 1 : 0;
        for (BrokerId id : group.replicas().keySet()) {
            if (leading && liveness.isAlive(group.key(), id)) {
                replicasAlive++;
                longestSilenceMs = Math.max(longestSilenceMs, liveness.silentMsOf(group.key(), id, nowMs));
            }
        }
        if (group.master().isPresent()) {
            smallestSet = Math.min(smallestSet, group.syncStateSet().members().size());
            withDeadMaster +=
                    leading && !liveness.isAlive(group.key(), group.master().get()) ? 1 : 0;
        } else if (group.everElected()) {
            withoutMaster++;
        } else {
            neverElected++;
        }
    }
}
