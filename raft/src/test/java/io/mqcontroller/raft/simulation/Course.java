package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftStatus;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The course of a run: faults, which in some runs take a rest now and then, and in the end none any more. Each time the cluster
 * must have a leader soon; in the end all its members must come to rest in the same state, and stay there.
 */
final class Course {
    /** So many election timeouts go by where nothing may happen any more. */
    private static final int CALM_TIMEOUTS = 10;

    /** Terms that may pass until a healed cluster has its leader: an election may end without one, but not often in a row. */
    private static final int MAX_ELECTIONS = 8;

    private final Simulation simulation;
    private final SimClock time;
    private final List<SimNode> nodes;
    private final List<SimClient> clients;
    private final FaultInjector faults;
    private final Deadlines deadlines;
    private final long unitUs;
    /** So often all faults end for a while. */
    private final int rests;

    private boolean healed;
    private boolean majorityLost;

    Course(Simulation simulation, long seed, List<SimClient> clients) {
        this.simulation = simulation;
        this.time = simulation.time();
        this.nodes = simulation.nodes();
        this.clients = clients;
        this.faults = simulation.faults();
        this.deadlines = new Deadlines(simulation.plan());
        this.unitUs = 1_000 * simulation.plan().tuning().electionTimeoutMs();
        Chance chance = new Chance(Trace.mix(seed, 0x7265_7374));
        this.rests = chance.permille(300) ? (int) chance.between(1, 3) : 0;
    }

    boolean healed() {
        return healed;
    }

    /** Whether it ended with too few stores that hold what they held, so that nobody may lead any more. */
    boolean isMajorityLost() {
        return majorityLost;
    }

    /** From the beginning to the end. */
    void run() {
        long steps = simulation.plan().steps();
        nodes.forEach(SimNode::start);
        simulation.leases().begin();
        for (int rest = 1; rest <= rests; rest++) {
            long beginsAt = steps * rest / (rests + 1);
            runUntil("the faults take a rest", () -> simulation.steps() >= beginsAt, Long.MAX_VALUE);
            rest();
        }
        runUntil("the faults are over", () -> simulation.steps() >= steps, Long.MAX_VALUE);
        heal();
        majorityLost = !simulation.majorities().areWhole();
        if (majorityLost) {
            // Nobody may lead any more, and nobody does: what was acknowledged may be with any of those that forgot it.
            pass(2 * CALM_TIMEOUTS * unitUs);
        } else {
            comeTogether();
        }
    }

    private void comeTogether() {
        long term = highestTerm();
        runUntil("a leader is ready", this::hasReadyLeader, deadlines.leaderUs(largestSnapshotBytes()));
        clients.forEach(SimClient::end);
        runUntil("all members are at rest in the same state", this::atRest, deadlines.restUs(largestSnapshotBytes()));
        simulation.invariants().atEnd(members());
        requireFewTermsSince(term);
        staysAtRest(3 * unitUs, CALM_TIMEOUTS * unitUs);
    }

    private void runUntil(String what, BooleanSupplier reached, long withinUs) {
        long deadlineUs = withinUs == Long.MAX_VALUE ? Long.MAX_VALUE : time.nowUs() + withinUs;
        while (!reached.getAsBoolean()) {
            if (!time.runNext() || time.nowUs() > deadlineUs) {
                throw new AssertionError("not reached in " + withinUs / 1_000 + " ms of virtual time: " + what + "; "
                        + nodes.stream().map(SimNode::status).toList());
            }
        }
    }

    private void pass(long forUs) {
        long untilUs = time.nowUs() + forUs;
        runUntil("time goes by", () -> time.nowUs() >= untilUs, Long.MAX_VALUE);
    }

    /** In the middle of it all faults end, until there is a leader. */
    private void rest() {
        simulation.note("simulation", "rests");
        faults.rest();
        healAll();
        if (simulation.majorities().areWhole()) {
            simulation.count(Counter.RESTS);
            long term = highestTerm();
            runUntil("a leader is ready", this::hasReadyLeader, deadlines.leaderUs(largestSnapshotBytes()));
            requireFewTermsSince(term);
        }
        simulation.network().fallIll();
        nodes.forEach(node -> node.disk().fallIll());
        faults.goOn();
        simulation.note("simulation", "goes on with faults");
    }

    private void requireFewTermsSince(long term) {
        if (highestTerm() - term > MAX_ELECTIONS) {
            throw new AssertionError("terms went on from " + term + " to " + highestTerm());
        }
    }

    private void heal() {
        simulation.note("simulation", "heals");
        healed = true;
        faults.end();
        healAll();
    }

    private void healAll() {
        simulation.network().heal();
        for (SimNode node : nodes) {
            node.disk().heal();
            node.crashAfterEffects(MemberLoop.NEVER);
            node.resume(false);
            if (!node.running()) {
                node.start();
            }
        }
    }

    /** Nobody disturbs a leader that works. A transfer that was asked for before may still have to come to its end. */
    private void staysAtRest(long settleUs, long forUs) {
        long settledUs = time.nowUs() + settleUs;
        runUntil("transfers are over", () -> time.nowUs() >= settledUs && hasReadyLeader(), 2 * settleUs);
        NodeId leader = leader().id();
        long term = leader().status().term();
        pass(forUs);
        boolean same = members().stream()
                .allMatch(node ->
                        node.status().term() == term && node.status().leader().equals(Optional.of(leader)));
        if (!same) {
            throw new AssertionError(leader + " does not lead term " + term + " any more, for no reason: "
                    + nodes.stream().map(SimNode::status).toList());
        }
    }

    private long highestTerm() {
        return nodes.stream().mapToLong(node -> node.status().term()).max().orElse(0);
    }

    private long largestSnapshotBytes() {
        return nodes.stream()
                .mapToLong(node -> node.disk().snapshotBytes())
                .max()
                .orElse(0);
    }

    private SimNode leader() {
        return simulation.leader().orElseThrow();
    }

    private boolean hasReadyLeader() {
        return simulation.leader().filter(node -> node.status().ready()).isPresent();
    }

    private boolean atRest() {
        if (!hasReadyLeader() || !clients.stream().allMatch(SimClient::finished)) {
            return false;
        }
        RaftStatus leading = leader().status();
        return !simulation.lostDisks().areOpen()
                && members().stream().noneMatch(SimNode::recovering)
                && leading.commitIndex() == leading.last().index()
                && !leading.configuration().isJoint()
                && members().stream().allMatch(node -> node.appliedIndex() == leading.commitIndex());
    }

    /** Those of the leader's configuration. Whoever was removed, or never added, is left to itself. */
    private List<SimNode> members() {
        RaftStatus leading = leader().status();
        return nodes.stream()
                .filter(node -> leading.configuration().isMember(node.id()))
                .toList();
    }
}
