package io.mqcontroller.raft.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;

/** Cuts the network into the shapes of {@link FaultPlan.Partition}, and makes it whole again. */
final class Partitions {
    private final Simulation simulation;
    private final SimNetwork network;
    private final IsolationWatch isolation;
    private final Delay delay;

    /** Something to be done later, unless all faults are over by then. */
    interface Delay {
        void unlessOver(long afterUs, Runnable action);
    }

    Partitions(Simulation simulation, Delay delay) {
        this.simulation = simulation;
        this.network = simulation.network();
        this.isolation = new IsolationWatch(simulation);
        this.delay = delay;
    }

    /** @param one number of the member that a shape with a victim is about */
    void cut(FaultPlan.Partition shape, int one, long maxMs, Chance chance) {
        int members = simulation.nodes().size();
        int other = chance.below(members);
        switch (shape) {
            case HALVES -> cutBetween(someOf(members, chance), false, false);
            case HALVES_ONE_WAY -> cutBetween(someOf(members, chance), false, true);
            case BRIDGE -> cutBetween(someOf(members, chance), true, false);
            case RING -> cutToRing(members);
            case ONE_ALONE -> isolate(one);
            case ONE_DEAF -> forOthers(one, i -> network.cutOneWay(i, one));
            case ONE_DUMB -> forOthers(one, i -> network.cutOneWay(one, i));
            case PAIR_CUT -> network.cutBothWays(one, other);
            case PAIR_CUT_ONE_WAY -> network.cutOneWay(one, other);
            case FLAPPING -> flap(one, 4 + chance.below(8), maxMs, chance);
            case SWIZZLE -> swizzle(maxMs, chance);
        }
        delay.unlessOver(1_000 * chance.between(1, maxMs), this::join);
    }

    /** Parts these from all others, for at most so long. */
    void part(Set<Integer> together, long maxMs, Chance chance) {
        List<Boolean> side = new ArrayList<>();
        for (int i = 0; i < simulation.nodes().size(); i++) {
            side.add(together.contains(i));
        }
        cutBetween(side, false, false);
        delay.unlessOver(1_000 * chance.between(1, maxMs), this::join);
    }

    void isolate(int one) {
        forOthers(one, i -> network.cutBothWays(one, i));
        if (simulation.nodes().size() > 1) {
            isolation.onIsolated(simulation.nodes().get(one));
        }
    }

    void join() {
        simulation.note("network", "is whole");
        isolation.onJoined();
        network.joinAll();
    }

    /** All faults are over: nobody is watched any more. */
    void end() {
        isolation.onJoined();
    }

    private void flap(int one, int times, long maxMs, Chance chance) {
        if (times % 2 == 0) {
            isolate(one);
        } else {
            join();
        }
        if (times > 0) {
            delay.unlessOver(1_000 * chance.between(1, 1 + maxMs / 4), () -> flap(one, times - 1, maxMs, chance));
        }
    }

    /** Members fall silent one after the other, and are heard again in another order. */
    private void swizzle(long maxMs, Chance chance) {
        for (int i = 0; i < simulation.nodes().size(); i++) {
            int one = i;
            if (chance.permille(700)) {
                long beginUs = 1_000 * chance.between(0, maxMs / 2);
                long endUs = 1_000 * chance.between(maxMs / 2, maxMs);
                delay.unlessOver(beginUs, () -> forOthers(one, other -> network.cutOneWay(one, other)));
                delay.unlessOver(endUs, () -> {
                    // Another partition may have cut it off meanwhile: it is not alone any more.
                    isolation.onJoined();
                    forOthers(one, other -> network.join(one, other));
                });
            }
        }
    }

    private static List<Boolean> someOf(int members, Chance chance) {
        List<Boolean> side = new ArrayList<>();
        for (int i = 0; i < members; i++) {
            side.add(chance.permille(500));
        }
        return side;
    }

    /** @param bridge member 0 still reaches both sides */
    private void cutBetween(List<Boolean> side, boolean bridge, boolean oneWay) {
        for (int i = bridge ? 1 : 0; i < side.size(); i++) {
            for (int j = bridge ? 1 : 0; j < side.size(); j++) {
                if (side.get(i) && !side.get(j)) {
                    network.cutOneWay(i, j);
                    if (!oneWay) {
                        network.cutOneWay(j, i);
                    }
                }
            }
        }
    }

    /** Each member reaches its two neighbours: of five, every majority is another one. */
    private void cutToRing(int members) {
        for (int i = 0; i < members; i++) {
            for (int j = 0; j < i; j++) {
                boolean neighbours = i - j == 1 || i - j == members - 1;
                if (!neighbours) {
                    network.cutBothWays(i, j);
                }
            }
        }
    }

    private void forOthers(int one, IntConsumer action) {
        for (int i = 0; i < simulation.nodes().size(); i++) {
            if (i != one) {
                action.accept(i);
            }
        }
    }
}
