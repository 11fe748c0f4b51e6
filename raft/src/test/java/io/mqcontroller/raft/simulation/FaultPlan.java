package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.Configuration;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftSettings;
import java.util.ArrayList;
import java.util.List;

/**
 * All that a seed decides beforehand: the cluster, how its surroundings misbehave, and what its clients do. Each seed has
 * only some of the faults, so that each meets also what the others would hide.
 *
 * @param steps batches of events that the members take in while faults happen
 */
record FaultPlan(int members, int steps, Tuning tuning, Network network, Disk disk, Incidents incidents, Load load) {
    /** About what an entry costs with its filler. */
    private static final int ENTRY_BYTES = 100;
    /** So many runs are long ones with little to do, at the pace of production: what needs time happens there. */
    private static final int LONG_PERMILLE = 80;

    private static final long PRODUCTIONS_TIMEOUT_MS = 1_000;

    /** @param clockDriftPpm each clock is up to this much too fast or too slow */
    record Tuning(
            long electionTimeoutMs,
            long heartbeatMs,
            long tickMs,
            int entriesPerAppend,
            int bytesPerAppend,
            int inflight,
            long uncommittedBytes,
            long snapshotEntries,
            long retainedEntries,
            int chunkBytes,
            int sessions,
            int batch,
            long thinkUs,
            long clockDriftPpm) {
        Tuning withThinkUs(long us) {
            return copy(us, clockDriftPpm);
        }

        Tuning withDrift(long ppm) {
            return copy(thinkUs, ppm);
        }

        private Tuning copy(long newThinkUs, long newClockDriftPpm) {
            return new Tuning(
                    electionTimeoutMs,
                    heartbeatMs,
                    tickMs,
                    entriesPerAppend,
                    bytesPerAppend,
                    inflight,
                    uncommittedBytes,
                    snapshotEntries,
                    retainedEntries,
                    chunkBytes,
                    sessions,
                    batch,
                    newThinkUs,
                    newClockDriftPpm);
        }
    }

    /** @param ordered messages of one sender to one receiver keep their order, as in a TCP connection */
    record Network(
            int lossPermille,
            int duplicatePermille,
            int damagedPermille,
            long minDelayUs,
            long maxDelayUs,
            boolean ordered) {
        Network withLoss(int permille) {
            return new Network(permille, duplicatePermille, damagedPermille, minDelayUs, maxDelayUs, ordered);
        }

        Network withDuplicates(int permille) {
            return new Network(lossPermille, permille, damagedPermille, minDelayUs, maxDelayUs, ordered);
        }

        Network withDamage(int permille) {
            return new Network(lossPermille, duplicatePermille, permille, minDelayUs, maxDelayUs, ordered);
        }

        Network withoutJitter() {
            return new Network(lossPermille, duplicatePermille, damagedPermille, minDelayUs, minDelayUs, true);
        }
    }

    /** @param snapshotSlowness to write or install a snapshot takes this many times as long as another write */
    record Disk(
            long minSyncUs, long maxSyncUs, int snapshotFailPermille, int damagedPiecePermille, int snapshotSlowness) {
        private Disk withSnapshotSlowness(int factor) {
            return new Disk(minSyncUs, maxSyncUs, snapshotFailPermille, damagedPiecePermille, factor);
        }

        Disk fast() {
            return new Disk(minSyncUs, minSyncUs, snapshotFailPermille, damagedPiecePermille, 1);
        }

        Disk faultless() {
            return new Disk(minSyncUs, maxSyncUs, 0, 0, snapshotSlowness);
        }
    }

    /**
     * Mean time between two incidents of a kind, and how long each lasts at most; 0 means never.
     *
     * @param sparesMajority whether a majority of the stores is always undamaged
     */
    record Incidents(
            long crashEveryMs,
            long maxDownMs,
            boolean manyAtOnce,
            int newLeaderStrikePermille,
            long partitionEveryMs,
            long maxPartitionMs,
            List<Partition> partitions,
            long pauseEveryMs,
            long maxPauseMs,
            boolean clockStandsStill,
            long transferEveryMs,
            long slowDiskEveryMs,
            long clockChangeEveryMs,
            long fullDiskEveryMs,
            long syncFailureEveryMs,
            long storeDamageEveryMs,
            List<StoreDamage> storeDamages,
            long snapshotDamageEveryMs,
            boolean sparesMajority) {}

    /**
     * @param oneShot each proposal comes from a client of its own and is never repeated, so that sessions overflow
     * @param replayPermille so many requests come once more, later, to anybody
     */
    record Load(
            int clients,
            int keys,
            int window,
            int readPercent,
            long thinkMs,
            int maxFillerBytes,
            long timeoutMs,
            int lossPermille,
            boolean oneShot,
            int replayPermille) {
        Load withClients(int count) {
            return copy(count, readPercent, lossPermille, replayPermille);
        }

        Load withReads(int percent) {
            return copy(clients, percent, lossPermille, replayPermille);
        }

        Load withLoss(int permille) {
            return copy(clients, readPercent, permille, replayPermille);
        }

        Load withReplays(int permille) {
            return copy(clients, readPercent, lossPermille, permille);
        }

        private Load copy(int newClients, int newReadPercent, int newLossPermille, int newReplayPermille) {
            return new Load(
                    newClients,
                    keys,
                    window,
                    newReadPercent,
                    thinkMs,
                    maxFillerBytes,
                    timeoutMs,
                    newLossPermille,
                    oneShot,
                    newReplayPermille);
        }
    }

    /** Shapes of a partition. */
    enum Partition {
        HALVES,
        HALVES_ONE_WAY,
        RING,
        ONE_ALONE,
        ONE_DEAF,
        ONE_DUMB,
        PAIR_CUT,
        PAIR_CUT_ONE_WAY,
        BRIDGE,
        FLAPPING,
        SWIZZLE
    }

    FaultPlan with(Tuning other) {
        return new FaultPlan(members, steps, other, network, disk, incidents, load);
    }

    FaultPlan with(Network other) {
        return new FaultPlan(members, steps, tuning, other, disk, incidents, load);
    }

    FaultPlan with(Disk other) {
        return new FaultPlan(members, steps, tuning, network, other, incidents, load);
    }

    FaultPlan with(Load other) {
        return new FaultPlan(members, steps, tuning, network, disk, incidents, other);
    }

    static FaultPlan draw(Chance chance) {
        int members = chance.oneOf(1, 3, 3, 3, 3, 3, 5, 5, 5, 5);
        boolean isLong = chance.permille(LONG_PERMILLE);
        Tuning tuning = drawTuning(chance, isLong ? PRODUCTIONS_TIMEOUT_MS : chance.between(30, 300));
        int steps = (int) (isLong ? chance.between(20_000, 60_000) : chance.between(4_000, 12_000));
        Network network = drawNetwork(chance, tuning);
        Disk disk = drawDisk(chance, tuning);
        Incidents incidents = drawIncidents(chance, tuning);
        Load load = drawLoad(chance, tuning, isLong ? 30 : 1);
        // Drawn last: what is added here leaves the meaning of seeds that found something before.
        Disk withSnapshots = disk.withSnapshotSlowness(chance.oneOf(1, 1, 20));
        return new FaultPlan(members, steps, tuning, network, withSnapshots, incidents, load);
    }

    private static Tuning drawTuning(Chance chance, long electionTimeoutMs) {
        long heartbeatMs = Math.max(1, electionTimeoutMs / chance.between(4, 10));
        int entriesPerAppend = chance.oneOf(1, 2, 10, 40);
        // One entry at a time over a slow disk is less than the clients ask for: no end of it would be in sight.
        int inflight = Math.max(chance.oneOf(1, 2, 16), entriesPerAppend == 1 ? 2 : 1);
        return new Tuning(
                electionTimeoutMs,
                heartbeatMs,
                Math.max(1, heartbeatMs / chance.between(1, 3)),
                entriesPerAppend,
                (int) chance.between(entriesPerAppend * ENTRY_BYTES / 2, 5_000),
                inflight,
                // As much as a follower takes in a few round trips: with more waiting, slow would look like stuck.
                chance.between(500, 500 + 20L * inflight * entriesPerAppend * ENTRY_BYTES),
                chance.oneOf(3L, 10L, 30L, 100L, 1_000L),
                chance.oneOf(0L, 0L, 3L, 50L),
                (int) chance.between(16, 400),
                64,
                chance.oneOf(1, 4, 64),
                chance.oneOf(0L, 50L, 500L),
                chance.oneOf(0L, 5_000L, 50_000L));
    }

    private static Network drawNetwork(Chance chance, Tuning tuning) {
        long minDelayUs = chance.between(20, 500);
        return new Network(
                chance.oneOf(0, 0, 10, 100, 300),
                chance.oneOf(0, 0, 100, 500),
                chance.oneOf(0, 0, 50),
                minDelayUs,
                minDelayUs + chance.oneOf(0L, 500L, 1_000 * tuning.heartbeatMs, 500 * tuning.electionTimeoutMs),
                chance.permille(500));
    }

    private static Disk drawDisk(Chance chance, Tuning tuning) {
        return new Disk(
                10,
                chance.oneOf(20L, 500L, 5_000L, 300 * tuning.electionTimeoutMs),
                chance.oneOf(0, 0, 200),
                chance.oneOf(0, 0, 50),
                1);
    }

    private static Incidents drawIncidents(Chance chance, Tuning tuning) {
        long unitMs = tuning.electionTimeoutMs;
        List<Partition> partitions = new ArrayList<>();
        for (Partition partition : Partition.values()) {
            if (chance.permille(500)) {
                partitions.add(partition);
            }
        }
        List<StoreDamage> storeDamages = new ArrayList<>();
        for (StoreDamage damage : StoreDamage.values()) {
            if (chance.permille(500)) {
                storeDamages.add(damage);
            }
        }
        return new Incidents(
                chance.oneOf(0L, 2 * unitMs, 5 * unitMs, 20 * unitMs),
                chance.oneOf(1L, unitMs, 6 * unitMs),
                chance.permille(400),
                chance.oneOf(0, 0, 0, 500, 900),
                partitions.isEmpty() ? 0 : chance.oneOf(0L, 3 * unitMs, 10 * unitMs),
                chance.oneOf(unitMs, 8 * unitMs),
                partitions,
                chance.oneOf(0L, 0L, 5 * unitMs, 20 * unitMs),
                chance.oneOf(unitMs / 2, 5 * unitMs),
                chance.permille(300),
                chance.oneOf(0L, 0L, 4 * unitMs, 15 * unitMs),
                chance.oneOf(0L, 0L, 10 * unitMs),
                chance.oneOf(0L, 0L, 10 * unitMs),
                chance.oneOf(0L, 0L, 10 * unitMs),
                chance.oneOf(0L, 0L, 0L, 15 * unitMs),
                storeDamages.isEmpty() ? 0 : chance.oneOf(0L, 0L, 10 * unitMs),
                storeDamages,
                chance.oneOf(0L, 0L, 0L, 20 * unitMs),
                !chance.permille(50));
    }

    private static Load drawLoad(Chance chance, Tuning tuning, int calmness) {
        boolean oneShot = chance.permille(150);
        return new Load(
                (int) chance.between(1, 6),
                (int) chance.between(1, 8),
                (int) chance.between(1, 8),
                chance.oneOf(0, 20, 20, 60),
                calmness * chance.between(0, tuning.heartbeatMs),
                chance.oneOf(0, 20, 300),
                chance.between(tuning.electionTimeoutMs / 2, 4 * tuning.electionTimeoutMs),
                chance.oneOf(0, 0, 20, 200),
                oneShot,
                oneShot ? 0 : chance.oneOf(0, 0, 50, 300));
    }

    RaftSettings settingsOf(NodeId self, List<NodeId> all, long readLeaseMs) {
        return new RaftSettings(
                self,
                Configuration.ofVoters(all),
                tuning.electionTimeoutMs,
                tuning.heartbeatMs,
                tuning.tickMs,
                tuning.entriesPerAppend,
                tuning.bytesPerAppend,
                tuning.inflight,
                tuning.uncommittedBytes,
                1_000,
                tuning.snapshotEntries,
                100_000,
                tuning.retainedEntries,
                tuning.chunkBytes,
                load.oneShot ? 5 : tuning.sessions,
                readLeaseMs);
    }
}
