package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.Configuration;
import io.mqcontroller.raft.core.ConfiguredMember;
import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Event;
import io.mqcontroller.raft.core.MembershipChange;
import io.mqcontroller.raft.core.MembershipRejection;
import io.mqcontroller.raft.core.NodeId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * An operator who changes the members while everything goes wrong: adds machines that wait for it, lets them vote, removes
 * others, mostly the leader, and now and then asks for what makes no sense. What is refused because it is too early is asked
 * for again. Only some seeds have one. Who was removed runs on: nobody has told it to stop.
 */
final class MembershipChanges {
    private static final int MAX_VOTERS = 5;
    /** How often the one that is asked crashes in the middle of it. */
    private static final int STRUCK_PERMILLE = 250;
    /** How often a wish that is still open is kept, instead of another one. */
    private static final int PATIENCE_PERMILLE = 800;

    private static final Set<MembershipRejection> TOO_EARLY = EnumSet.of(
            MembershipRejection.NOT_LEADER,
            MembershipRejection.NOT_READY,
            MembershipRejection.TRANSFERRING,
            MembershipRejection.CHANGE_UNDER_WAY,
            MembershipRejection.NOT_CAUGHT_UP);

    private final Simulation simulation;
    private final int spares;
    private final long everyMs;
    private final int cornerPermille;
    private MembershipChange wanted;
    private boolean waits;
    private long lastChangeId;

    MembershipChanges(Simulation simulation, long seed) {
        this.simulation = simulation;
        // Dice of its own, so that what other seeds mean does not change.
        Chance chance = new Chance(Trace.mix(seed, 0x6d65_6d62));
        boolean takesPlace = chance.permille(500);
        long unitMs = simulation.plan().tuning().electionTimeoutMs();
        this.spares = takesPlace ? (int) chance.between(1, 8) : 0;
        this.everyMs = takesPlace ? chance.oneOf(unitMs, 3 * unitMs, 8 * unitMs) : 0;
        this.cornerPermille = chance.oneOf(0, 0, 500);
    }

    /** How often the members are split when voters begin to change, such that a majority of one of the two sets is together. */
    int cornerPermille() {
        return cornerPermille;
    }

    /** Machines that wait to be added. */
    int spares() {
        return spares;
    }

    /** Mean time between two changes; 0 means never. */
    long everyMs() {
        return everyMs;
    }

    /** Number of the store that belongs to the {@code number}-th machine. */
    long incarnationOf(int number) {
        return number < simulation.plan().members() ? 0 : number + 1;
    }

    String change(Chance chance) {
        if (waits && chance.permille(PATIENCE_PERMILLE)) {
            return "nothing new, for " + wanted + " is not done yet";
        }
        if (simulation.lostDisks().areOpen()) {
            return "nothing, for whoever has lost a disk comes first";
        }
        waits = false;
        SimNode any = simulation.anyNode(chance);
        SimNode asked = chance.permille(50) ? any : simulation.leader().orElse(any);
        MembershipChange change = choose(asked, chance);
        simulation.count(Counter.MEMBERSHIP_CHANGES_ASKED);
        wanted = change;
        asked.deliver(new Event.ChangeMembership(++lastChangeId, change));
        String what = asked.id() + " is asked for " + change;
        if (!chance.permille(STRUCK_PERMILLE)) {
            return what;
        }
        int effects = 1 + chance.below(40);
        asked.crashAfterEffects(effects);
        return what + ", and crashes after " + effects + " effects";
    }

    /** Only the newest wish is kept, until another takes its place or the faults are over. */
    void onRejected(Effect.MembershipChangeRejected effect) {
        simulation.count(Counter.MEMBERSHIP_CHANGES_REFUSED);
        if (effect.changeId() != lastChangeId || !TOO_EARLY.contains(effect.rejection())) {
            return;
        }
        waits = true;
        askAgainLater(lastChangeId);
    }

    private void askAgainLater(long changeId) {
        simulation.time().after(250 * simulation.plan().tuning().heartbeatMs(), () -> {
            if (!waits || changeId != lastChangeId || simulation.healed()) {
                return;
            }
            if (simulation.leader().isEmpty()) {
                askAgainLater(changeId);
                return;
            }
            waits = false;
            lastChangeId++;
            simulation.leader().get().deliver(new Event.ChangeMembership(lastChangeId, wanted));
        });
    }

    private MembershipChange choose(SimNode asked, Chance chance) {
        Configuration now = asked.status().configuration();
        int machines = simulation.plan().members() + spares;
        List<NodeId> all =
                simulation.nodes().stream().limit(machines).map(SimNode::id).toList();
        NodeId anybody = chance.oneOf(all);
        NodeId other = chance.oneOf(all);
        List<NodeId> learners = new ArrayList<>(now.learners());
        int dice = chance.below(100);
        if (dice < 5) {
            return chance.oneOf(
                    new MembershipChange.Promote(anybody),
                    new MembershipChange.Remove(anybody),
                    new MembershipChange.Replace(anybody, other),
                    add(anybody));
        } else if (!learners.isEmpty() && dice < 70) {
            NodeId learner = chance.oneOf(learners);
            if (dice < 10) {
                return new MembershipChange.Remove(learner);
            }
            return dice < 40 || now.voters().size() >= MAX_VOTERS
                    ? new MembershipChange.Replace(voterOf(now, asked, chance), learner)
                    : new MembershipChange.Promote(learner);
        }
        List<NodeId> unused = all.stream()
                .filter(id -> !now.isMember(id) && !now.removed().contains(id))
                .toList();
        boolean remove = dice >= (now.voters().size() <= 2 ? 98 : 85)
                || unused.isEmpty() && now.voters().size() > 2;
        return remove || unused.isEmpty()
                ? new MembershipChange.Remove(voterOf(now, asked, chance))
                : add(chance.oneOf(unused));
    }

    private MembershipChange add(NodeId id) {
        long incarnation = Math.max(1, simulation.node(id).incarnation());
        return new MembershipChange.AddLearner(new ConfiguredMember(id, id + ".example:1", incarnation));
    }

    private static NodeId voterOf(Configuration now, SimNode asked, Chance chance) {
        return now.voters().isEmpty() || chance.permille(400) ? asked.id() : chance.oneOf(List.copyOf(now.voters()));
    }
}
