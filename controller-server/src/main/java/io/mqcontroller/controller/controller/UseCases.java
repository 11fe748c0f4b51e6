package io.mqcontroller.controller.controller;

import io.mqcontroller.controller.controller.replication.DecisionLog;
import io.mqcontroller.controller.controller.service.ConnectionId;
import io.mqcontroller.controller.controller.service.ControllerObserver;
import io.mqcontroller.controller.controller.service.ControllerService;
import io.mqcontroller.controller.controller.service.ControllerService.Elected;
import io.mqcontroller.controller.controller.service.ControllerService.Register;
import io.mqcontroller.controller.controller.service.Drained;
import io.mqcontroller.controller.controller.service.GroupDetails;
import io.mqcontroller.controller.controller.service.GroupRef;
import io.mqcontroller.controller.controller.service.LeaseAnswer;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.controller.service.RoleView;
import io.mqcontroller.controller.liveness.ReplicaKey;
import io.mqcontroller.controller.liveness.ReplicaLiveness;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.ClusterMetadata;
import io.mqcontroller.controller.metadata.Decision;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.LivenessView;
import io.mqcontroller.controller.metadata.Refusal;
import io.mqcontroller.controller.metadata.Replica;
import io.mqcontroller.controller.metadata.decide.AlterSyncStateSet;
import io.mqcontroller.controller.metadata.decide.ApplyBrokerId;
import io.mqcontroller.controller.metadata.decide.CleanBrokers;
import io.mqcontroller.controller.metadata.decide.RegisterBroker;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The use cases on a leader: each decides on the newest state and leaves the answer with the {@link DecisionLog}. */
final class UseCases {
    private static final Logger LOG = LoggerFactory.getLogger(UseCases.class);

    /** Longer names come from nobody's configuration; records stay small. */
    private static final int MAX_TEXT_LENGTH = 255;

    private static final int MAX_IDS = 1024;
    private static final int MAX_NAMES = 100_000;

    private final ControllerSettings settings;
    private final LoopClock clock;
    private final DecisionLog log;
    private final ReplicaLiveness liveness;
    private final Elections elections;
    private final MasterLeases leases;
    private final AgentHeartbeats agentHeartbeats;
    private final GroupInspection inspection;
    private final SwitchOvers switchOvers;
    private final Drains drains;
    private final ControllerObserver observer;

    UseCases(
            ControllerSettings settings,
            LoopClock clock,
            DecisionLog log,
            ReplicaLiveness liveness,
            Elections elections,
            MasterLeases leases,
            AgentStatuses statuses,
            SwitchOvers switchOvers,
            Drains drains,
            ControllerObserver observer) {
        this.settings = settings;
        this.clock = clock;
        this.log = log;
        this.liveness = liveness;
        this.elections = elections;
        this.leases = leases;
        this.switchOvers = switchOvers;
        this.drains = drains;
        this.observer = observer;
        inspection = new GroupInspection(clock, liveness, elections, leases, statuses);
        agentHeartbeats = new AgentHeartbeats(clock, log, liveness, elections, leases, statuses, switchOvers, observer);
    }

    /** Groups by name only, as one connection may ask for them. */
    record NamedGroups(List<String> brokerNames, ConnectionId connection) {
        NamedGroups {
            brokerNames = List.copyOf(brokerNames);
        }
    }

    void nextBrokerId(GroupKey key, Consumer<Reply<Long>> answer) {
        if (isBadGroup("nextBrokerId", key, answer)) {
            return;
        }
        ClusterMetadata state = log.speculative();
        long next = state.group(key).map(BrokerGroup::nextBrokerId).orElseGet(() -> state.tombstone(key)
                .nextBrokerId());
        log.confirm(answer, new Reply.Done<>(next));
    }

    void applyBrokerId(ControllerService.ApplyBrokerId request, Consumer<Reply<GroupKey>> answer) {
        if (isBadGroup("applyBrokerId", request.group(), answer)
                || isBadText("applyBrokerId", "registerCheckCode", request.registerCheckCode(), answer)) {
            return;
        }
        conclude(
                "applyBrokerId",
                ApplyBrokerId.decide(log.speculative(), request.group(), request.id(), request.registerCheckCode()),
                answer,
                Function.identity());
    }

    void register(Register request, Consumer<Reply<RoleView>> answer) {
        if (isBadGroup("register", request.group(), answer)
                || isBadText("register", "address", request.address(), answer)
                || !request.haAddress().isEmpty() && isBadText("register", "haAddress", request.haAddress(), answer)) {
            return;
        }
        ReplicaKey key = new ReplicaKey(request.group(), request.id());
        long connection = request.connection().value();
        if (liveness.isTaken(key, request.address(), connection, clock.nowMs())) {
            refuse(
                    "register",
                    answer,
                    Refusal.BROKER_ID_TAKEN,
                    "replica " + key + " is alive at " + liveness.addressOf(key) + ", so " + request.address()
                            + " must be a copy of it; give the copy an empty store and identity file");
            return;
        }
        Decision<RegisterBroker.Registered> decision = RegisterBroker.decide(
                log.speculative(), request.group(), request.id(), request.address(), request.agent());
        if (decision instanceof Decision.Accepted<RegisterBroker.Registered> accepted) {
            noteRegistered(request, key, accepted.result());
        }
        conclude("register", decision, answer, registered -> RoleViews.of(registered.group(), liveness));
    }

    private void noteRegistered(Register request, ReplicaKey key, RegisterBroker.Registered registered) {
        liveness.listensForCopies(key, request.haAddress());
        if (registered.group().isMixed()) {
            LOG.info(
                    "event=group_mixed group={} broker={} agent={} effect=\"the rule of the weaker one holds\"",
                    key.group(),
                    key.id(),
                    request.agent());
        }
        if (registered.group().isMaster(request.id())) {
            elections.onMasterRestarted(registered.group(), request.id(), request.address(), request.connection());
            return;
        }
        leases.table().restarted(key.group(), request.id());
        liveness.introduce(key, request.address(), request.connection().value(), true, clock.nowMs());
        if (registered.adopted()) {
            LOG.warn("event=replica_adopted group={} broker={} address={}", key.group(), key.id(), request.address());
            observer.onReplicaAdopted(key.group(), key.id());
            elections.onAdopted(key.group());
        }
    }

    void agentHeartbeat(ControllerService.AgentHeartbeat heartbeat, Consumer<Reply<LeaseAnswer>> answer) {
        agentHeartbeats.answer(heartbeat, answer);
    }

    /** It cannot be answered, but its sender is alive all the same. */
    void hearOnly(ControllerService.AgentHeartbeat heartbeat) {
        agentHeartbeats.takeIn(heartbeat);
    }

    void electMaster(ControllerService.ElectMaster request, Consumer<Reply<Elected>> answer) {
        resolve("electMaster", request.group(), answer)
                .ifPresent(group -> elections.elect(
                        new ControllerService.ElectMaster(
                                new GroupRef(
                                        Optional.of(group.key().cluster()),
                                        group.key().brokerName(),
                                        request.group().connection()),
                                request.requester(),
                                request.designate()),
                        answer));
    }

    void switchOver(ControllerService.SwitchOver request, Consumer<Reply<Elected>> answer) {
        Optional<BrokerGroup> found = resolve("switchOver", request.group(), answer);
        if (found.isEmpty()) {
            return;
        }
        BrokerGroup group = found.get();
        if (!group.has(request.to())) {
            refuse(
                    "switchOver",
                    answer,
                    Refusal.UNKNOWN_REPLICA,
                    "replica " + request.to() + " of " + group.key() + " is not registered");
        } else if (group.isMaster(request.to()) && liveness.isAlive(group.key(), request.to())) {
            log.confirm(answer, new Reply.Done<>(new Elected(RoleViews.of(group, liveness), false)));
        } else {
            Optional<String> obstacle = switchOvers.obstacle(group, request);
            if (obstacle.isPresent()) {
                switchOvers.refuse(answer, obstacle.get());
            } else if (switchOvers.canHandOver(group)) {
                switchOvers
                        .tooFarBehind(group, request)
                        .ifPresentOrElse(
                                why -> switchOvers.refuse(answer, why),
                                () -> switchOvers.order(group, request, answer));
            } else {
                switchOverAtOnce(group, request, answer);
            }
        }
    }

    void drain(ControllerService.Drain request, Consumer<Reply<Drained>> answer) {
        drains.request(request, answer);
    }

    /** A master that can't be asked to wait: RocketMQ's protocol knows only the election. */
    private void switchOverAtOnce(
            BrokerGroup group, ControllerService.SwitchOver request, Consumer<Reply<Elected>> answer) {
        if (request.mayLose()) {
            GroupRef ref = new GroupRef(
                    Optional.of(group.key().cluster()),
                    group.key().brokerName(),
                    request.group().connection());
            elections.elect(new ControllerService.ElectMaster(ref, Optional.of(request.to()), true), answer);
        } else {
            switchOvers.refuse(
                    answer,
                    "NEEDS_AGENT: the master of " + group.key() + " has no agent that could hand over; what it has"
                            + " acknowledged and replica " + request.to()
                            + " does not have would be lost, so that has to be allowed");
        }
    }

    void alterSyncStateSet(ControllerService.AlterSyncStateSet request, Consumer<Reply<RoleView>> answer) {
        if (request.newSet().size() > MAX_IDS) {
            refuse(
                    "alterSyncStateSet",
                    answer,
                    Refusal.BAD_REQUEST,
                    "a SyncStateSet of " + request.newSet().size() + " replicas; at most " + MAX_IDS);
            return;
        }
        Optional<BrokerGroup> group = resolve("alterSyncStateSet", request.group(), answer);
        if (group.isEmpty()) {
            return;
        }
        GroupWatch watch = elections.watch(group.get().key());
        // An agent understands a refusal.
        boolean settles = clock.nowMs() - watch.settledAtMs >= settings.settleIntervalMs()
                && !group.get().masterReplica().map(Replica::agent).orElse(false);
        Decision<AlterSyncStateSet.Altered> decision = AlterSyncStateSet.decide(
                group.get(),
                new AlterSyncStateSet.Request(
                        request.master(), request.masterEpoch(), request.newSet(), request.knownEpoch(), settles),
                viewOf(group.get()));
        if (decision instanceof Decision.Accepted<AlterSyncStateSet.Altered> accepted
                && accepted.result().settled()) {
            watch.settledAtMs = clock.nowMs();
            observer.onSyncStateSetSettled(group.get().key());
        }
        conclude("alterSyncStateSet", decision, answer, altered -> RoleViews.of(altered.group(), liveness));
    }

    void replicaInfo(GroupRef ref, Consumer<Reply<RoleView>> answer) {
        Optional<BrokerGroup> resolved = resolve("replicaInfo", ref, answer);
        if (resolved.isEmpty()) {
            return;
        }
        BrokerGroup group = resolved.get();
        Optional<BrokerId> stranger = strangerOn(ref.connection(), group);
        if (stranger.isPresent()) {
            refuse(
                    "replicaInfo",
                    answer,
                    Refusal.UNKNOWN_GROUP,
                    "broker " + stranger.get() + " of " + group.key() + " is not known; it must register first");
            return;
        }
        log.confirm(answer, new Reply.Done<>(RoleViews.of(group, liveness)));
    }

    /**
     * A replica that asks over this connection, speaks for this group, and was never taken in by these controllers, as after
     * they lost their data. A running broker registers only when its group is said to be unknown, so each is told that, not
     * only the one that asks first. Not those that an operator removed: their ids were handed out before.
     */
    private Optional<BrokerId> strangerOn(ConnectionId connection, BrokerGroup group) {
        List<BrokerId> asking = liveness.replicasOn(group.key(), connection.value());
        boolean anyKnown = asking.stream().anyMatch(group::has);
        return anyKnown
                ? Optional.empty()
                : asking.stream()
                        .filter(id -> !group.everElected() || id.value() >= group.nextBrokerId())
                        .findFirst();
    }

    void syncStateData(NamedGroups request, Consumer<Reply<List<RoleView>>> answer) {
        if (request.brokerNames().size() > MAX_NAMES) {
            refuse(
                    "syncStateData",
                    answer,
                    Refusal.BAD_REQUEST,
                    request.brokerNames().size() + " groups asked for at once; at most " + MAX_NAMES);
            return;
        }
        List<RoleView> views = new ArrayList<>();
        for (String name : request.brokerNames()) {
            GroupRef ref = new GroupRef(Optional.empty(), name, request.connection());
            List<BrokerGroup> candidates = candidates(ref);
            if (candidates.size() > 1) {
                refuse("syncStateData", answer, Refusal.AMBIGUOUS_GROUP, ambiguous(name, candidates));
                return;
            }
            candidates.forEach(group -> views.add(RoleViews.of(group, liveness)));
        }
        log.confirm(answer, new Reply.Done<>(List.copyOf(views)));
    }

    void cleanBrokers(ControllerService.CleanBrokers request, Consumer<Reply<GroupKey>> answer) {
        Optional<BrokerGroup> group = resolve("cleanBrokers", request.group(), answer);
        Optional<String> heldUp = group.flatMap(found -> leases.holdsUpRemoval(found, request.ids(), clock.nowMs()));
        if (heldUp.isPresent()) {
            refuse("cleanBrokers", answer, Refusal.CLEAN_REFUSED, heldUp.get());
        } else if (group.isPresent()) {
            Decision<GroupKey> decision =
                    CleanBrokers.decide(group.get(), request.ids(), request.cleanLiving(), viewOf(group.get()));
            if (request.dryRun() && decision instanceof Decision.Accepted<GroupKey> possible) {
                decision = Decision.noChange(possible.result());
            }
            conclude("cleanBrokers", decision, answer, Function.identity());
        }
    }

    void groups(ControllerService.GroupQuery query, Consumer<Reply<GroupDetails.Page>> answer) {
        log.confirm(answer, new Reply.Done<>(inspection.page(log.speculative(), query)));
    }

    /** The group that is meant; if there is none, or more than one, the request is refused. */
    private <T> Optional<BrokerGroup> resolve(String useCase, GroupRef ref, Consumer<Reply<T>> answer) {
        List<BrokerGroup> candidates = candidates(ref);
        if (candidates.size() == 1) {
            return Optional.of(candidates.get(0));
        }
        if (candidates.isEmpty()) {
            String name = ref.cluster().map(cluster -> cluster + "/").orElse("") + ref.brokerName();
            refuse(
                    useCase,
                    answer,
                    Refusal.UNKNOWN_GROUP,
                    "group " + name + " is not known; brokers must register first");
        } else {
            refuse(useCase, answer, Refusal.AMBIGUOUS_GROUP, ambiguous(ref.brokerName(), candidates));
        }
        return Optional.empty();
    }

    private List<BrokerGroup> candidates(GroupRef ref) {
        ClusterMetadata state = log.speculative();
        if (ref.cluster().isPresent()) {
            return state.group(new GroupKey(ref.cluster().get(), ref.brokerName())).stream()
                    .toList();
        }
        List<BrokerGroup> named = state.groupsNamed(ref.brokerName());
        if (named.size() <= 1) {
            return named;
        }
        List<BrokerGroup> own = named.stream()
                .filter(group -> !liveness.replicasOn(
                                group.key(), ref.connection().value())
                        .isEmpty())
                .toList();
        return own.isEmpty() ? named : own;
    }

    private static String ambiguous(String brokerName, List<BrokerGroup> candidates) {
        return brokerName + " is a group of several clusters: "
                + candidates.stream().map(group -> group.key().toString()).collect(Collectors.joining(", "))
                + "; name the cluster";
    }

    private <R, T> void conclude(String useCase, Decision<R> decision, Consumer<Reply<T>> answer, Function<R, T> show) {
        if (decision instanceof Decision.Refused<R> refused) {
            refuse(useCase, answer, refused.refusal(), refused.message());
            return;
        }
        Decision.Accepted<R> accepted = (Decision.Accepted<R>) decision;
        Reply<T> reply = new Reply.Done<>(show.apply(accepted.result()));
        if (accepted.records().isEmpty()) {
            log.confirm(answer, reply);
        } else {
            log.append(accepted.records(), answer, reply);
        }
    }

    private <T> boolean isBadGroup(String useCase, GroupKey key, Consumer<Reply<T>> answer) {
        return isBadText(useCase, "clusterName", key.cluster(), answer)
                || isBadText(useCase, "brokerName", key.brokerName(), answer);
    }

    /** What only looks at the request needs no proof of leadership: answered at once. */
    private <T> boolean isBadText(String useCase, String field, String text, Consumer<Reply<T>> answer) {
        if (!text.isBlank() && text.length() <= MAX_TEXT_LENGTH) {
            return false;
        }
        observer.onRefused(useCase, Refusal.BAD_REQUEST);
        answer.accept(new Reply.Refused<>(
                Refusal.BAD_REQUEST,
                field + " must have 1 to " + MAX_TEXT_LENGTH + " characters, not all blank; it has " + text.length()));
        return true;
    }

    private <T> void refuse(String useCase, Consumer<Reply<T>> answer, Refusal refusal, String message) {
        observer.onRefused(useCase, refusal);
        log.confirm(answer, new Reply.Refused<>(refusal, message));
    }

    private LivenessView viewOf(BrokerGroup group) {
        return liveness.view(group.key(), clock.nowMs());
    }
}
