package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.Configuration;
import io.mqcontroller.raft.core.ConfiguredMember;
import io.mqcontroller.raft.core.Event;
import io.mqcontroller.raft.core.MembershipChange;
import io.mqcontroller.raft.core.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Disks that are lost with all that was on them, in some seeds, and an operator who does what the documentation says: the
 * member is removed, and a machine with a new id is added, learns, and is promoted. The member itself comes back with an empty
 * store under its old id, and stays until it has been removed.
 */
final class LostDisks {
    private static final int MOST = 3;

    private final Simulation simulation;
    private final Chance chance;
    private final int machines;
    private final long everyMs;
    private final long timeoutMs;
    private final List<Loss> losses = new ArrayList<>();
    private final List<Loss> open = new ArrayList<>();
    private long lastChangeId;

    /** @param addsFirst whether the substitute takes over the place; otherwise the member is removed before */
    private record Loss(SimNode lost, NodeId substitute, boolean addsFirst) {}

    LostDisks(Simulation simulation, long seed) {
        this.simulation = simulation;
        // Dice of its own, so that what other seeds mean does not change.
        this.chance = new Chance(Trace.mix(seed, 0x7769_7065));
        FaultPlan plan = simulation.plan();
        boolean possible = plan.incidents().sparesMajority() && plan.members() > 1;
        boolean on = possible && chance.permille(250);
        this.timeoutMs = plan.tuning().electionTimeoutMs();
        this.machines = on ? (int) chance.between(1, MOST) : 0;
        this.everyMs = on ? chance.oneOf(5 * timeoutMs, 15 * timeoutMs) : 0;
    }

    boolean takePlace() {
        return machines > 0;
    }

    /** Machines that stand by. */
    int machines() {
        return machines;
    }

    /** Mean time between two losses; 0 means never. */
    long everyMs() {
        return everyMs;
    }

    String lose(SimNode node) {
        if (losses.size() == machines || !mayLose(node)) {
            return "nothing, for the disk of " + node.id() + " can't be spared";
        }
        int number = simulation.nodes().size() - machines + losses.size();
        NodeId substitute = simulation.nodes().get(number).id();
        if (open.isEmpty()) {
            lookLater();
        }
        node.loseDisk();
        Loss loss = new Loss(node, substitute, chance.permille(500));
        losses.add(loss);
        open.add(loss);
        simulation.count(Counter.DISKS_LOST);
        return node.id() + " loses its disk";
    }

    /**
     * A majority keeps what it has; those who lost theirs before, and those who were removed and forgot whom they had met, are
     * known, or switched off; and nobody waits for the first contact with this one, which would have to be replaced as well.
     */
    private boolean mayLose(SimNode node) {
        Configuration now = simulation.leader().orElse(node).status().configuration();
        boolean allHaveMet = now.members().keySet().stream()
                .allMatch(id -> simulation.node(id).storeNumbers().tookPart());
        boolean othersAreKnown =
                losses.stream().map(Loss::lost).allMatch(lost -> lost.isSwitchedOff() || now.isMember(lost.id()));
        boolean theRemovedRemember = simulation.nodes().stream()
                .limit(simulation.plan().members())
                .allMatch(other -> now.isMember(other.id()) || other.isSwitchedOff() || other.stores() == 1);
        return othersAreKnown
                && theRemovedRemember
                && allHaveMet
                && now.isVoter(node.id())
                && node.whole()
                && simulation.majorities().canLose(node);
    }

    /** Whoever was removed, and runs on, may be one of those who still know that somebody comes back with an empty store. */
    boolean mayForget(SimNode node) {
        return open.isEmpty()
                || simulation
                        .leader()
                        .map(leader -> leader.status().configuration().isMember(node.id()))
                        .orElse(false);
    }

    /** Whether somebody is still to be replaced. */
    boolean areOpen() {
        return !open.isEmpty();
    }

    private void lookLater() {
        simulation.time().after(1_000 * chance.between(1, 3 * timeoutMs), () -> {
            simulation.leader().filter(leader -> leader.status().ready()).ifPresent(this::look);
            if (areOpen()) {
                lookLater();
            }
        });
    }

    private void look(SimNode leader) {
        Configuration now = leader.status().configuration();
        if (now.isJoint()
                || leader.status().configurationIndex() > leader.status().commitIndex()) {
            return;
        }
        for (Loss loss : List.copyOf(open)) {
            if (!now.isMember(loss.lost.id())) {
                loss.lost.switchOff();
            }
            Optional<MembershipChange> step = nextStep(now, loss);
            if (step.isPresent()) {
                leader.deliver(new Event.ChangeMembership(--lastChangeId, step.get()));
                return;
            }
            open.remove(loss);
            simulation.count(Counter.EMPTY_STORES_REPLACED);
        }
    }

    private Optional<MembershipChange> nextStep(Configuration now, Loss loss) {
        NodeId lost = loss.lost.id();
        NodeId substitute = loss.substitute;
        boolean isThere = now.isMember(lost);
        boolean canCome = !now.removed().contains(substitute);
        if (isThere && (!loss.addsFirst || !canCome || !now.isVoter(lost) || now.isVoter(substitute))) {
            return Optional.of(new MembershipChange.Remove(lost));
        } else if (!canCome || now.isVoter(substitute)) {
            return Optional.empty();
        } else if (!now.isMember(substitute)) {
            return Optional.of(add(substitute));
        }
        return Optional.of(
                isThere ? new MembershipChange.Replace(lost, substitute) : new MembershipChange.Promote(substitute));
    }

    private MembershipChange add(NodeId id) {
        return new MembershipChange.AddLearner(
                new ConfiguredMember(id, id + ".example:1", simulation.node(id).incarnation()));
    }
}
