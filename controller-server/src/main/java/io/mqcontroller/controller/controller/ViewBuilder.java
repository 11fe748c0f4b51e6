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
    private int replicas;
    private int replicasAlive;
    private int neverElected;
    private int withoutMaster;
    private int withDeadMaster;
    private int withAgent;
    private int mixed;
    private int smallestSet = Integer.MAX_VALUE;

    private ViewBuilder(ReplicaLiveness liveness, boolean leading) {
        this.liveness = liveness;
        this.leading = leading;
    }

    static ControllerView build(DecisionLog log, ReplicaLiveness liveness, AgentStatuses agents) {
        ViewBuilder counts = new ViewBuilder(liveness, log.isLeading());
        log.committed().metadata().groups().forEach((key, group) -> counts.add(group));
        return new ControllerView(
                log.committed().metadata(),
                log.isLeading(),
                log.term(),
                log.leader(),
                counts.replicas,
                counts.replicasAlive,
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
            replicasAlive += leading && liveness.isAlive(group.key(), id) ? 1 : 0;
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
