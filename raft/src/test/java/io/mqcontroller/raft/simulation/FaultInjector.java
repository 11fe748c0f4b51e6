package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.Configuration;
import io.mqcontroller.raft.core.Event;
import io.mqcontroller.raft.core.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Makes the incidents of the plan happen, each kind at random times of its own, until everything is to be healed. When an
 * incident comes and what it does is decided by the seed, its kind and its number alone, so that others can be left out of a
 * run without a change to this one; only whom it strikes may depend on what the members do.
 */
final class FaultInjector {
    private final Simulation simulation;
    private final long seed;
    private final FaultPlan.Incidents plan;
    private final Partitions partitions;
    private final IncidentLog log = new IncidentLog();
    private int leadersSeen;
    private int jointSeen;
    private boolean over;
    private boolean resting;
    /** Grows with each rest: what was to follow an incident before it does not happen any more. */
    private int round;

    /** What an incident does, with its own dice; says what it did, in words. */
    interface Action {
        String happen(Chance chance);
    }

    FaultInjector(Simulation simulation, long seed) {
        this.simulation = simulation;
        this.seed = seed;
        this.plan = simulation.plan().incidents();
        this.partitions = new Partitions(simulation, this::unlessOver);
        repeatedly(Incident.Kind.CRASH, plan.crashEveryMs(), this::crashSome);
        repeatedly(Incident.Kind.PARTITION, plan.partitionEveryMs(), this::partition);
        repeatedly(Incident.Kind.PAUSE, plan.pauseEveryMs(), this::pauseOne);
        repeatedly(Incident.Kind.TRANSFER, plan.transferEveryMs(), this::transfer);
        repeatedly(Incident.Kind.SLOW_DISK, plan.slowDiskEveryMs(), this::slowDisk);
        repeatedly(Incident.Kind.CLOCK_CHANGE, plan.clockChangeEveryMs(), this::changeClock);
        StoreIncidents stores = new StoreIncidents(simulation, plan.sparesMajority());
        repeatedly(
                Incident.Kind.SYNC_FAILURE, plan.syncFailureEveryMs(), chance -> stores.failSync(maybeLeader(chance)));
        repeatedly(
                Incident.Kind.FULL_DISK,
                plan.fullDiskEveryMs(),
                chance -> stores.fill(maybeLeader(chance), chance.between(1, plan.maxPartitionMs())));
        repeatedly(
                Incident.Kind.STORE_DAMAGE,
                plan.storeDamageEveryMs(),
                chance -> stores.damage(maybeLeader(chance), plan.storeDamages(), chance));
        repeatedly(
                Incident.Kind.SNAPSHOT_DAMAGE,
                plan.snapshotDamageEveryMs(),
                chance -> stores.damageSnapshot(maybeLeader(chance), chance));
        LostDisks lost = simulation.lostDisks();
        repeatedly(Incident.Kind.LOST_DISK, lost.everyMs(), chance -> lost.lose(maybeLeader(chance)));
        MembershipChanges membership = simulation.membership();
        repeatedly(Incident.Kind.MEMBERSHIP, membership.everyMs(), membership::change);
        LeaseReads leases = simulation.leases();
        repeatedly(Incident.Kind.LEASE_CORNERED, leases.cornerEveryMs(), chance -> leases.corner(partitions, chance));
    }

    void end() {
        over = true;
        rest();
    }

    /** Nothing goes wrong until it goes on. */
    void rest() {
        resting = true;
        round++;
        partitions.end();
    }

    void goOn() {
        resting = false;
    }

    /** What has gone wrong so far. */
    IncidentLog log() {
        return log;
    }

    void repeatedly(Incident.Kind kind, long everyMs, Action action) {
        if (everyMs > 0) {
            next(new Incident(kind, 1), everyMs, action);
        }
    }

    private void next(Incident incident, long everyMs, Action action) {
        Chance chance = incident.diceOf(seed);
        simulation.time().after(1_000 * chance.exponential(everyMs), () -> {
            if (over) {
                return;
            }
            if (!resting) {
                happen(incident, chance, action);
            }
            next(new Incident(incident.kind(), incident.number() + 1), everyMs, action);
        });
    }

    private void happen(Incident incident, Chance chance, Action action) {
        if (simulation.reduction().allows(incident)) {
            String what = action.happen(chance);
            log.add(incident, simulation.time().nowUs(), what);
            simulation.note("injector", what);
        }
    }

    private void unlessOver(long afterUs, Runnable action) {
        int ofRound = round;
        simulation.time().after(afterUs, () -> {
            if (ofRound == round) {
                action.run();
            }
        });
    }

    private String crashSome(Chance chance) {
        int victims = plan.manyAtOnce() && chance.permille(300)
                ? 1 + chance.below(simulation.nodes().size())
                : 1;
        StringBuilder what = new StringBuilder();
        for (int i = 0; i < victims; i++) {
            SimNode node = maybeLeader(chance);
            // Mostly it strikes in the middle of what one of the next steps has to do.
            int effects = chance.permille(700) ? chance.below(12) : 0;
            if (node.running() && effects > 0) {
                node.crashAfterEffects(effects);
            } else if (node.running()) {
                node.crash();
            }
            what.append(node.id()).append(" crashes after ").append(effects).append(" effects ");
        }
        return what.toString();
    }

    /** A member that crashed comes back after a while; also one that finds damage of before when all faults are over. */
    void onCrashed(SimNode node) {
        Chance chance = new Chance(Trace.mix(Trace.mix(seed, node.number()), node.life()));
        simulation.time().after(1_000 * chance.between(0, plan.maxDownMs()), () -> {
            if (!node.running()) {
                node.start();
            }
        });
    }

    private String partition(Chance chance) {
        simulation.count(Counter.PARTITIONS);
        SimNode one = maybeLeader(chance);
        FaultPlan.Partition shape = chance.oneOf(plan.partitions());
        partitions.cut(shape, one.number(), plan.maxPartitionMs(), chance);
        return shape + " " + one.id();
    }

    /** The first moments of a leader are when most can go wrong: it dies, or nobody hears it any more. */
    void onNewLeader(SimNode node) {
        if (resting || plan.newLeaderStrikePermille() == 0) {
            return;
        }
        Incident incident = new Incident(Incident.Kind.NEW_LEADER_STRIKE, ++leadersSeen);
        Chance chance = incident.diceOf(seed);
        if (chance.permille(plan.newLeaderStrikePermille())) {
            happen(incident, chance, dice -> strike(node, dice));
        }
    }

    private String strike(SimNode node, Chance chance) {
        if (chance.permille(500)) {
            int effects = 1 + chance.below(60);
            node.crashAfterEffects(effects);
            return "new leader " + node.id() + " crashes after " + effects + " effects";
        }
        int number = node.number();
        long timeoutUs = 1_000 * simulation.plan().tuning().electionTimeoutMs();
        unlessOver(chance.between(0, timeoutUs / 4), () -> {
            partitions.isolate(number);
            unlessOver(chance.between(0, 2 * timeoutUs), partitions::join);
        });
        return "new leader " + node.id() + " is cut off soon";
    }

    /** In this moment it matters most who hears whom. */
    void onVotersChange(SimNode leader, Configuration joint) {
        int permille = simulation.membership().cornerPermille();
        if (resting || permille == 0) {
            return;
        }
        Incident incident = new Incident(Incident.Kind.MAJORITIES_PARTED, ++jointSeen);
        Chance chance = incident.diceOf(seed);
        if (chance.permille(permille)) {
            happen(incident, chance, dice -> partMajorities(leader, joint, dice));
        }
    }

    /** The leader and just a majority of the one set, with as few of the other as can be. */
    private String partMajorities(SimNode leader, Configuration joint, Chance chance) {
        boolean ofNew = chance.permille(500);
        SortedSet<NodeId> ours = ofNew ? joint.voters() : joint.outgoing();
        SortedSet<NodeId> others = ofNew ? joint.outgoing() : joint.voters();
        List<NodeId> firstTheirOwn = new ArrayList<>(ours);
        firstTheirOwn.removeAll(others);
        List<NodeId> common = new ArrayList<>(ours);
        common.retainAll(others);
        while (!common.isEmpty()) {
            firstTheirOwn.add(common.remove(chance.below(common.size())));
        }
        Set<NodeId> together = new TreeSet<>(Set.of(leader.id()));
        int needed = ours.size() / 2 + (ours.contains(leader.id()) ? 0 : 1);
        firstTheirOwn.stream()
                .filter(id -> !id.equals(leader.id()))
                .limit(needed)
                .forEach(together::add);
        Set<Integer> numbers = new TreeSet<>();
        together.forEach(id -> numbers.add(simulation.node(id).number()));
        long timeoutMs = simulation.plan().tuning().electionTimeoutMs();
        Runnable part = () -> partitions.part(numbers, 8 * timeoutMs, chance);
        if (chance.permille(500)) {
            part.run();
        } else {
            unlessOver(chance.between(0, 4 * simulation.plan().network().maxDelayUs()), part);
        }
        simulation.count(Counter.JOINT_CONFIGURATIONS_CORNERED);
        return together + " are parted from the others while " + joint + " holds";
    }

    private String pauseOne(Chance chance) {
        SimNode node = maybeLeader(chance);
        simulation.count(Counter.PAUSES);
        node.pause();
        unlessOver(1_000 * chance.between(1, 1 + plan.maxPauseMs()), () -> {
            simulation.note(node.id().value(), "resumes");
            node.resume(plan.clockStandsStill() && chance.permille(500));
        });
        return node.id() + " pauses";
    }

    private String changeClock(Chance chance) {
        SimNode node = maybeLeader(chance);
        simulation.count(Counter.CLOCK_CHANGES);
        if (chance.permille(500)) {
            long ppm = chance.between(-50_000, 50_000);
            node.clock().changeRate(ppm);
            return "the clock of " + node.id() + " is " + ppm + " ppm too fast";
        }
        long leapMs = chance.oneOf(10L, 1_000L, 3_600_000L, 86_400_000L);
        node.clock().leap(1_000 * leapMs);
        return "the clock of " + node.id() + " leaps by " + leapMs + " ms";
    }

    private String transfer(Chance chance) {
        SimNode leader = maybeLeader(chance);
        Optional<NodeId> target = chance.permille(500)
                ? Optional.empty()
                : Optional.of(simulation.anyNode(chance).id());
        simulation.count(Counter.TRANSFERS_ASKED);
        leader.deliver(new Event.TransferLeadership(target));
        return leader.id() + " is to hand over to " + target.map(NodeId::value).orElse("anybody");
    }

    private String slowDisk(Chance chance) {
        SimNode node = maybeLeader(chance);
        int factor = 1 + chance.below(50);
        node.disk().setSlowness(factor);
        unlessOver(1_000 * chance.between(1, 1 + plan.maxPartitionMs()), () -> node.disk()
                .setSlowness(1));
        return node.id() + " has a disk that is " + factor + " times as slow";
    }

    /** Faults are worth more where much depends on the victim. */
    private SimNode maybeLeader(Chance chance) {
        SimNode any = simulation.anyNode(chance);
        return chance.permille(500) ? simulation.leader().orElse(any) : any;
    }
}
