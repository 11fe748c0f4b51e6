package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes the incidents of the plan happen, each kind at random times of its own, until everything is to be healed. */
final class FaultInjector {
    private final Simulation simulation;
    private final Chance chance;
    private final FaultPlan.Incidents plan;
    private final IsolationWatch isolation;
    private boolean over;

    FaultInjector(Simulation simulation, Chance chance) {
        this.simulation = simulation;
        this.chance = chance;
        this.plan = simulation.plan().incidents();
        this.isolation = new IsolationWatch(simulation);
        repeatedly(plan.crashEveryMs(), this::crashSome);
        repeatedly(plan.partitionEveryMs(), this::partition);
        repeatedly(plan.pauseEveryMs(), this::pauseOne);
        repeatedly(plan.transferEveryMs(), this::transfer);
        repeatedly(plan.slowDiskEveryMs(), this::slowDisk);
    }

    void end() {
        over = true;
        isolation.onJoined();
    }

    private void repeatedly(long everyMs, Runnable incident) {
        if (everyMs > 0) {
            simulation.time().after(1_000 * chance.exponential(everyMs), () -> {
                if (!over) {
                    incident.run();
                    repeatedly(everyMs, incident);
                }
            });
        }
    }

    private void unlessOver(long afterUs, Runnable action) {
        simulation.time().after(afterUs, () -> {
            if (!over) {
                action.run();
            }
        });
    }

    private void crashSome() {
        int victims = plan.manyAtOnce() && chance.permille(300)
                ? 1 + chance.below(simulation.nodes().size())
                : 1;
        for (int i = 0; i < victims; i++) {
            SimNode node = maybeLeader();
            if (!node.running()) {
                continue;
            }
            if (chance.permille(700)) {
                // Strikes in the middle of what one of its next steps has to do.
                node.crashAfterEffects(chance.below(12));
            } else {
                node.crash();
            }
        }
    }

    /** A member that crashed comes back after a while. */
    void onCrashed(SimNode node) {
        unlessOver(1_000 * chance.between(0, plan.maxDownMs()), () -> {
            if (!node.running()) {
                node.start();
            }
        });
    }

    private void partition() {
        SimNetwork network = simulation.network();
        int members = simulation.nodes().size();
        simulation.count(Counter.PARTITIONS);
        int one = simulation.numberOf(maybeLeader());
        int other = chance.below(members);
        FaultPlan.Partition shape = chance.oneOf(plan.partitions());
        simulation.note("network", shape + " " + one + " " + other);
        switch (shape) {
            case HALVES -> cutBetween(someOf(members), false);
            case BRIDGE -> cutBetween(someOf(members), true);
            case ONE_ALONE -> isolate(one);
            case ONE_DEAF -> forOthers(one, i -> network.cutOneWay(i, one));
            case ONE_DUMB -> forOthers(one, i -> network.cutOneWay(one, i));
            case PAIR_CUT -> network.cutBothWays(one, other);
            case PAIR_CUT_ONE_WAY -> network.cutOneWay(one, other);
            case FLAPPING -> flap(one, 4 + chance.below(8));
        }
        unlessOver(1_000 * chance.between(1, plan.maxPartitionMs()), () -> {
            join();
        });
    }

    private void isolate(int one) {
        forOthers(one, i -> simulation.network().cutBothWays(one, i));
        if (simulation.nodes().size() > 1) {
            isolation.onIsolated(simulation.nodes().get(one));
        }
    }

    private void join() {
        simulation.note("network", "is whole");
        isolation.onJoined();
        simulation.network().joinAll();
    }

    /** The first moments of a leader are when most can go wrong: it dies, or nobody hears it any more. */
    void onNewLeader(SimNode node) {
        if (over || !chance.permille(plan.newLeaderStrikePermille())) {
            return;
        }
        if (chance.permille(500)) {
            node.crashAfterEffects(1 + chance.below(60));
            return;
        }
        int number = simulation.numberOf(node);
        long timeoutUs = 1_000 * simulation.plan().tuning().electionTimeoutMs();
        unlessOver(chance.between(0, timeoutUs / 4), () -> {
            isolate(number);
            unlessOver(chance.between(0, 2 * timeoutUs), this::join);
        });
    }

    private void flap(int one, int times) {
        if (times % 2 == 0) {
            isolate(one);
        } else {
            join();
        }
        if (times > 0) {
            unlessOver(1_000 * chance.between(1, 1 + plan.maxPartitionMs() / 4), () -> flap(one, times - 1));
        }
    }

    private List<Boolean> someOf(int members) {
        List<Boolean> side = new ArrayList<>();
        for (int i = 0; i < members; i++) {
            side.add(chance.permille(500));
        }
        return side;
    }

    /** @param bridge member 0 still reaches both sides */
    private void cutBetween(List<Boolean> side, boolean bridge) {
        for (int i = bridge ? 1 : 0; i < side.size(); i++) {
            for (int j = bridge ? 1 : 0; j < i; j++) {
                if (!side.get(i).equals(side.get(j))) {
                    simulation.network().cutBothWays(i, j);
                }
            }
        }
    }

    private void forOthers(int one, java.util.function.IntConsumer action) {
        for (int i = 0; i < simulation.nodes().size(); i++) {
            if (i != one) {
                action.accept(i);
            }
        }
    }

    private void pauseOne() {
        SimNode node = maybeLeader();
        simulation.count(Counter.PAUSES);
        simulation.note(node.id().value(), "pauses");
        node.pause();
        unlessOver(1_000 * chance.between(1, 1 + plan.maxPauseMs()), () -> {
            simulation.note(node.id().value(), "resumes");
            node.resume(plan.clockStandsStill() && chance.permille(500));
        });
    }

    private void transfer() {
        SimNode leader = maybeLeader();
        Optional<SimNode> target = chance.permille(500) ? Optional.empty() : Optional.of(simulation.anyNode(chance));
        simulation.count(Counter.TRANSFERS_ASKED);
        leader.deliver(new Event.TransferLeadership(target.map(SimNode::id)));
    }

    private void slowDisk() {
        SimNode node = maybeLeader();
        node.disk().setSlowness(1 + chance.below(50));
        unlessOver(1_000 * chance.between(1, 1 + plan.maxPartitionMs()), () -> node.disk()
                .setSlowness(1));
    }

    /** Faults are worth more where much depends on the victim. */
    private SimNode maybeLeader() {
        return chance.permille(500)
                ? simulation.leader().orElseGet(() -> simulation.anyNode(chance))
                : simulation.anyNode(chance);
    }
}
