package io.mqcontroller.agent.simulation;

import io.mqcontroller.agent.core.LeaseMode;
import io.mqcontroller.agent.simulation.invariant.Invariant;
import io.mqcontroller.agent.simulation.invariant.MasterWasInSet;
import io.mqcontroller.agent.simulation.invariant.OnlyTheNewestAcknowledges;
import io.mqcontroller.raft.simulation.Chance;
import java.util.HashSet;
import java.util.Set;

/**
 * What a seed is about.
 *
 * @param unclean whether replicas outside the SyncStateSet may be elected
 * @param snapshotEntries controllers take a snapshot after so many entries of their log
 * @param allInSyncPermille how often a group begins with the stronger rule for acknowledging
 * @param ruleChangeEveryMs on average; 0: the rule stays
 * @param driftPpm clocks run at most so much faster or slower than true time
 * @param lossyPermille of crashes lose the end of a broker's log
 * @param switchFailPermille of role switches fail
 * @param electionTimeoutMs of Raft
 * @param maxFlushMs a message is on its master's disk, and may be acknowledged, after so long
 * @param heartbeatTimeoutMs after which controllers hold a silent agent for dead
 * @param unfitEveryMs how often, on average, a broker's store or its tables are in trouble
 * @param cornerEveryMs how often, on average, a master is cut off from the controllers while its slaves have trouble
 * @param resetPermille of messages on a connection that break it instead
 * @param stallPermille of messages that are long on their way
 * @param switchOverEveryMs how often, on average, an operator asks for a planned switch-over
 * @param leasesDiffer whether each controller draws the length of its leases at each of its starts
 * @param mixture which brokers have no agent
 */
record Plan(
        int controllers,
        int groups,
        int brokers,
        boolean learner,
        LeaseMode mode,
        boolean unclean,
        long snapshotEntries,
        int allInSyncPermille,
        long ruleChangeEveryMs,
        long driftPpm,
        int lossyPermille,
        int switchFailPermille,
        long switchMaxMs,
        long electionTimeoutMs,
        long heartbeatIntervalMs,
        long heartbeatTimeoutMs,
        long maxFlushMs,
        long haMaxTimeSlaveNotCatchupMs,
        long writeEveryMs,
        long minDelayUs,
        long maxDelayUs,
        int resetPermille,
        int stallPermille,
        int lossPermille,
        int duplicatePermille,
        long crashEveryMs,
        long pauseEveryMs,
        long cutEveryMs,
        long cornerEveryMs,
        long stopEveryMs,
        long unfitEveryMs,
        long maxFaultMs,
        long faultsMs,
        long switchOverEveryMs,
        boolean leasesDiffer,
        Mixture mixture) {
    /** So much do the margins of leases and promises allow, and no more. */
    private static final long MAX_DRIFT_PPM = 30_000;

    private static final long NO_SNAPSHOTS = Long.MAX_VALUE;

    /**
     * A quarter of all seeds are about masters that are cut off while everything else has trouble as well. In a fifth of all
     * some brokers have no agent; in the others operators may ask for switch-overs.
     */
    static Plan draw(Chance chance) {
        Plan plan = chance.permille(250)
                ? cornered(chance, chance.permille(300), chance.oneOf(0, 50, 300))
                : allSorts(chance);
        Plan leased = chance.permille(200) ? plan.withLeasesThatDiffer() : plan;
        return chance.permille(200)
                ? leased.with(Mixture.draw(chance))
                : leased.with(leased.leasesDiffer, Mixture.NONE, chance.oneOf(0L, 2_000L));
    }

    private static Plan allSorts(Chance chance) {
        boolean calm = chance.permille(100);
        long heartbeatIntervalMs = chance.oneOf(300L, 500L);
        long maxDelayUs = chance.oneOf(1_000L, 5_000L, 20_000L, 80_000L);
        return new Plan(
                chance.oneOf(1, 3, 3, 3),
                chance.oneOf(1, 1, 2),
                chance.oneOf(2, 2, 3, 3, 4),
                chance.permille(250),
                drawMode(chance),
                chance.permille(100),
                chance.oneOf(8L, 30L, NO_SNAPSHOTS),
                chance.oneOf(0, 0, 500, 1_000),
                chance.oneOf(0L, 0L, 3_000L),
                chance.oneOf(0L, 1_000L, MAX_DRIFT_PPM),
                chance.oneOf(0, 0, 0, 500),
                chance.oneOf(0, 0, 50, 300),
                chance.oneOf(5L, 50L, 400L),
                chance.oneOf(300L, 600L),
                heartbeatIntervalMs,
                chance.oneOf(Math.max(1_000L, 3 * heartbeatIntervalMs), 2_000L, 4_000L),
                chance.oneOf(1L, 20L),
                chance.oneOf(1_000L, 3_000L, 15_000L),
                chance.oneOf(15L, 40L, 100L),
                100,
                maxDelayUs,
                calm ? 0 : chance.oneOf(0, 2, 10),
                calm ? 0 : chance.oneOf(0, 2, 20),
                calm ? 0 : chance.oneOf(0, 20, 200),
                calm ? 0 : chance.oneOf(0, 20, 200),
                calm ? 0 : chance.oneOf(0L, 6_000L, 2_500L),
                calm ? 0 : chance.oneOf(0L, 5_000L, 2_000L),
                calm ? 0 : chance.oneOf(0L, 4_000L, 1_500L),
                calm ? 0 : chance.oneOf(0L, 8_000L, 4_000L),
                chance.oneOf(0L, 10_000L),
                calm ? 0 : chance.oneOf(0L, 3_000L),
                chance.oneOf(1_500L, 4_000L, 8_000L),
                chance.between(10_000, 30_000),
                0,
                false,
                Mixture.NONE);
    }

    private static LeaseMode drawMode(Chance chance) {
        int kind = chance.below(10);
        return kind < 7 ? LeaseMode.SAFE : kind < 9 ? LeaseMode.STRICT : LeaseMode.AVAILABLE;
    }

    /** @param allInSync whether groups acknowledge what all of the set has */
    static Plan cornered(Chance chance, boolean allInSync, int stallPermille) {
        return new Plan(
                3,
                1,
                chance.oneOf(2, 3, 4),
                false,
                LeaseMode.SAFE,
                false,
                NO_SNAPSHOTS,
                allInSync ? 1_000 : 0,
                0,
                chance.oneOf(0L, MAX_DRIFT_PPM),
                0,
                0,
                5,
                300,
                300,
                1_000,
                20,
                3_000,
                20,
                100,
                5_000,
                chance.oneOf(0, 2),
                stallPermille,
                20,
                20,
                chance.oneOf(0L, 6_000L),
                chance.oneOf(0L, 5_000L),
                0,
                2_500,
                0,
                0,
                4_000,
                25_000,
                0,
                false,
                Mixture.NONE);
    }

    /** Three controllers, one group of three, and nothing that goes wrong. */
    static Plan quiet(boolean allInSync, long electionTimeoutMs) {
        return new Plan(
                3,
                1,
                3,
                false,
                LeaseMode.SAFE,
                false,
                NO_SNAPSHOTS,
                allInSync ? 1_000 : 0,
                0,
                0,
                0,
                0,
                5,
                electionTimeoutMs,
                500,
                2_000,
                20,
                3_000,
                20,
                100,
                5_000,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                4_000,
                25_000,
                0,
                false,
                Mixture.NONE);
    }

    Plan withLeasesThatDiffer() {
        return with(true, mixture, switchOverEveryMs);
    }

    Plan with(Mixture other) {
        return with(leasesDiffer, other, switchOverEveryMs);
    }

    /** @param meanMs between two that operators ask for; no broker is without an agent then */
    Plan withSwitchOversEvery(long meanMs) {
        return with(leasesDiffer, Mixture.NONE, meanMs);
    }

    private Plan with(boolean leasesOfTheirOwn, Mixture other, long switchOversEveryMs) {
        return new Plan(
                controllers,
                groups,
                brokers,
                learner,
                mode,
                unclean,
                snapshotEntries,
                allInSyncPermille,
                ruleChangeEveryMs,
                driftPpm,
                lossyPermille,
                switchFailPermille,
                switchMaxMs,
                electionTimeoutMs,
                heartbeatIntervalMs,
                heartbeatTimeoutMs,
                maxFlushMs,
                haMaxTimeSlaveNotCatchupMs,
                writeEveryMs,
                minDelayUs,
                maxDelayUs,
                resetPermille,
                stallPermille,
                lossPermille,
                duplicatePermille,
                crashEveryMs,
                pauseEveryMs,
                cutEveryMs,
                cornerEveryMs,
                stopEveryMs,
                unfitEveryMs,
                maxFaultMs,
                faultsMs,
                switchOversEveryMs,
                leasesOfTheirOwn,
                other);
    }

    /** Which rules this plan does not promise to hold: {@code available} and unclean elections trade some for availability. */
    Set<Class<? extends Invariant>> without() {
        Set<Class<? extends Invariant>> without = new HashSet<>();
        if (mode == LeaseMode.AVAILABLE || unclean && mode != LeaseMode.STRICT) {
            without.add(OnlyTheNewestAcknowledges.class);
        }
        if (unclean) {
            without.add(MasterWasInSet.class);
        }
        return without;
    }
}
