package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.NodeId;
import java.util.HashSet;
import java.util.Set;

/** Counts leaders that handed leadership on because of a slow disk alone: nobody had asked them to. */
final class HandoverWatch {
    private final Simulation simulation;
    private final Set<Offer> offers = new HashSet<>();

    private record Offer(NodeId to, long term) {}

    HandoverWatch(Simulation simulation) {
        this.simulation = simulation;
    }

    /** A leader whose disk is slow offers leadership to another one. */
    void onOffered(SimNode slow, NodeId to) {
        if (simulation.plan().incidents().transferEveryMs() == 0) {
            offers.add(new Offer(to, slow.status().term()));
        }
    }

    void onNewLeader(SimNode node) {
        if (offers.remove(new Offer(node.id(), node.status().term() - 1))) {
            simulation.count(Counter.SLOW_LEADERS_HANDED_OVER);
        }
    }
}
