package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.Configuration;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.EntryKind;
import io.mqcontroller.raft.core.NodeId;
import java.util.Set;
import java.util.function.Predicate;

/** Whether there are members enough that still have all that they ever wrote. */
final class Majorities {
    private final Simulation simulation;
    private Configuration committed;
    private long committedIndex;
    private long committedChain = Entry.CHAIN_START;

    /** @param first configuration of the first boot */
    Majorities(Simulation simulation, Configuration first) {
        this.simulation = simulation;
        this.committed = first;
    }

    /** Somebody applies it, so it is committed. */
    void onApplied(Entry entry) {
        if (entry.kind() == EntryKind.CONFIGURATION && entry.index() > committedIndex) {
            committed = Configuration.parse(entry.command());
            committedIndex = entry.index();
            committedChain = entry.chain();
        }
    }

    boolean areWhole() {
        return areWhole(any -> true);
    }

    /** Whether they are without this member, too. */
    boolean canLose(SimNode node) {
        return areWhole(other -> other != node);
    }

    /** Of each configuration that may be in force: the newest that is committed, and all that somebody holds behind it. */
    private boolean areWhole(Predicate<SimNode> candidates) {
        Predicate<NodeId> whole = id -> {
            SimNode node = simulation.node(id);
            return candidates.test(node) && node.whole();
        };
        return haveMajority(committed, whole)
                && simulation.nodes().stream()
                        .filter(this::maySucceed)
                        .allMatch(node -> haveMajority(node.status().configuration(), whole));
    }

    /** Whoever lacks the committed configuration holds one that was given up. */
    private boolean maySucceed(SimNode node) {
        return node.status().configurationIndex() > committedIndex
                && node.store().holds(committedIndex, committedChain);
    }

    private static boolean haveMajority(Configuration configuration, Predicate<NodeId> whole) {
        return isMajority(configuration.voters(), whole)
                && (!configuration.isJoint() || isMajority(configuration.outgoing(), whole));
    }

    private static boolean isMajority(Set<NodeId> voters, Predicate<NodeId> yes) {
        return 2 * voters.stream().filter(yes).count() > voters.size();
    }
}
