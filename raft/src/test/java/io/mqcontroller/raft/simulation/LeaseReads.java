package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.RaftSettings;
import io.mqcontroller.raft.core.RoleName;
import java.util.Optional;

/**
 * Reads under a lease, in some seeds; not where clocks may stand still or change, for that is what a lease cannot bear. In many of
 * those the clocks differ by as much as it bears, leaders are cut off again and again, and whoever leads no more, and may not
 * know it, is asked for what it must not answer.
 */
final class LeaseReads {
    /** A tenth is what leases allow for. */
    private static final long MAX_DRIFT_PPM = 99_000;

    private static final long LOOK_EVERY_US = 2_000;

    private final Simulation simulation;
    private final Chance chance;
    private final long timeoutMs;
    private final long leaseMs;
    private final boolean cornered;
    private final boolean clocksDiffer;

    LeaseReads(Simulation simulation, long seed) {
        this.simulation = simulation;
        this.chance = new Chance(Trace.mix(seed, 0x6c65_6173));
        this.timeoutMs = simulation.plan().tuning().electionTimeoutMs();
        FaultPlan.Incidents incidents = simulation.plan().incidents();
        boolean possible = !incidents.clockStandsStill() && incidents.clockChangeEveryMs() == 0;
        boolean on = possible && chance.permille(350);
        this.leaseMs = on ? RaftSettings.longestReadLeaseMs(timeoutMs) : 0;
        this.cornered = on && chance.permille(500);
        this.clocksDiffer = on && chance.permille(500);
    }

    /** 0 where each read asks the others. */
    long leaseMs() {
        return leaseMs;
    }

    /** Of one more clock. */
    long driftPpm(long drawn) {
        if (!clocksDiffer) {
            return drawn;
        }
        return chance.permille(800)
                ? chance.oneOf(-MAX_DRIFT_PPM, MAX_DRIFT_PPM)
                : chance.between(-MAX_DRIFT_PPM, MAX_DRIFT_PPM);
    }

    /** Mean time between two leaders that are cut off; 0 means never. */
    long cornerEveryMs() {
        return cornered ? 6 * timeoutMs : 0;
    }

    /** The leader hears nobody any more, or not all. */
    String corner(Partitions partitions, Chance dice) {
        SimNode any = simulation.anyNode(dice);
        SimNode victim = simulation.leader().orElse(any);
        FaultPlan.Partition shape = dice.oneOf(
                FaultPlan.Partition.ONE_ALONE,
                FaultPlan.Partition.ONE_ALONE,
                FaultPlan.Partition.PAIR_CUT,
                FaultPlan.Partition.ONE_DUMB);
        partitions.cut(shape, victim.number(), 4 * timeoutMs, dice);
        return shape + " " + victim.id();
    }

    /** From now on somebody looks again and again for leaders that are none any more, and reads there. */
    void begin() {
        if (leaseMs > 0) {
            simulation.time().after(LOOK_EVERY_US, () -> {
                if (!simulation.healed()) {
                    readAtDeposedLeaders();
                    begin();
                }
            });
        }
    }

    private void readAtDeposedLeaders() {
        Optional<SimNode> leader = simulation.leader();
        for (SimNode node : simulation.nodes()) {
            boolean isDeposed = node.running()
                    && node.status().role() == RoleName.LEADER
                    && leader.isPresent()
                    && node != leader.get();
            if (isDeposed) {
                simulation.count(Counter.READS_AT_DEPOSED_LEADERS);
                int key = chance.below(simulation.plan().load().keys());
                node.read(simulation.newReadId(), key, SimClient.Answer.NOBODY_LISTENS);
            }
        }
    }
}
