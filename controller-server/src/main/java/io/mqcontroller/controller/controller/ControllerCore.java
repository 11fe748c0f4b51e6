package io.mqcontroller.controller.controller;

import com.google.protobuf.InvalidProtocolBufferException;
import io.mqcontroller.controller.controller.history.HistoryEvent;
import io.mqcontroller.controller.controller.history.HistoryWriter;
import io.mqcontroller.controller.controller.replication.Consensus;
import io.mqcontroller.controller.controller.replication.DecisionLog;
import io.mqcontroller.controller.controller.replication.RecentStates;
import io.mqcontroller.controller.controller.replication.ReplicatedState;
import io.mqcontroller.controller.controller.replication.SnapshotCodec;
import io.mqcontroller.controller.controller.replication.StateCheckpoint;
import io.mqcontroller.controller.controller.replication.UnreadableRecordException;
import io.mqcontroller.controller.controller.service.ConnectionId;
import io.mqcontroller.controller.controller.service.ControllerObserver;
import io.mqcontroller.controller.controller.service.ControllerService;
import io.mqcontroller.controller.controller.service.ControllerView;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.controller.service.RoleNotifier;
import io.mqcontroller.controller.liveness.Heard;
import io.mqcontroller.controller.liveness.HeartbeatRelay;
import io.mqcontroller.controller.liveness.HeartbeatReport;
import io.mqcontroller.controller.liveness.ReplicaKey;
import io.mqcontroller.controller.liveness.ReplicaLiveness;
import io.mqcontroller.controller.metadata.ElectionPolicy;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.MetadataRecord;
import io.mqcontroller.controller.metadata.Refusal;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.NodeId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The controller without its thread: takes in what happened, decides, and asks {@link Consensus} to replicate. Knows no clock, no
 * thread and no socket, so the same code runs in production and in a simulation.
 *
 * <p>What drives it (production: {@link ControllerLoop}; a simulation in its place) brings it four kinds of things, all through
 * {@link #turn}: what callers ask, made into events by a {@link LoopService}; closed connections, by the same; what Raft says
 * ({@link ControllerEvent.Committed}, {@code ProposalSettled}, {@code ReadSettled}, {@code Leading}, {@code Following}, {@code
 * Capture}, {@code Restore}), in Raft's order; and time. A turn is due at {@link #nextDueMs} even if nothing happens. What it
 * has to say to agents and brokers by itself goes to the {@link RoleNotifier}.
 */
public final class ControllerCore {
    /** Capability of controllers that know the record of a group's weakest rule; the others stop when they read it. */
    public static final String KNOWS_ACK_RULE = "records-5";

    private static final Logger LOG = LoggerFactory.getLogger(ControllerCore.class);
    private static final long VIEW_INTERVAL_MS = 1_000;
    private static final long MEND_INTERVAL_MS = 100;
    private static final long CONFLICT_LOG_INTERVAL_MS = 60_000;
    private static final int MAX_RELAYED_AT_ONCE = 500;
    private static final int RECENT_STATES = 64;

    private final ControllerSettings settings;
    private final Consensus consensus;
    private final ControllerObserver observer;
    private final LoopClock clock;
    private final DecisionLog log;
    private final ReplicaLiveness liveness;
    private final HeartbeatRelay relay;
    private final MasterLeases leases;
    private final AgentStatuses agents = new AgentStatuses();
    private final SwitchOvers switchOvers;
    private final Drains drains;
    private final PreferredMasters preferredMasters;
    private final Elections elections;
    private final UseCases useCases;
    private final RoleAnnouncer announcer;
    private final HistoryWriter history;
    private final RecentStates recentStates = new RecentStates(RECENT_STATES);
    private ControllerView view = ControllerView.EMPTY;
    private long viewDueMs = Long.MIN_VALUE;

    /** Whether this member has heard of a leader since it started. */
    private boolean hasFollowed;

    private long relayDueMs = Long.MIN_VALUE;
    private long mendDueMs = Long.MAX_VALUE;
    /** Decisions are made again, but the elections that were not taken have not been looked at. */
    private boolean electionsAreDue;

    private long conflictLogDueMs = Long.MIN_VALUE;

    /** @param policy who may become master, until {@link ControllerEvent.PolicyChanged} */
    public ControllerCore(
            ControllerSettings settings,
            Consensus consensus,
            ElectionPolicy policy,
            RoleNotifier notifier,
            ControllerObserver observer) {
        this(settings, consensus, policy, notifier, observer, event -> {});
    }

    /**
     * @param policy who may become master, until {@link ControllerEvent.PolicyChanged}
     * @param history gets what changes, for people; must return at once, and not throw
     */
    public ControllerCore(
            ControllerSettings settings,
            Consensus consensus,
            ElectionPolicy policy,
            RoleNotifier notifier,
            ControllerObserver observer,
            Consumer<HistoryEvent> history) {
        this.settings = settings;
        this.consensus = consensus;
        this.observer = observer;
        clock = new LoopClock(settings.stallMs());
        log = new DecisionLog(consensus, observer, settings.maxInflightProposals(), settings.maxBatchRecords());
        liveness = new ReplicaLiveness(consensus.self(), settings.liveness());
        relay = new HeartbeatRelay(consensus.self(), liveness);
        leases = new MasterLeases(settings.lease(), () -> consensus.allKnow(KNOWS_ACK_RULE));
        elections = new Elections(settings, clock, log, liveness, leases, policy, observer);
        switchOvers = new SwitchOvers(clock, log, liveness, agents, observer);
        drains = new Drains(clock, log, switchOvers, observer);
        preferredMasters = new PreferredMasters(settings.preferredMasterHoldMs(), clock, log, liveness, switchOvers);
        useCases =
                new UseCases(settings, clock, log, liveness, elections, leases, agents, switchOvers, drains, observer);
        announcer = new RoleAnnouncer(notifier, liveness);
        this.history = new HistoryWriter(history);
    }

    /**
     * One turn: takes in these events, in order, then what is due, then sends out what was decided.
     *
     * @param monotonicMs never less than in the turn before
     * @throws UnreadableRecordException if this member cannot follow the log any further and must stop
     */
    public void turn(long monotonicMs, List<ControllerEvent> events) {
        if (clock.advanceTo(monotonicMs)) {
            LOG.warn("event=loop_stalled effect=\"brokers get the time back\" now_ms={}", monotonicMs);
        }
        for (ControllerEvent event : events) {
            guarded("event", () -> on(event));
        }
        // After the events, so that heartbeats that waited in the mailbox count before their senders do not.
        guarded("expiry", this::expire);
        guarded("mending", this::mend);
        guarded("elections", this::electWhereNeeded);
        guarded("switch-overs", this::endSwitchOvers);
        guarded("leases", this::recordLease);
        guarded("relay", this::relayToLeader);
        log.flush();
        guarded("view", this::refreshView);
        observer.onTurn(events.size());
    }

    /** The monotonic time at which a turn is due even if nothing happens. */
    public long nextDueMs() {
        long dueMs = Math.min(liveness.nextDueMs(), Math.min(elections.nextDueMs(), viewDueMs));
        dueMs = Math.min(dueMs, mendDueMs);
        if (mayDecide()) {
            dueMs = Math.min(dueMs, leases.recordDueMs(log.speculative()));
            dueMs = Math.min(dueMs, Math.min(switchOvers.nextDueMs(), drains.nextDueMs()));
            dueMs = Math.min(dueMs, preferredMasters.nextDueMs());
        }
        if (!relay.isEmpty()) {
            dueMs = Math.min(dueMs, relayDueMs);
        }
        return clock.toMonotonic(dueMs);
    }

    /** The controller as it was at its last look, at most about a second ago. */
    public ControllerView view() {
        return view;
    }

    /** The newest state that can be compared with that of other controllers. */
    public StateCheckpoint checkpoint() {
        return recentStates.checkpoint();
    }

    /** The replicated state, for tests and snapshots. */
    public ReplicatedState state() {
        return log.committed();
    }

    /** Work of one kind must not take the loop down with it (nor stop for good): what fails is left out, and said. */
    private void guarded(String task, Runnable work) {
        try {
            work.run();
        } catch (UnreadableRecordException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("event=task_failed task={}", task, e);
            observer.onTaskFailed(task, e);
        }
    }

    private void on(ControllerEvent event) {
        if (event instanceof ControllerEvent.Ask<?, ?> ask) {
            onAsk(ask);
        } else if (event instanceof ControllerEvent.HeartbeatReceived received) {
            onHeartbeat(received.heartbeat());
        } else if (event instanceof ControllerEvent.Committed committed) {
            onCommitted(committed.entries());
        } else if (event instanceof ControllerEvent.ProposalSettled settled) {
            log.onSettled(settled.proposal(), settled.result());
        } else if (event instanceof ControllerEvent.ReadSettled settled) {
            log.onReadSettled(settled.read(), settled.result());
        } else if (event instanceof ControllerEvent.ConnectionClosed closed) {
            onConnectionClosed(closed.connection());
        } else if (event instanceof ControllerEvent.Relayed relayed) {
            onRelayed(relayed);
        } else if (event instanceof ControllerEvent.Leading leading) {
            onLeading(leading.term());
        } else if (event instanceof ControllerEvent.Following following) {
            onFollowing(following.term(), following.leader());
        } else if (event instanceof ControllerEvent.PolicyChanged changed) {
            elections.changePolicy(changed.policy());
        } else if (event instanceof ControllerEvent.Capture capture) {
            ReplicatedState captured = log.committed();
            capture.answer().accept(out -> SnapshotCodec.write(captured, out));
        } else if (event instanceof ControllerEvent.StateAt wanted) {
            wanted.answer().accept(recentStates.upTo(wanted.index()));
        } else if (event instanceof ControllerEvent.SurveyWanted wanted) {
            wanted.answer().accept(new Surveyor(log, liveness, agents).survey());
        } else if (event instanceof ControllerEvent.LivesWanted wanted) {
            wanted.answer().accept(new Surveyor(log, liveness, agents).livesOf(wanted.groups()));
        } else if (event instanceof ControllerEvent.Restore restore) {
            onRestore(restore);
        } else {
            throw new AssertionError("unhandled " + event);
        }
    }

    private <Q, T> void onAsk(ControllerEvent.Ask<Q, T> ask) {
        Consumer<Reply<T>> answer = ask.answer();
        if (!log.isLeading()) {
            answer.accept(new Reply.NotLeader<>(log.leader()));
        } else if (mustRefuse()) {
            if (ask.request() instanceof ControllerService.AgentHeartbeat heartbeat) {
                useCases.hearOnly(heartbeat);
            }
            answer.accept(new Reply.Refused<>(
                    Refusal.OVERLOADED, "too much is waiting to be replicated; nothing was changed, ask again"));
        } else {
            try {
                ask.serveBy(useCases);
            } catch (RuntimeException e) {
                answer.accept(new Reply.Indeterminate<>("internal error: " + e));
                throw e;
            }
        }
    }

    private boolean mustRefuse() {
        electionsAreDue |= log.mendForReads();
        return log.isBroken() || log.pendingReplies() >= settings.maxWaitingAnswers();
    }

    private void onHeartbeat(ControllerService.Heartbeat heartbeat) {
        HeartbeatReport report = new HeartbeatReport(
                heartbeat.group(),
                heartbeat.id(),
                heartbeat.address(),
                heartbeat.epoch(),
                heartbeat.maxOffset(),
                heartbeat.confirmOffset(),
                heartbeat.timeoutMs(),
                heartbeat.priority(),
                heartbeat.connection().value(),
                clock.nowMs());
        hear(report, consensus.self());
        observer.onHeartbeat(false);
        if (!log.isLeading() && log.leader().isPresent()) {
            relay.heard(new ReplicaKey(heartbeat.group(), heartbeat.id()));
        }
    }

    private void hear(HeartbeatReport report, NodeId node) {
        Heard heard = liveness.hear(report, node, clock.nowMs());
        if (heard == Heard.NEWS) {
            elections.mayBeNeeded(report.group());
        } else if (heard == Heard.ID_TAKEN) {
            observer.onHeartbeatRefused("id_taken");
            if (clock.nowMs() >= conflictLogDueMs) {
                conflictLogDueMs = clock.nowMs() + CONFLICT_LOG_INTERVAL_MS;
                ReplicaKey key = new ReplicaKey(report.group(), report.id());
                LOG.warn(
                        "event=broker_id_conflict group={} broker={} kept={} refused={}",
                        key.group(),
                        key.id(),
                        liveness.addressOf(key),
                        report.address());
            }
        } else if (heard == Heard.TABLE_FULL) {
            observer.onHeartbeatRefused("table_full");
        }
    }

    private void onConnectionClosed(ConnectionId connection) {
        liveness.closed(consensus.self(), connection.value(), clock.nowMs());
        if (!log.isLeading() && log.leader().isPresent()) {
            relay.closed(connection.value());
        }
    }

    private void onRelayed(ControllerEvent.Relayed relayed) {
        if (!log.isLeading()) {
            return;
        }
        try {
            RelayCodec.Relay content = RelayCodec.decode(relayed.payload(), clock.nowMs());
            for (HeartbeatReport report : content.heartbeats()) {
                hear(report, relayed.from());
                observer.onHeartbeat(true);
            }
            for (long connection : content.closed()) {
                liveness.closed(relayed.from(), connection, clock.nowMs());
            }
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            LOG.warn("event=relay_unreadable from={} reason=\"{}\"", relayed.from(), e.getMessage());
        }
    }

    private void onCommitted(List<Entry> entries) {
        List<DecisionLog.Effect> effects;
        try {
            effects = log.onCommitted(entries);
        } catch (UnreadableRecordException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new UnreadableRecordException("a committed record does not fit the state: " + e.getMessage(), e);
        }
        for (DecisionLog.Effect effect : effects) {
            recentStates.add(effect.index(), effect.after());
            // What comes before any leader was heard of is this member's own log, read back.
            history.committed(effect, !effect.own() && !hasFollowed, (group, found) -> elections
                    .stories()
                    .committed(group, found, clock.nowMs()));
            effect.records().forEach(record -> onEffect(record, effect.own()));
        }
    }

    private void onEffect(MetadataRecord record, boolean own) {
        if (record instanceof MetadataRecord.MasterChanged changed) {
            onMasterChanged(changed, own);
        } else if (record instanceof MetadataRecord.SyncStateSetChanged changed && own) {
            observer.onSyncStateSetAltered(changed.group());
            log.committed().metadata().group(changed.group()).ifPresent(announcer::announceToAgents);
        } else if (record instanceof MetadataRecord.ReplicasRemoved removed) {
            removed.ids().forEach(id -> liveness.forget(new ReplicaKey(removed.group(), id)));
            elections.mayBeNeeded(removed.group());
            LOG.info("event=replicas_removed group={} brokers={}", removed.group(), removed.ids());
        } else if (record instanceof MetadataRecord.ReplicaDrained drained) {
            LOG.info(
                    "event=replica_drained group={} broker={} drained={}",
                    drained.group(),
                    drained.id(),
                    drained.drained());
            drains.onChanged(drained.group());
        } else if (record instanceof MetadataRecord.WeakestAckRuleChanged changed) {
            LOG.info("event=weakest_ack_rule_recorded group={} rule={}", changed.group(), changed.rule());
        } else if (record instanceof MetadataRecord.MasterLeaseChanged changed) {
            LOG.info("event=master_lease_recorded lease_ms={}", changed.leaseMs());
        } else if (record instanceof MetadataRecord.GroupRemoved removed) {
            forgetGroup(removed.group());
            LOG.info("event=group_removed group={} kept={}", removed.group(), removed.tombstone());
        }
    }

    private void forgetGroup(GroupKey group) {
        elections.stories().notNeeded(group);
        leases.forget(group);
        switchOvers.forget(group);
        liveness.view(group, clock.nowMs())
                .reports()
                .keySet()
                .forEach(id -> liveness.forget(new ReplicaKey(group, id)));
    }

    private void onMasterChanged(MetadataRecord.MasterChanged changed, boolean own) {
        if (!own) {
            // What comes before any leader was heard of is this member's own log, read back: old news.
            if (hasFollowed) {
                announcer.remember(changed.group(), clock.nowMs());
            }
            return;
        }
        LOG.info(
                "event=master_changed group={} master={} masterEpoch={} syncStateSet={} syncStateSetEpoch={} reason={} unclean={}",
                changed.group(),
                changed.master().map(Object::toString).orElse("none"),
                changed.masterEpoch(),
                changed.syncStateSet().describeMembers(),
                changed.syncStateSet().epoch(),
                changed.reason(),
                changed.unclean());
        observer.onElection(changed.group(), changed.reason(), changed.master(), changed.unclean());
        log.committed().metadata().group(changed.group()).ifPresent(announcer::announce);
        switchOvers.onMasterChanged(changed);
    }

    private void onLeading(long term) {
        log.onLeading(term);
        relay.clear();
        log.committed().metadata().groups().forEach((key, group) -> liveness.presumeAlive(group, clock.nowMs()));
        elections.onLeading();
        history.leaderChanged(consensus.self(), term);
        switchOvers.onLeading(term);
        drains.onLeading();
        announcer.leads(consensus.self());
        announcer.repeatRecent(log.committed().metadata(), clock.nowMs());
        viewDueMs = clock.nowMs();
        LOG.info(
                "event=deciding term={} groups={}",
                term,
                log.committed().metadata().groups().size());
    }

    private void onFollowing(long term, Optional<NodeId> leader) {
        boolean wasLeading = log.isLeading();
        boolean sameLeader = !wasLeading && log.leader().equals(leader);
        log.onFollowing(leader);
        if (wasLeading) {
            elections.onFollowing();
            switchOvers.onFollowing();
            drains.onFollowing();
            preferredMasters.onFollowing();
            agents.clear();
            LOG.info("event=deciding_ended leader={}", leader.map(NodeId::value).orElse("unknown"));
        }
        hasFollowed |= leader.isPresent();
        if (leader.isPresent() && !sameLeader) {
            history.leaderChanged(leader.get(), term);
            announcer.leads(leader.get());
        }
        if (leader.isEmpty()) {
            relay.clear();
        } else if (!sameLeader) {
            relay.startOver();
        }
        viewDueMs = clock.nowMs();
    }

    private void onRestore(ControllerEvent.Restore restore) {
        try {
            log.restore(SnapshotCodec.read(restore.content()));
            recentStates.restore(log.committed());
            viewDueMs = clock.nowMs();
            restore.answer().accept(null);
        } catch (IOException | RuntimeException e) {
            restore.answer().accept(e);
        }
    }

    private void expire() {
        for (ReplicaKey key : liveness.expire(clock.nowMs())) {
            boolean registered = log.speculative()
                    .group(key.group())
                    .map(group -> group.has(key.id()))
                    .orElse(false);
            if (!registered) {
                liveness.forget(key);
            } else if (log.isLeading()) {
                LOG.info("event=replica_dead group={} broker={}", key.group(), key.id());
                elections.mayBeNeeded(key.group());
            }
        }
    }

    private void mend() {
        if (!log.isLeading() || !log.isBroken() && !electionsAreDue) {
            mendDueMs = Long.MAX_VALUE;
            electionsAreDue = false;
        } else if (mendDueMs == Long.MAX_VALUE) {
            mendDueMs = clock.nowMs() + MEND_INTERVAL_MS;
        } else if (clock.nowMs() >= mendDueMs) {
            mendDueMs = clock.nowMs() + MEND_INTERVAL_MS;
            electionsAreDue |= log.mend();
            if (electionsAreDue && !log.isBroken()) {
                electionsAreDue = false;
                elections.mayBeNeededAnywhere();
            }
        }
    }

    private void electWhereNeeded() {
        if (log.isLeading()) {
            elections.reconcile();
        }
    }

    private boolean mayDecide() {
        return log.isLeading() && !log.isBroken();
    }

    private void endSwitchOvers() {
        if (mayDecide()) {
            switchOvers.expire();
            drains.advance();
            preferredMasters.advance();
        }
    }

    private void recordLease() {
        if (mayDecide()) {
            List<MetadataRecord> records = leases.dueRecords(log.speculative(), clock.nowMs());
            if (!records.isEmpty()) {
                log.append(records);
            }
        }
    }

    private void relayToLeader() {
        if (relay.isEmpty() || log.isLeading() || log.leader().isEmpty()) {
            return;
        }
        if (clock.nowMs() < relayDueMs && !relay.hasCloses()) {
            return;
        }
        relayDueMs = clock.nowMs() + settings.relayIntervalMs();
        while (!relay.isEmpty()) {
            List<HeartbeatReport> heartbeats = relay.takeHeartbeats(MAX_RELAYED_AT_ONCE);
            // The closes go last: they undo what the heartbeats before them say.
            List<Long> closed = heartbeats.size() < MAX_RELAYED_AT_ONCE ? relay.takeClosed() : List.of();
            consensus.sendApplication(
                    log.leader().get(), RelayCodec.encode(new RelayCodec.Relay(heartbeats, closed), clock.nowMs()));
        }
    }

    private void refreshView() {
        if (clock.nowMs() >= viewDueMs) {
            viewDueMs = clock.nowMs() + VIEW_INTERVAL_MS;
            view = ViewBuilder.build(log, liveness, agents, clock.nowMs());
        }
    }
}
