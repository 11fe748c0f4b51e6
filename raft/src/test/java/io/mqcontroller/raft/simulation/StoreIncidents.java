package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.Event;
import java.util.List;

/** What goes wrong with the stores of members. What can't be mended by the others happens to a minority only, mostly. */
final class StoreIncidents {
    private final Simulation simulation;
    private final boolean sparesMajority;

    /** @param sparesMajority whether a majority always keeps what it has; otherwise the cluster may end for good */
    StoreIncidents(Simulation simulation, boolean sparesMajority) {
        this.simulation = simulation;
        this.sparesMajority = sparesMajority;
    }

    private boolean maySuffer(SimNode node) {
        return !sparesMajority
                || node.whole()
                        && simulation.majorities().canLose(node)
                        && simulation.lostDisks().mayForget(node);
    }

    String failSync(SimNode node) {
        node.disk().failNextSync();
        return "the next sync of " + node.id() + " fails";
    }

    /** The driver says so to the core, and later that there is room again. */
    String fill(SimNode node, long forMs) {
        simulation.count(Counter.DISKS_FULL);
        node.disk().setFull(true);
        node.deliver(new Event.DiskFull());
        simulation.time().after(1_000 * forMs, () -> {
            node.disk().setFull(false);
            node.deliver(new Event.DiskHasRoom());
        });
        return "the disk of " + node.id() + " is full for " + forMs + " ms";
    }

    /** Strikes while the member is down: what is damaged is found at the next start, or never read. */
    String damage(SimNode node, List<StoreDamage> kinds, Chance chance) {
        StoreDamage kind = chance.oneOf(kinds);
        if (!maySuffer(node)) {
            return "nothing, for " + node.id() + " can't be spared";
        }
        if (node.running()) {
            node.crash();
        }
        if (!node.disk().damage(kind, chance)) {
            return node.id() + " crashes, with nothing on its disk for a " + kind;
        }
        simulation.count(Counter.STORES_DAMAGED);
        return node.id() + " crashes, with a " + kind + " on its disk";
    }

    /** Strikes while the member runs: found when it reads the snapshot, for somebody else or at its next start. */
    String damageSnapshot(SimNode node, Chance chance) {
        if (!maySuffer(node) || !node.disk().damage(StoreDamage.FLIP_IN_SNAPSHOT, chance)) {
            return "nothing, for the snapshot of " + node.id() + " can't be spared";
        }
        simulation.count(Counter.STORES_DAMAGED);
        return "the snapshot of " + node.id() + " is damaged";
    }
}
