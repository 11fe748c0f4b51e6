package io.mqcontroller.agent.simulation;

import io.mqcontroller.agent.core.AckRule;
import io.mqcontroller.raft.simulation.Chance;
import java.util.ArrayList;
import java.util.List;

/** Crashes, pauses, cuts, stops and changes of the configuration, at random times, with the masters as favourite victims. */
final class FaultInjector {
    private final Simulation simulation;
    private final Chance chance;
    private final Plan plan;
    private boolean ended;

    FaultInjector(Simulation simulation, Chance chance) {
        this.simulation = simulation;
        this.chance = chance;
        this.plan = simulation.plan();
    }

    void begin() {
        every(plan.crashEveryMs(), this::crash);
        every(plan.pauseEveryMs(), this::pause);
        every(plan.cutEveryMs(), this::cut);
        if (plan.cornerEveryMs() > 0 && chance.permille(700)) {
            cornerInTurn();
        } else {
            corners().forEach(fault -> every(plan.cornerEveryMs(), fault));
        }
        every(plan.stopEveryMs(), () -> stop(anyBroker()));
        every(plan.ruleChangeEveryMs(), this::changeRule);
        every(plan.unfitEveryMs(), this::makeUnfit);
        every(plan.switchOverEveryMs(), this::switchOver);
    }

    private List<Runnable> corners() {
        return List.of(this::corner, this::decapitate, this::silence, this::strand, this::divide, this::freeze);
    }

    /** One after the other, so that each has its time: where they overlap, the end of one cut is the end of all. */
    private void cornerInTurn() {
        simulation.time().after(chance.between(plan.cornerEveryMs() * 1_000, 3_000 * plan.cornerEveryMs()), () -> {
            if (!ended) {
                chance.oneOf(corners()).run();
                cornerInTurn();
            }
        });
    }

    void end() {
        ended = true;
        simulation.brokers().forEach(broker -> broker.suffers(""));
    }

    private void every(long meanMs, Runnable fault) {
        if (meanMs == 0) {
            return;
        }
        simulation.time().after(chance.exponential(meanMs * 1_000), () -> {
            if (!ended) {
                fault.run();
                every(meanMs, fault);
            }
        });
    }

    private long lastingUs() {
        return chance.oneOf(chance.between(1_000, 200_000), chance.between(1_000, plan.maxFaultMs() * 1_000));
    }

    private SimBroker anyBroker() {
        List<SimBroker> masters =
                simulation.brokers().stream().filter(SimBroker::isMaster).toList();
        return masters.isEmpty() || chance.permille(400) ? chance.oneOf(simulation.brokers()) : chance.oneOf(masters);
    }

    private SimController anyController() {
        List<SimController> leaders = simulation.controllers().stream()
                .filter(SimController::isReadyLeader)
                .toList();
        return leaders.isEmpty() || chance.permille(400)
                ? chance.oneOf(simulation.controllers())
                : chance.oneOf(leaders);
    }

    private SimProcess anyProcess() {
        return chance.permille(700) ? anyBroker() : anyController();
    }

    private void crash() {
        SimProcess victim = anyProcess();
        victim.crash();
        restartLater(victim);
        if (chance.permille(200)) {
            SimProcess second = anyProcess();
            second.crash();
            restartLater(second);
        }
    }

    private void restartLater(SimProcess process) {
        simulation.time().after(lastingUs(), () -> {
            if (!ended) {
                process.start();
            }
        });
    }

    private void stop(SimBroker broker) {
        if (broker.isRunning() && !broker.isPaused()) {
            broker.stop();
            simulation.time().after(4_000_000 + lastingUs(), () -> {
                if (!ended) {
                    broker.start();
                }
            });
        }
    }

    private void pause() {
        pause(anyProcess(), lastingUs());
    }

    private void pause(SimProcess victim, long forUs) {
        if (!victim.isRunning() || victim.isPaused()) {
            return;
        }
        int life = victim.life();
        simulation.count(Counter.PAUSES);
        victim.pause();
        simulation.time().after(forUs, () -> {
            if (!ended && victim.life() == life) {
                victim.resume();
            }
        });
    }

    private void changeRule() {
        SimBroker any = chance.oneOf(simulation.brokers());
        AckRule rule = chance.oneOf(AckRule.ALL_IN_SYNC, AckRule.WEAKER);
        simulation.brokersOf(any.group()).forEach(broker -> broker.wantRule(rule));
    }

    /**
     * A master that no controller hears, for longer than its lease, and slaves that crash, freeze or lose it when somebody else
     * is about to be elected: where promises count.
     */
    private void corner() {
        SimBroker master = anyBroker();
        long forUs = chance.between(2_000_000, 8_000_000);
        List<SimProcess> controllers = new ArrayList<>(simulation.controllers());
        cut(master, controllers, true, true, forUs);
        boolean together = chance.permille(300);
        for (SimBroker other : simulation.brokersOf(master.group())) {
            if (other != master && together && chance.permille(600)) {
                cut(other, controllers, true, true, forUs);
            } else if (other != master && chance.permille(500)) {
                // Often when peers have confirmed for the last time before the lease is over for the controllers.
                long afterUs = chance.oneOf(chance.between(1_000_000, 4_000_000), chance.between(1_500_000, 2_300_000));
                simulation.time().after(afterUs, () -> {
                    if (!ended) {
                        trouble(other, master);
                    }
                });
            }
        }
    }

    /** The leader of the controllers goes, or stands still without knowing, and a master is cut off at the same time. */
    private void decapitate() {
        SimController leader = anyController();
        SimBroker master = anyBroker();
        List<SimProcess> others = new ArrayList<>(simulation.brokers());
        others.addAll(simulation.controllers());
        others.remove(master);
        // Long enough for the next leader to wait for a lease, and to elect somebody.
        long forUs = chance.oneOf(chance.between(1_000_000, 6_000_000), chance.between(4_500_000, 7_000_000));
        if (chance.permille(500)) {
            // Whoever else heard the old leader would not look for the new one; and one that is asked for a set answers
            // nothing.
            others.remove(leader);
            cut(leader, others, true, true, forUs);
            if (chance.permille(500)) {
                others.removeIf(SimBroker.class::isInstance);
            }
            if (leader.isRunning()) {
                leader.stallRaft(forUs);
            }
        } else {
            simulation.time().after(chance.between(0, 500_000), () -> {
                if (!ended) {
                    leader.crash();
                    restartLater(leader);
                }
            });
        }
        cut(master, others, true, true, forUs);
        for (int i = 0; i < 5; i++) {
            SimBroker favourite = chance.oneOf(simulation.brokersOf(master.group()));
            simulation.time().after(chance.between(0, 3_000_000), () -> designate(favourite));
        }
    }

    /** A master's words reach nobody any more, but what was said to it still comes. */
    private void silence() {
        SimBroker master = anyBroker();
        List<SimProcess> others = new ArrayList<>(simulation.brokers());
        others.addAll(simulation.controllers());
        others.remove(master);
        cut(master, others, true, false, chance.between(2_000_000, 6_000_000));
    }

    /** What a master is granted reaches it late, the last of it when nobody hears that master any more. */
    private void strand() {
        SimBroker master = anyBroker();
        List<SimProcess> others = new ArrayList<>(simulation.brokers());
        others.addAll(simulation.controllers());
        others.remove(master);
        long lateUs = chance.between(200_000, 800_000);
        long forUs = chance.between(3_000_000, 6_000_000);
        simulation.network().slowDown(master, lateUs);
        simulation.time().after(chance.between(1_000_000, 3_000_000), () -> {
            if (!ended) {
                cut(master, others, true, false, forUs);
                simulation.time().after(2 * lateUs, () -> hearsNothing(master, others, forUs));
            }
        });
    }

    private void hearsNothing(SimBroker master, List<SimProcess> others, long forUs) {
        simulation.network().slowDown(master, 0);
        if (!ended) {
            cut(master, others, false, true, forUs);
        }
    }

    /** A master that has just asked for another set may never hear what became of it. */
    void onSetAsked(SimBroker master) {
        if (ended || plan.cornerEveryMs() == 0 || !chance.permille(100)) {
            return;
        }
        List<SimProcess> others = new ArrayList<>(simulation.brokers());
        others.addAll(simulation.controllers());
        others.remove(master);
        long forUs = chance.between(2_000_000, 6_000_000);
        simulation.time().after(chance.between(100, 2 * plan.maxDelayUs()), () -> {
            if (!ended) {
                cut(master, others, true, true, forUs);
            }
        });
    }

    /** Some of the others stay with a master that no controller hears; the rest is with the controllers. */
    private void divide() {
        SimBroker master = anyBroker();
        List<SimProcess> here = new ArrayList<>(List.of(master));
        List<SimProcess> there = new ArrayList<>(simulation.controllers());
        for (SimBroker other : simulation.brokersOf(master.group())) {
            if (other != master) {
                (chance.permille(500) ? here : there).add(other);
            }
        }
        long forUs = chance.between(4_000_000, 7_000_000);
        here.forEach(one -> cut(one, there, true, true, forUs));
    }

    /** A master stands still for longer than its lease, with writes that nobody was told of. */
    private void freeze() {
        pause(anyBroker(), chance.between(2_500_000, 6_000_000));
    }

    /** An operator wants this one to be master. */
    private void designate(SimBroker broker) {
        simulation.controllers().stream()
                .filter(SimController::isReadyLeader)
                .filter(leader -> !ended && broker.brokerId() > 0)
                .findFirst()
                .ifPresent(leader -> leader.designate(broker.group(), broker.brokerId()));
    }

    /** An operator wants a planned switch-over, and somebody may die in the middle of it. */
    private void switchOver() {
        List<SimBroker> slaves =
                simulation.brokers().stream().filter(SimBroker::isSlave).toList();
        SimBroker target = chance.oneOf(slaves.isEmpty() ? simulation.brokers() : slaves);
        long limitMs = chance.oneOf(20L, 300L, 3_000L);
        long maxLag = chance.oneOf(5L, 1_000L, 1_000L);
        simulation.controllers().stream()
                .filter(SimController::isReadyLeader)
                .filter(leader -> target.brokerId() > 0)
                .findFirst()
                .ifPresent(leader -> leader.switchOver(target.group(), target.brokerId(), limitMs, maxLag));
        if (plan.crashEveryMs() > 0 && chance.permille(200)) {
            SimProcess victim =
                    chance.oneOf(chance.oneOf(simulation.brokersOf(target.group())), target, anyController());
            simulation.time().after(chance.between(0, 600_000), () -> {
                if (!ended) {
                    victim.crash();
                    restartLater(victim);
                }
            });
        }
    }

    private void trouble(SimBroker broker, SimBroker master) {
        switch (chance.below(3)) {
            case 0 -> {
                broker.crash();
                simulation.time().after(chance.between(1_000, 300_000), () -> {
                    if (!ended) {
                        broker.start();
                    }
                });
            }
            case 1 -> pause(broker, lastingUs());
            default -> cut(broker, List.of(master), true, true, chance.between(1_000_000, 4_000_000));
        }
    }

    /** A bad disk, or tables that are behind. */
    private void makeUnfit() {
        SimBroker broker = anyBroker();
        broker.suffers("its store can't be written");
        simulation.time().after(lastingUs(), () -> broker.suffers(""));
    }

    /** One process off from some or all others, one way or both. */
    private void cut() {
        SimProcess victim = anyProcess();
        List<SimProcess> others = new ArrayList<>(simulation.brokers());
        others.addAll(simulation.controllers());
        others.remove(victim);
        int kind = chance.below(4);
        List<SimProcess> from = others.stream()
                .filter(other -> switch (kind) {
                    case 0 -> other instanceof SimController;
                    case 1 -> other instanceof SimBroker;
                    case 2 -> true;
                    default -> chance.permille(500);
                })
                .toList();
        boolean there = chance.permille(850);
        boolean back = !there || chance.permille(850);
        cut(victim, from, there, back, lastingUs());
    }

    private void cut(SimProcess victim, List<SimProcess> from, boolean there, boolean back, long forUs) {
        simulation.count(Counter.CUTS);
        simulation.note(
                victim.name,
                "is cut off from " + from.stream().map(o -> o.name).toList() + (there ? "" : ", only hears")
                        + (back ? "" : ", is only heard"));
        for (SimProcess other : from) {
            if (there) {
                simulation.network().cut(victim, other);
            }
            if (back) {
                simulation.network().cut(other, victim);
            }
        }
        simulation
                .time()
                .after(
                        forUs,
                        () -> from.forEach(other -> {
                            simulation.network().join(victim, other);
                            simulation.network().join(other, victim);
                        }));
    }
}
