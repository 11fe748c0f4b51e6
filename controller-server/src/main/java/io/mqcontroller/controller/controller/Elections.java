package io.mqcontroller.controller.controller;

import io.mqcontroller.controller.controller.history.ElectionStories;
import io.mqcontroller.controller.controller.replication.DecisionLog;
import io.mqcontroller.controller.controller.service.ConnectionId;
import io.mqcontroller.controller.controller.service.ControllerObserver;
import io.mqcontroller.controller.controller.service.ControllerService;
import io.mqcontroller.controller.controller.service.ControllerService.Elected;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.controller.service.RoleView;
import io.mqcontroller.controller.liveness.ReplicaKey;
import io.mqcontroller.controller.liveness.ReplicaLiveness;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.Decision;
import io.mqcontroller.controller.metadata.ElectionPolicy;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.LivenessView;
import io.mqcontroller.controller.metadata.MetadataRecord;
import io.mqcontroller.controller.metadata.Refusal;
import io.mqcontroller.controller.metadata.Replica;
import io.mqcontroller.controller.metadata.decide.ElectMaster;
import io.mqcontroller.controller.metadata.decide.ElectMaster.Election;
import io.mqcontroller.controller.metadata.decide.EligibilityReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who gets elected when. Level-triggered: "the recorded master is not alive, and somebody is eligible" is acted on at every
 * event that may have made it true, and again until it is solved; nothing depends on one message arriving.
 */
final class Elections {
    private static final Logger LOG = LoggerFactory.getLogger(Elections.class);

    /** A new master may ask for itself before it has heard that it was elected. */
    private static final long CROSSING_MS = 1_000;

    private final ControllerSettings settings;
    private final LoopClock clock;
    private final DecisionLog log;
    private final ReplicaLiveness liveness;
    private final MasterLeases leases;
    private final Adoption adoption;
    private final ControllerObserver observer;
    private final Map<GroupKey, GroupWatch> watches = new HashMap<>();
    private final Set<GroupKey> dirty = new LinkedHashSet<>();
    private final Timers timers = new Timers();
    private final ElectionStories stories = new ElectionStories();
    private final LineBudget troubleLines = new LineBudget(20, 1_000);
    private ElectionPolicy policy;

    Elections(
            ControllerSettings settings,
            LoopClock clock,
            DecisionLog log,
            ReplicaLiveness liveness,
            MasterLeases leases,
            ElectionPolicy policy,
            ControllerObserver observer) {
        this.settings = settings;
        this.clock = clock;
        this.log = log;
        this.liveness = liveness;
        this.leases = leases;
        adoption = new Adoption(clock, log, liveness, observer);
        this.policy = policy;
        this.observer = observer;
    }

    GroupWatch watch(GroupKey group) {
        return watches.computeIfAbsent(group, key -> new GroupWatch());
    }

    /** Something happened that may call for an election in this group. */
    void mayBeNeeded(GroupKey group) {
        dirty.add(group);
    }

    void mayBeNeededAnywhere() {
        log.speculative().groups().forEach((key, group) -> dirty.add(key));
    }

    void changePolicy(ElectionPolicy newPolicy) {
        policy = newPolicy;
        mayBeNeededAnywhere();
    }

    /** A new leadership begins, knowing nothing of what the last one was in the middle of. */
    void onLeading() {
        onFollowing();
        leases.onLeading(log.speculative(), clock.nowMs());
        log.speculative().groups().forEach((key, group) -> {
            dirty.add(key);
            if (!group.everElected() && Adoption.isAdopted(group)) {
                holdFirstElectionLater(key);
            }
        });
    }

    /** What was asked for here cannot be answered here any more. */
    void onFollowing() {
        for (GroupWatch watch : watches.values()) {
            watch.parked.forEach(parked -> parked.answer().accept(new Reply.NotLeader<>(log.leader())));
        }
        watches.clear();
        stories.clear();
        dirty.clear();
        timers.clear();
        leases.onFollowing();
    }

    long nextDueMs() {
        return timers.nextDueMs();
    }

    /** A replica was adopted: others may hold newer data and are given time to show up. */
    void onAdopted(GroupKey group) {
        if (watch(group).firstElectionDueMs == GroupWatch.NEVER) {
            holdFirstElectionLater(group);
        }
    }

    private void holdFirstElectionLater(GroupKey group) {
        long dueMs = clock.nowMs() + settings.firstElectionWaitMs();
        watch(group).firstElectionDueMs = dueMs;
        timers.at(dueMs, group);
    }

    /** The recorded master shows that it restarted. */
    void onMasterRestarted(BrokerGroup group, BrokerId id, String address, ConnectionId connection) {
        liveness.restart(new ReplicaKey(group.key(), id), address, connection.value(), clock.nowMs());
        watch(group.key()).restarted(group, id);
        LOG.info(
                "event=master_restarted group={} broker={} address={} masterEpoch={}",
                group.key(),
                id,
                address,
                group.masterEpoch());
    }

    /** Looks at every group of which something was heard. Called at the end of each turn. */
    void reconcile() {
        timers.fire(clock.nowMs(), dirty::add);
        if (dirty.isEmpty() || log.isBroken()) {
            return;
        }
        List<GroupKey> due = new ArrayList<>(dirty);
        dirty.clear();
        for (GroupKey key : due) {
            try {
                log.speculative().group(key).ifPresent(this::reconcile);
            } catch (RuntimeException e) {
                LOG.error("event=election_failed group={}", key, e);
                observer.onTaskFailed("election", e);
            }
        }
    }

    private void reconcile(BrokerGroup group) {
        GroupWatch watch = watch(group.key());
        watch.mayStay();
        if (group.everElected()) {
            need(group, watch).ifPresent(decision -> act(group, decision));
        } else if (watch.firstElectionDueMs != GroupWatch.NEVER && clock.nowMs() >= watch.firstElectionDueMs) {
            BrokerGroup whole = adoption.adoptHeard(group);
            act(whole, ElectMaster.first(whole, viewOf(whole), policy));
        }
        List<GroupWatch.Parked> parked = List.copyOf(watch.parked);
        watch.parked.clear();
        parked.forEach(this::attempt);
    }

    /** What an elected group needs now; empty while its master is on its way through a restart. */
    private Optional<Decision<Election>> need(BrokerGroup group, GroupWatch watch) {
        LivenessView live = viewOf(group);
        if (watch.awaitsRanking(group)) {
            ReplicaKey master = new ReplicaKey(group.key(), group.master().orElseThrow());
            if (live.isAlive(master.id())) {
                return Optional.of(ElectMaster.afterRestart(group, live, policy));
            }
            if (liveness.isRestarting(master)) {
                return Optional.empty();
            }
            watch.giveUpRestart();
        }
        return Optional.of(watch.heirOf(group)
                .map(heir -> ElectMaster.handedOver(group, live, policy, heir))
                .orElseGet(() -> ElectMaster.byNeed(group, live, policy)));
    }

    /** Whether the state of things calls for another master than the recorded one, now or when its lease has run out. */
    boolean wouldReplaceMaster(BrokerGroup group) {
        return ElectMaster.byNeed(group, viewOf(group), policy) instanceof Decision.Accepted<Election> accepted
                && !accepted.records().isEmpty();
    }

    /** Somebody asks for an election. */
    void elect(ControllerService.ElectMaster request, Consumer<Reply<Elected>> answer) {
        attempt(new GroupWatch.Parked(request, answer, clock.nowMs() + settings.heartbeatWaitMs()));
    }

    private void attempt(GroupWatch.Parked asked) {
        ControllerService.ElectMaster request = asked.request();
        Consumer<Reply<Elected>> answer = asked.answer();
        Optional<BrokerGroup> found = log.speculative().group(keyOf(request));
        if (found.isEmpty()) {
            refuse(
                    answer,
                    Refusal.UNKNOWN_GROUP,
                    "group " + keyOf(request) + " is not known; brokers must register first");
            return;
        }
        BrokerGroup group = found.get();
        if (request.designate() && request.requester().isPresent()) {
            act(
                    group,
                    ElectMaster.designated(
                            group, viewOf(group), policy, request.requester().get()),
                    asked);
        } else if (request.requester().isEmpty()) {
            electByNeed(group, asked);
        } else if (!group.has(request.requester().get())) {
            refuse(
                    answer,
                    Refusal.UNKNOWN_REPLICA,
                    "replica " + request.requester().get() + " of " + group.key() + " is not registered");
        } else {
            electForReplica(group, asked);
        }
    }

    private void electByNeed(BrokerGroup group, GroupWatch.Parked asked) {
        if (!group.everElected()) {
            refuse(
                    asked.answer(),
                    Refusal.NO_ELIGIBLE_REPLICA,
                    group.key() + " has never had a master; its first election is for a registered replica to ask for");
            return;
        }
        Optional<Decision<Election>> need = need(group, watch(group.key()));
        if (need.isPresent()) {
            act(group, need.get(), asked);
        } else {
            refuse(asked.answer(), Refusal.NO_ELIGIBLE_REPLICA, whyRestartWaits(group));
        }
    }

    /** A replica asks for itself: it has no role, and counts as alive. */
    private void electForReplica(BrokerGroup group, GroupWatch.Parked asked) {
        ControllerService.ElectMaster request = asked.request();
        Replica replica = group.replicas().get(request.requester().get());
        ReplicaKey key = new ReplicaKey(group.key(), replica.id());
        if (group.isMaster(replica.id()) && !watch(group.key()).awaitsRanking(group)) {
            if (clock.nowMs() - watch(group.key()).electedAtMs <= CROSSING_MS
                    && liveness.isAlive(group.key(), replica.id())) {
                act(group, Decision.noChange(new Election(group, false)), asked);
                return;
            }
            onMasterRestarted(
                    group, replica.id(), replica.address(), request.group().connection());
        }
        boolean mayWait = clock.nowMs() < asked.untilMs();
        if (!liveness.isAlive(key.group(), key.id()) && !(liveness.isRestarting(key) && mayWait)) {
            liveness.introduce(
                    key, replica.address(), request.group().connection().value(), false, clock.nowMs());
        }
        if (mayWait && !liveness.hasReported(key) && !adoption.isAlone(group)) {
            park(group, asked);
        } else if (group.everElected()) {
            electInElected(group, asked);
        } else {
            electFirst(group, asked);
        }
    }

    private void electInElected(BrokerGroup group, GroupWatch.Parked asked) {
        Optional<Decision<Election>> need = need(group, watch(group.key()));
        if (need.isPresent()) {
            act(group, need.get(), asked);
        } else if (clock.nowMs() < asked.untilMs()) {
            park(group, asked);
        } else {
            refuse(asked.answer(), Refusal.NO_ELIGIBLE_REPLICA, whyRestartWaits(group));
        }
    }

    /**
     * Nobody knows which replica was master before: where replicas hold data, the longest log should win and not the first
     * caller, so others get time to show up.
     */
    private void electFirst(BrokerGroup group, GroupWatch.Parked asked) {
        LivenessView live = viewOf(group);
        boolean holdsData = live.reports().values().stream().anyMatch(r -> r.alive() && r.holdsData());
        GroupWatch watch = watch(group.key());
        if (holdsData && !adoption.isAlone(group) && watch.firstElectionDueMs == GroupWatch.NEVER) {
            holdFirstElectionLater(group.key());
        }
        if (holdsData && clock.nowMs() < watch.firstElectionDueMs) {
            refuse(
                    asked.answer(),
                    Refusal.NO_ELIGIBLE_REPLICA,
                    "replicas of " + group.key() + " hold data from before; its first election waits "
                            + (watch.firstElectionDueMs - clock.nowMs()) + " ms more for others with newer data");
            return;
        }
        act(group, ElectMaster.first(group, live, policy), asked);
    }

    private void park(BrokerGroup group, GroupWatch.Parked asked) {
        watch(group.key()).parked.add(asked);
        timers.at(asked.untilMs(), group.key());
    }

    /** Carries out what the controller decided by itself. */
    private void act(BrokerGroup group, Decision<Election> decision) {
        if (decision instanceof Decision.Accepted<Election> accepted) {
            tellStory(group, accepted);
            if (!accepted.records().isEmpty() && !isHeldUp(group, accepted)) {
                log.append(accepted.records());
                note(accepted.result().group());
            }
        } else {
            noteNobody(group);
        }
    }

    /** Whether the election must wait for the lease of the master that it replaces; it is looked at again when that is over. */
    private boolean isHeldUp(BrokerGroup group, Decision.Accepted<Election> election) {
        MetadataRecord.MasterChanged change =
                (MetadataRecord.MasterChanged) election.records().get(0);
        OptionalLong untilMs = leases.holdsUpUntilMs(change, clock.nowMs());
        if (untilMs.isPresent() && watch(group.key()).isToBeReplaced(group, untilMs.getAsLong())) {
            long waitMs = untilMs.getAsLong() - clock.nowMs();
            timers.at(untilMs.getAsLong(), group.key());
            observer.onElectionHeldUp(group.key(), waitMs);
            LOG.info(
                    "event=election_waits_for_lease group={} master={} masterEpoch={} reason={} wait_ms={}",
                    group.key(),
                    group.master().map(BrokerId::toString).orElse("none"),
                    group.masterEpoch(),
                    change.reason(),
                    waitMs);
        }
        return untilMs.isPresent();
    }

    /** Carries out what somebody asked for, and answers when it holds. */
    private void act(BrokerGroup group, Decision<Election> decision, GroupWatch.Parked asked) {
        Consumer<Reply<Elected>> answer = asked.answer();
        if (decision instanceof Decision.Refused<Election> refused) {
            refuse(answer, refused.refusal(), refused.message());
            return;
        }
        Decision.Accepted<Election> accepted = (Decision.Accepted<Election>) decision;
        BrokerGroup after = accepted.result().group();
        tellStory(group, accepted);
        if (accepted.records().isEmpty()) {
            log.confirm(answer, replyOf(accepted.result()));
            return;
        }
        if (isHeldUp(group, accepted)) {
            watch(group.key()).parked.add(asked);
            return;
        }
        note(after);
        if (after.master().isPresent()) {
            log.append(accepted.records(), answer, replyOf(accepted.result()));
        } else {
            observer.onRefused("electMaster", Refusal.NO_ELIGIBLE_REPLICA);
            log.append(
                    accepted.records(),
                    answer,
                    new Reply.Refused<>(Refusal.NO_ELIGIBLE_REPLICA, EligibilityReport.nobodyIn(group, viewOf(group))));
        }
    }

    private Reply<Elected> replyOf(Election election) {
        return new Reply.Done<>(new Elected(roleView(election.group()), election.changed()));
    }

    private void note(BrokerGroup after) {
        if (after.master().isPresent()) {
            watch(after.key()).elected(clock.nowMs());
        } else {
            noteNobody(after);
        }
    }

    private void tellStory(BrokerGroup group, Decision.Accepted<Election> election) {
        if (election.records().isEmpty()) {
            stories.notNeeded(group.key());
        } else {
            stories.needed(group, viewOf(group), clock.nowMs());
        }
    }

    /** How elections that are committed one after the other came about. */
    ElectionStories stories() {
        return stories;
    }

    private void noteNobody(BrokerGroup group) {
        if (group.everElected()) {
            stories.needed(group, viewOf(group), clock.nowMs());
        }
        GroupWatch watch = watch(group.key());
        String trouble = group.syncStateSet().describeMembers() + " at "
                + group.syncStateSet().epoch();
        if (!watch.trouble.equals(trouble)) {
            watch.trouble = trouble;
            String why = EligibilityReport.nobodyIn(group, viewOf(group));
            if (troubleLines.admits(clock.nowMs())) {
                LOG.warn(
                        "event=no_eligible_replica group={} reason=\"{}\" skipped={}",
                        group.key(),
                        why,
                        troubleLines.takeSkipped());
            }
            observer.onNobodyEligible(group.key(), why);
        }
    }

    private void refuse(Consumer<Reply<Elected>> answer, Refusal refusal, String message) {
        observer.onRefused("electMaster", refusal);
        log.confirm(answer, new Reply.Refused<>(refusal, message));
    }

    private static String whyRestartWaits(BrokerGroup group) {
        return "the master " + group.master().map(BrokerId::toString).orElse("") + " of " + group.key()
                + " is restarting; the election waits for its first heartbeat";
    }

    /** Why this replica can't become master now; empty if it can. */
    String whyNotMaster(BrokerGroup group, BrokerId id) {
        LivenessView live = viewOf(group);
        if (policy.choose(group, live, ElectionPolicy.Ballot.only(id)).isEmpty()) {
            return EligibilityReport.whyNot(group, live, id);
        }
        return group.replicas().get(id).drained() ? "it is being drained" : "";
    }

    /** What is in the way of the election that the group needs; empty if it needs none, or nothing is. */
    String troubleOf(BrokerGroup group) {
        LivenessView live = viewOf(group);
        if (live.isMasterAlive(group)) {
            return "";
        } else if (policy.choose(group, live, ElectionPolicy.Ballot.OPEN).isEmpty()) {
            return EligibilityReport.nobodyIn(group, live);
        }
        long leaseMs = leases.leftMs(group, clock.nowMs());
        return leaseMs == 0
                ? ""
                : "the master " + group.master().orElseThrow() + " of " + group.key() + " may take writes for "
                        + leaseMs + " ms more by its lease; then somebody else is elected";
    }

    /** The group with who is alive now. */
    RoleView roleView(BrokerGroup group) {
        return RoleViews.of(group, liveness);
    }

    private LivenessView viewOf(BrokerGroup group) {
        return liveness.view(group.key(), clock.nowMs());
    }

    private static GroupKey keyOf(ControllerService.ElectMaster request) {
        return new GroupKey(
                request.group().cluster().orElseThrow(), request.group().brokerName());
    }
}
