package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftStatus;
import java.util.Set;
import java.util.function.Predicate;

/** Whether there are members enough that still have all that they ever wrote. */
final class Majorities {
    private final Simulation simulation;

    Majorities(Simulation simulation) {
        this.simulation = simulation;
    }

    boolean areWhole() {
        return areWhole(any -> true);
    }

    /** Whether they are without this member, too. */
    boolean canLose(SimNode node) {
        return areWhole(other -> other != node);
    }

    /**
     * Of each configuration that may be in force: the newest that is known to be committed, and all that somebody holds beyond
     * it.
     */
    private boolean areWhole(Predicate<SimNode> candidates) {
        Predicate<NodeId> whole = id -> {
            SimNode node = simulation.node(id);
            return candidates.test(node) && node.whole();
        };
        long committed = simulation.nodes().stream()
                .map(SimNode::status)
                .filter(status -> status.configurationIndex() <= status.commitIndex())
                .mapToLong(RaftStatus::configurationIndex)
                .max()
                .orElse(0);
        return simulation.nodes().stream()
                .map(SimNode::status)
                .filter(status -> status.configurationIndex() >= committed)
                .map(RaftStatus::configuration)
                .filter(configuration -> !configuration.voters().isEmpty())
                .allMatch(configuration -> isMajority(configuration.voters(), whole)
                        && (!configuration.isJoint() || isMajority(configuration.outgoing(), whole)));
    }

    private static boolean isMajority(Set<NodeId> voters, Predicate<NodeId> yes) {
        return 2 * voters.stream().filter(yes).count() > voters.size();
    }
}
