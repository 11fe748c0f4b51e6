package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.Configuration;
import io.mqcontroller.raft.core.RoleName;
import java.util.ArrayList;
import java.util.List;

/**
 * Watches members that are cut off from all others: a leader must notice in time that nobody hears it (CheckQuorum, thesis
 * §6.2), and nobody may work its term up, to disturb the others later (PreVote, thesis §9.6).
 */
final class IsolationWatch {
    /** By then a leader must have stepped down; one timeout is what it has, the rest is for drift and work that waits. */
    private static final int STEP_DOWN_TIMEOUTS = 3;

    private final Simulation simulation;
    private final List<Isolated> isolated = new ArrayList<>();
    private int joins;

    private record Isolated(SimNode node, int life, int pauses, int candidacies) {
        boolean goesOn() {
            return node.running() && node.life() == life && node.pauses() == pauses;
        }
    }

    IsolationWatch(Simulation simulation) {
        this.simulation = simulation;
    }

    void onIsolated(SimNode node) {
        if (node.paused()) {
            // What reached it before is still to be taken in, some time.
            return;
        }
        Isolated begun = new Isolated(node, node.life(), node.pauses(), node.candidacies());
        isolated.add(begun);
        int ofJoins = joins;
        long patienceMs = STEP_DOWN_TIMEOUTS * simulation.plan().tuning().electionTimeoutMs();
        simulation.time().after(1_000 * patienceMs, () -> {
            if (ofJoins == joins && begun.goesOn() && node.status().role() == RoleName.LEADER && needsOthers(node)) {
                throw new AssertionError(
                        node.id() + " has been alone for " + patienceMs + " ms and believes to lead: " + node.status());
            }
        });
    }

    private static boolean needsOthers(SimNode node) {
        Configuration configuration = node.status().configuration();
        return configuration.isJoint() || configuration.voters().size() > 1;
    }

    /** The network is about to be whole again. */
    void onJoined() {
        joins++;
        for (Isolated one : isolated) {
            // What had reached it before may let it be one once.
            if (one.goesOn() && needsOthers(one.node) && one.node.candidacies() > one.candidacies + 1) {
                throw new AssertionError(
                        one.node.id() + " was a candidate again and again while it was alone: " + one.node.status());
            }
        }
        isolated.clear();
    }
}
