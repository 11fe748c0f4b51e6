package io.mqcontroller.controller.controller;

import io.mqcontroller.controller.controller.replication.DecisionLog;
import io.mqcontroller.controller.controller.service.AgentRole;
import io.mqcontroller.controller.controller.service.ControllerObserver;
import io.mqcontroller.controller.controller.service.ControllerService.AgentHeartbeat;
import io.mqcontroller.controller.controller.service.LeaseAnswer;
import io.mqcontroller.controller.controller.service.LeaseRefusal;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.liveness.Heard;
import io.mqcontroller.controller.liveness.HeartbeatReport;
import io.mqcontroller.controller.liveness.LeaseSettings;
import io.mqcontroller.controller.liveness.ReplicaKey;
import io.mqcontroller.controller.liveness.ReplicaLiveness;
import io.mqcontroller.controller.metadata.AckRule;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.Fitness;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.MetadataRecord;
import io.mqcontroller.controller.metadata.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Heartbeats of agents on a leader. Each is answered with the group as it is, and if the sender is its master, with a lease:
 * noted down here when the heartbeat is taken in, and handed out when this member has proved, later than that, that it still
 * leads. A lease that is not handed out in the end delays an election, and does no harm.
 */
final class AgentHeartbeats {
    private static final Logger LOG = LoggerFactory.getLogger(AgentHeartbeats.class);

    /** Longer texts come from nobody's configuration. */
    private static final int MAX_TEXT_LENGTH = 255;

    private final LoopClock clock;
    private final DecisionLog log;
    private final ReplicaLiveness liveness;
    private final Elections elections;
    private final MasterLeases leases;
    private final ControllerObserver observer;
    private final AgentStatuses statuses;
    private final SwitchOvers switchOvers;

    AgentHeartbeats(
            LoopClock clock,
            DecisionLog log,
            ReplicaLiveness liveness,
            Elections elections,
            MasterLeases leases,
            AgentStatuses statuses,
            SwitchOvers switchOvers,
            ControllerObserver observer) {
        this.clock = clock;
        this.log = log;
        this.liveness = liveness;
        this.elections = elections;
        this.leases = leases;
        this.statuses = statuses;
        this.switchOvers = switchOvers;
        this.observer = observer;
    }

    /** Takes the heartbeat in and answers it. */
    void answer(AgentHeartbeat heartbeat, Consumer<Reply<LeaseAnswer>> answer) {
        Optional<Reply.Refused<LeaseAnswer>> refused = takeIn(heartbeat);
        if (refused.isPresent()) {
            observer.onRefused("agentHeartbeat", refused.get().refusal());
            log.confirm(answer, refused.get());
            return;
        }
        BrokerGroup group = log.speculative().group(heartbeat.group()).orElseThrow();
        noteResignation(heartbeat, group);
        Optional<LeaseSettings> granted =
                heartbeat.role() == AgentRole.MASTER ? grant(heartbeat, group) : Optional.empty();
        log.confirm(
                answer,
                new Reply.Done<>(new LeaseAnswer(
                        RoleViews.of(group, liveness),
                        granted.map(LeaseSettings::leaseMs).orElse(0L),
                        granted.isPresent() ? heartbeat.ackRule() : ruleCountedOn(group, heartbeat.id()),
                        switchOvers.orderFor(heartbeat))));
    }

    /** The heartbeat counts as a sign of life; or why it does not. */
    Optional<Reply.Refused<LeaseAnswer>> takeIn(AgentHeartbeat heartbeat) {
        GroupKey key = heartbeat.group();
        Optional<BrokerGroup> group = log.speculative().group(key);
        if (group.isEmpty()) {
            return refused(Refusal.UNKNOWN_GROUP, "group " + key + " is not known; its brokers must register first");
        }
        if (!group.get().has(heartbeat.id())) {
            return refused(
                    Refusal.UNKNOWN_REPLICA,
                    "replica " + heartbeat.id() + " of " + key + " is not known; it must register first");
        }
        if (heartbeat.address().isBlank()
                || heartbeat.address().length() > MAX_TEXT_LENGTH
                || heartbeat.haAddress().length() > MAX_TEXT_LENGTH) {
            return refused(
                    Refusal.BAD_REQUEST,
                    "an address must have 1 to " + MAX_TEXT_LENGTH + " characters, the one for copies may be empty");
        }
        Heard heard = liveness.hear(reportOf(heartbeat), log.leader().orElseThrow(), clock.nowMs());
        if (heard == Heard.ID_TAKEN) {
            observer.onHeartbeatRefused("id_taken");
            return refused(
                    Refusal.BROKER_ID_TAKEN,
                    "replica " + heartbeat.id() + " of " + key + " is alive at "
                            + liveness.addressOf(new ReplicaKey(key, heartbeat.id())) + ", so " + heartbeat.address()
                            + " must be a copy of it; give the copy an empty store and identity file");
        }
        if (heard == Heard.TABLE_FULL) {
            observer.onHeartbeatRefused("table_full");
            return refused(Refusal.OVERLOADED, "too many replicas are remembered already");
        }
        if (heard == Heard.NEWS) {
            elections.mayBeNeeded(key);
        }
        leases.onRegisteredFor(key, heartbeat.id(), heartbeat.registeredMs());
        noteMissedMaster(heartbeat, group.get());
        observer.onAgentHeartbeat(statuses.take(heartbeat));
        return Optional.empty();
    }

    /** Counts only of a master that was not heard yet: from all others their own silence and their connections are known. */
    private void noteMissedMaster(AgentHeartbeat heartbeat, BrokerGroup group) {
        boolean follows = heartbeat.role() == AgentRole.SLAVE
                && heartbeat.roleEpoch() == group.masterEpoch()
                && !group.isMaster(heartbeat.id());
        if (heartbeat.masterGone() && follows && group.master().isPresent()) {
            liveness.missed(new ReplicaKey(group.key(), group.master().get()), clock.nowMs());
        }
    }

    private static Optional<Reply.Refused<LeaseAnswer>> refused(Refusal refusal, String message) {
        return Optional.of(new Reply.Refused<>(refusal, message));
    }

    private HeartbeatReport reportOf(AgentHeartbeat heartbeat) {
        return new HeartbeatReport(
                heartbeat.group(),
                heartbeat.id(),
                heartbeat.address(),
                Math.max(heartbeat.lastEpoch(), -1),
                heartbeat.maxOffset(),
                heartbeat.confirmOffset(),
                heartbeat.timeoutMs(),
                heartbeat.priority(),
                heartbeat.connection().value(),
                clock.nowMs(),
                fitnessOf(heartbeat),
                heartbeat.haAddress(),
                heartbeat.knownMasterEpoch());
    }

    private static Fitness fitnessOf(AgentHeartbeat heartbeat) {
        if (heartbeat.learner()) {
            return Fitness.LEARNER;
        }
        // Who hands over is elected again if the other one can't be: it has everything, others may not.
        if (heartbeat.resigns() && heartbeat.handOver().to().isEmpty()) {
            return Fitness.RESIGNED;
        }
        return heartbeat.unfit().isEmpty() ? Fitness.FIT : Fitness.UNFIT;
    }

    /** Counts for the epoch that it names only: under a later one the sender may be taking writes again. */
    private void noteResignation(AgentHeartbeat heartbeat, BrokerGroup group) {
        if (heartbeat.resigns()
                && group.isMaster(heartbeat.id())
                && heartbeat.roleEpoch() == group.masterEpoch()
                && !leases.table().isGivenBack(group)) {
            leases.table().giveBack(group);
            heartbeat.handOver().to().ifPresent(heir -> elections
                    .watch(group.key())
                    .handsOver(group, heir));
            elections.mayBeNeeded(group.key());
            observer.onLeaseGivenBack(group.key());
            LOG.info(
                    "event=master_resigned group={} broker={} masterEpoch={} to={} reason=\"{}\"",
                    group.key(),
                    heartbeat.id(),
                    group.masterEpoch(),
                    heartbeat.handOver().to().map(BrokerId::toString).orElse("anybody"),
                    heartbeat.unfit());
        }
    }

    private Optional<LeaseSettings> grant(AgentHeartbeat heartbeat, BrokerGroup group) {
        Optional<LeaseRefusal> refusal = whyNoLease(heartbeat, group);
        if (refusal.isPresent()) {
            observer.onLeaseRefused(group.key(), refusal.get());
            return Optional.empty();
        }
        // The answer waits until what is decided here is committed.
        List<MetadataRecord> records = leases.recordsFor(group, heartbeat.ackRule(), clock.nowMs());
        if (!records.isEmpty()) {
            log.append(records);
        }
        LeaseSettings length = leases.grantable(log.committed().metadata());
        leases.table().grant(group, heartbeat.ackRule(), length, clock.nowMs());
        observer.onLeaseGranted(group.key());
        return Optional.of(length);
    }

    private Optional<LeaseRefusal> whyNoLease(AgentHeartbeat heartbeat, BrokerGroup group) {
        BrokerId id = heartbeat.id();
        if (!group.isMaster(id)) {
            return Optional.of(LeaseRefusal.NOT_THE_MASTER);
        }
        if (heartbeat.roleEpoch() != group.masterEpoch()) {
            return Optional.of(LeaseRefusal.OTHER_EPOCH);
        }
        if (heartbeat.knownMasterEpoch() > group.masterEpoch()) {
            return Optional.of(LeaseRefusal.NEWER_EPOCH_KNOWN);
        }
        if (!group.replicas().get(id).agent()) {
            return Optional.of(LeaseRefusal.NO_AGENT);
        }
        if (heartbeat.resigns() || leases.table().isGivenBack(group)) {
            return Optional.of(LeaseRefusal.RESIGNED);
        }
        if (heartbeat.learner()) {
            return Optional.of(LeaseRefusal.LEARNER);
        }
        GroupWatch watch = elections.watch(group.key());
        if (watch.awaitsRanking(group)) {
            return Optional.of(LeaseRefusal.RESTARTED);
        }
        if (watch.isBeingReplaced(group) || !heartbeat.unfit().isEmpty() && elections.wouldReplaceMaster(group)) {
            return Optional.of(LeaseRefusal.BEING_REPLACED);
        }
        return Optional.empty();
    }

    /** A weaker rule is agreed to only together with a lease under it, so that an election waits for that one. */
    private AckRule ruleCountedOn(BrokerGroup group, BrokerId id) {
        boolean weaker = group.isMaster(id) && leases.table().isHeldWeakly(group, clock.nowMs());
        return weaker ? AckRule.WEAKER : AckRule.ALL_IN_SYNC;
    }
}
