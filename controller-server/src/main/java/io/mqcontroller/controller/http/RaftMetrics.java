package io.mqcontroller.controller.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.core.RaftStatus.FollowerStatus;
import io.mqcontroller.raft.core.Rejection;
import io.mqcontroller.raft.core.RoleName;
import io.mqcontroller.raft.core.SnapshotMetadata;
import io.mqcontroller.raft.node.ProposalResult;
import io.mqcontroller.raft.node.RaftListener;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** What Raft does, as metrics. */
public final class RaftMetrics implements RaftListener {
    private final Metrics metrics;
    private final Timer syncs;
    private final Counter syncedEntries;
    private final Timer commits;
    private final Map<Rejection, Counter> refused = new EnumMap<>(Rejection.class);
    private final Counter unknown;
    private final Counter mailboxFull;
    private final Counter turns;
    private final Counter events;
    private final Counter leaderChanges;
    private final Timer snapshotsTaken;
    private final Counter snapshotsInstalled;
    private final ApacheNames apache;
    /** Only the Raft thread reads and writes it. */
    private Optional<NodeId> leader = Optional.empty();

    public RaftMetrics(Metrics metrics) {
        this(metrics, ApacheNames.NONE);
    }

    public RaftMetrics(Metrics metrics, ApacheNames apache) {
        this.apache = apache;
        this.metrics = metrics;
        this.syncs = metrics.timer("fsync.duration", "Time of one synced write to the Raft log.");
        this.syncedEntries = metrics.counter("synced.entries", "Entries that synced writes have made durable.");
        this.commits =
                metrics.timer("commit.duration", "Time from a proposal made here until it was committed and applied.");
        for (Rejection reason : Rejection.values()) {
            refused.put(reason, failed(reason.name().toLowerCase(Locale.ROOT)));
        }
        this.unknown = failed("unknown_outcome");
        this.mailboxFull =
                metrics.counter("raft.mailbox.full", "Refusals because too much waited for the Raft thread.");
        this.turns = metrics.counter("raft.turns", "Turns of the Raft thread.");
        this.events = metrics.counter("raft.events", "Events that the turns of the Raft thread took in.");
        this.leaderChanges =
                metrics.counter("leader.changes", "How often this controller saw another leader than before.");
        this.snapshotsTaken = metrics.timer("snapshot.duration", "Time to take a snapshot and make it durable.");
        this.snapshotsInstalled = metrics.counter("snapshots.installed", "Snapshots taken over from a leader.");
    }

    /**
     * Adds what can be read off the node's status. The series of each other member come and go with the configuration.
     */
    public void watch(Supplier<RaftStatus> status) {
        gauge(
                "has.leader",
                "Whether this controller knows a leader (1) or not (0).",
                status,
                s -> s.leader().isPresent() ? 1 : 0);
        gauge(
                "is.leader",
                "Whether this controller leads and may decide (1) or not (0).",
                status,
                s -> s.role() == RoleName.LEADER && s.ready() ? 1 : 0);
        gauge("term", "Raft's current term.", status, RaftStatus::term);
        gauge("commit.index", "Newest entry of the Raft log known to be committed.", status, RaftStatus::commitIndex);
        gauge("applied.index", "Newest entry of the Raft log that took effect here.", status, RaftStatus::appliedIndex);
        gauge("last.index", "Newest entry of the Raft log here.", status, s -> s.last()
                .index());
        gauge("durable.index", "Newest entry of the Raft log that is on disk here.", status, RaftStatus::durableIndex);
        gauge("snapshot.index", "Last entry that the newest snapshot covers.", status, s -> s.snapshot()
                .index());
        gauge(
                "store.recovering",
                "Whether the store was damaged and is being filled from the leader (1): no vote meanwhile.",
                status,
                s -> s.health().recovering() ? 1 : 0);
        gauge(
                "disk.impaired",
                "Whether the disk is slow or full (1), so that another controller should lead.",
                status,
                s -> s.health().impaired() ? 1 : 0);
        metrics.gauge("uncommitted", "bytes", "Size of entries that are not committed yet.", status, s -> s.get()
                .uncommittedBytes());
        metrics.gauge(
                "cluster.voters",
                "",
                "Controllers whose majority decides, by the configuration in force here.",
                status,
                s -> s.get().configuration().voters().size());
        metrics.gauge(
                "cluster.learners",
                "",
                "Controllers that get the log and do not vote, by the configuration in force here.",
                status,
                s -> s.get().configuration().learners().size());
        MultiGauge lag = metrics.multiGauge(
                "follower.lag.entries",
                "",
                "Entries that the leader has and this follower has not; only on the leader.");
        MultiGauge lagTime = metrics.multiGauge(
                "follower.lag",
                "seconds",
                "Time since what this follower holds was the leader's whole log; 0 if it still is; only on the leader.");
        MultiGauge inflight = metrics.multiGauge(
                "follower.inflight", "", "Messages to this follower that it has not answered yet; only on the leader.");
        metrics.beforeEachPage(() -> {
            RaftStatus now = status.get();
            lag.register(ofEachFollower(now, f -> now.last().index() - f.matchIndex()), true);
            lagTime.register(ofEachFollower(now, follower -> follower.lagMs() / 1_000.0), true);
            inflight.register(ofEachFollower(now, FollowerStatus::inflight), true);
        });
    }

    private static List<MultiGauge.Row<?>> ofEachFollower(RaftStatus now, ToDoubleFunction<FollowerStatus> value) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        for (NodeId member : now.configuration().members().keySet()) {
            if (!member.equals(now.self())) {
                rows.add(MultiGauge.Row.of(Tags.of("peer", member.value()), ofFollower(now, member, value)));
            }
        }
        return rows;
    }

    private static double ofFollower(RaftStatus status, NodeId peer, ToDoubleFunction<FollowerStatus> value) {
        return status.followers().stream()
                .filter(follower -> follower.id().equals(peer))
                .mapToDouble(value)
                .findFirst()
                .orElse(Double.NaN);
    }

    private void gauge(String name, String help, Supplier<RaftStatus> status, ToDoubleFunction<RaftStatus> value) {
        metrics.gauge(name, "", help, status, s -> value.applyAsDouble(s.get()));
    }

    private Counter failed(String reason) {
        return metrics.counter(
                "proposals.failed", "Proposals that were not committed, or may not have been.", "reason", reason);
    }

    @Override
    public void onSynced(long durationNanos, int entries) {
        syncs.record(durationNanos, TimeUnit.NANOSECONDS);
        syncedEntries.increment(entries);
    }

    @Override
    public void onCommitted(long durationNanos) {
        commits.record(durationNanos, TimeUnit.NANOSECONDS);
        apache.onCommitted(durationNanos);
    }

    @Override
    public void onNotCommitted(ProposalResult result) {
        if (result instanceof ProposalResult.NotDone notDone) {
            refused.get(notDone.reason()).increment();
        } else {
            unknown.increment();
        }
        apache.onNotCommitted(!(result instanceof ProposalResult.NotDone));
    }

    @Override
    public void onTurn(int eventsOfTurn) {
        turns.increment();
        events.increment(eventsOfTurn);
    }

    @Override
    public void onMailboxFull(String what) {
        mailboxFull.increment();
    }

    @Override
    public void onRoleChanged(RoleName role, long term, Optional<NodeId> newLeader) {
        // A moment without a leader is no change if the same one comes back.
        if (newLeader.isPresent() && !newLeader.equals(leader)) {
            leader = newLeader;
            leaderChanges.increment();
        }
    }

    @Override
    public void onSnapshotTaken(SnapshotMetadata snapshot, long durationNanos) {
        snapshotsTaken.record(durationNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void onSnapshotInstalled(SnapshotMetadata snapshot) {
        snapshotsInstalled.increment();
    }
}
