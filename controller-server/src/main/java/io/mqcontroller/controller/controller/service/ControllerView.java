package io.mqcontroller.controller.controller.service;

import io.mqcontroller.controller.metadata.ClusterMetadata;
import io.mqcontroller.raft.core.NodeId;
import java.util.Objects;
import java.util.Optional;

/**
 * The controller as it was a moment ago, for status pages and gauges; not linearizable. Liveness is only known where {@code
 * leading}.
 *
 * @param leading this member leads and decides
 * @param term of the leadership, 0 if not leading
 * @param groupsNeverElected groups that still wait for their first election
 * @param groupsWithoutMaster groups that had a master and have none
 * @param groupsWithDeadMaster groups whose recorded master is not alive just now; 0 if not leading
 * @param replicasAlive registered replicas that are alive; 0 if not leading
 * @param longestSilenceMs time since the heartbeat of the living replica that has been silent the longest; 0 if not leading
 * @param smallestSyncStateSet of the groups that have a master, or 0 if there are none
 * @param inflightProposals batches of decisions on their way
 * @param waitingAnswers answers that wait for one of them, or for a read
 * @param replicasWithAgent registered replicas that an agent hosts
 * @param groupsMixed groups in which some replicas have an agent and some have none
 * @param agents what they say of themselves
 */
public record ControllerView(
        ClusterMetadata metadata,
        boolean leading,
        long term,
        Optional<NodeId> leader,
        int replicas,
        int replicasAlive,
        long longestSilenceMs,
        int groupsNeverElected,
        int groupsWithoutMaster,
        int groupsWithDeadMaster,
        int smallestSyncStateSet,
        int inflightProposals,
        int waitingAnswers,
        int replicasWithAgent,
        int groupsMixed,
        AgentsView agents) {
    public static final ControllerView EMPTY = new ControllerView(
            ClusterMetadata.EMPTY, false, 0, Optional.empty(), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, AgentsView.NONE);

    public ControllerView {
        Objects.requireNonNull(metadata, "metadata");
        Objects.requireNonNull(leader, "leader");
        Objects.requireNonNull(agents, "agents");
    }
}
