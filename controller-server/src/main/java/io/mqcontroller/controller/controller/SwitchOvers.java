package io.mqcontroller.controller.controller;

import io.mqcontroller.controller.controller.replication.DecisionLog;
import io.mqcontroller.controller.controller.service.AgentRole;
import io.mqcontroller.controller.controller.service.ControllerObserver;
import io.mqcontroller.controller.controller.service.ControllerService.AgentHeartbeat;
import io.mqcontroller.controller.controller.service.ControllerService.Elected;
import io.mqcontroller.controller.controller.service.ControllerService.SwitchOver;
import io.mqcontroller.controller.controller.service.HandOverOrder;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.liveness.ReplicaKey;
import io.mqcontroller.controller.liveness.ReplicaLiveness;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.Fitness;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.LivenessView;
import io.mqcontroller.controller.metadata.MetadataRecord;
import io.mqcontroller.controller.metadata.Refusal;
import io.mqcontroller.controller.metadata.decide.EligibilityReport;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Planned switch-overs that are under way. The leader only orders them: the master's agent pauses writes, waits until the
 * replica has everything, and gives its lease back with that replica's name, or goes on as before. Whoever leads then elects
 * that one. So an order that is forgotten, repeated or late does no harm. Soft state of the leader.
 */
final class SwitchOvers {
    private static final Logger LOG = LoggerFactory.getLogger(SwitchOvers.class);

    /** For the order to reach the agent, the outcome to come back, and an election to be committed. */
    private static final long UNTIL_UNKNOWN_MS = 5_000;

    private static final int ORDERS_PER_TERM_BITS = 20;

    private final LoopClock clock;
    private final DecisionLog log;
    private final ReplicaLiveness liveness;
    private final AgentStatuses agents;
    private final ControllerObserver observer;
    private final Map<GroupKey, UnderWay> underWay = new HashMap<>();
    private long lastOrder;

    private record UnderWay(
            HandOverOrder order, int masterEpoch, long untilMs, long askedMs, Consumer<Reply<Elected>> answer) {}

    SwitchOvers(
            LoopClock clock,
            DecisionLog log,
            ReplicaLiveness liveness,
            AgentStatuses agents,
            ControllerObserver observer) {
        this.clock = clock;
        this.log = log;
        this.liveness = liveness;
        this.agents = agents;
        this.observer = observer;
    }

    /** A new leadership begins. Its term makes its orders unlike those of others. */
    void onLeading(long term) {
        lastOrder = term << ORDERS_PER_TERM_BITS;
    }

    /** The agents may carry the orders out all the same. */
    void onFollowing() {
        List<UnderWay> all = List.copyOf(underWay.values());
        underWay.clear();
        all.forEach(one -> one.answer.accept(
                new Reply.Indeterminate<>("this controller does not lead any more; the switch-over to replica "
                        + one.order.to() + " may still happen")));
    }

    /** When {@link #expire} may have something to do. */
    long nextDueMs() {
        return underWay.values().stream().mapToLong(UnderWay::untilMs).min().orElse(Long.MAX_VALUE);
    }

    /** Nobody is kept waiting for good. */
    void expire() {
        List<GroupKey> due = underWay.entrySet().stream()
                .filter(one -> clock.nowMs() >= one.getValue().untilMs)
                .map(Map.Entry::getKey)
                .toList();
        for (GroupKey group : due) {
            UnderWay one = underWay.remove(group);
            log.confirm(
                    one.answer,
                    new Reply.Indeterminate<>("the master of " + group + " did not say within "
                            + (clock.nowMs() - one.askedMs) + " ms what came of the switch-over to replica "
                            + one.order.to() + "; look at the group"));
        }
    }

    /** Why the master can't be asked for it; for a master without an agent, {@link #canHandOver} comes first. */
    Optional<String> obstacle(BrokerGroup group, SwitchOver request) {
        BrokerId to = request.to();
        LivenessView live = liveness.view(group.key(), clock.nowMs());
        if (group.master().isEmpty()) {
            return Optional.of("NO_MASTER: " + group.key() + " has none that could hand over");
        }
        if (underWay.containsKey(group.key())) {
            return Optional.of("UNDER_WAY: a switch-over of " + group.key() + " to replica "
                    + underWay.get(group.key()).order.to() + " has not ended yet");
        }
        if (!group.syncStateSet().contains(to)) {
            return Optional.of("NOT_IN_SYNC: replica " + to + " is not in the SyncStateSet "
                    + group.syncStateSet().describeMembers() + " of " + group.key());
        }
        if (!live.of(to).mayBeMaster() || live.of(to).fitness() == Fitness.UNFIT) {
            return Optional.of("NOT_ELIGIBLE: replica " + to + " of " + group.key() + ": "
                    + EligibilityReport.whyNot(group, live, to));
        }
        if (group.replicas().get(to).drained()) {
            return Optional.of("DRAINED: replica " + to + " of " + group.key() + " is being drained; undrain it first");
        }
        return Optional.empty();
    }

    /** Whether the master's agent is there and knows how to hand over. */
    boolean canHandOver(BrokerGroup group) {
        return group.masterReplica().filter(master -> master.agent()).isPresent()
                && agents.knowsHandOver(
                        new ReplicaKey(group.key(), group.master().orElseThrow()));
    }

    /** Whether none is under way. */
    boolean isIdle() {
        return underWay.isEmpty();
    }

    /** What the replica lacks, by what the master said last; empty: it does not copy from it. */
    OptionalLong lagBytes(BrokerGroup group, BrokerId id) {
        return agents.lagBytes(new ReplicaKey(group.key(), group.master().orElseThrow()), id);
    }

    /** Why the replica is too far behind, by what the master said last. */
    Optional<String> tooFarBehind(BrokerGroup group, SwitchOver request) {
        OptionalLong lagBytes = lagBytes(group, request.to());
        if (lagBytes.isEmpty()) {
            return Optional.of("NOT_CONNECTED: replica " + request.to() + " of " + group.key()
                    + " does not copy from the master "
                    + group.master().orElseThrow() + " now");
        }
        return lagBytes.getAsLong() > request.maxLagBytes()
                ? Optional.of("TOO_FAR_BEHIND: replica " + request.to() + " of " + group.key() + " lacks "
                        + lagBytes.getAsLong() + " bytes; at most " + request.maxLagBytes() + " are allowed")
                : Optional.empty();
    }

    /** The master hears of it with the answer to its next heartbeat. */
    void order(BrokerGroup group, SwitchOver request, Consumer<Reply<Elected>> answer) {
        HandOverOrder order = new HandOverOrder(++lastOrder, request.to(), request.limitMs(), request.maxLagBytes());
        long untilMs = clock.nowMs() + request.limitMs() + UNTIL_UNKNOWN_MS;
        underWay.put(group.key(), new UnderWay(order, group.masterEpoch(), untilMs, clock.nowMs(), answer));
        LOG.info(
                "event=switch_over_ordered group={} master={} masterEpoch={} to={} limit_ms={}",
                group.key(),
                group.master().orElseThrow(),
                group.masterEpoch(),
                request.to(),
                request.limitMs());
    }

    /** What the sender of this heartbeat, as master, is to do. Takes in what it says of an order before. */
    Optional<HandOverOrder> orderFor(AgentHeartbeat heartbeat) {
        UnderWay one = underWay.get(heartbeat.group());
        if (one == null || heartbeat.role() != AgentRole.MASTER || heartbeat.roleEpoch() != one.masterEpoch) {
            return Optional.empty();
        }
        if (heartbeat.handOver().order() != one.order.number()) {
            return Optional.of(one.order);
        }
        if (!heartbeat.handOver().failed().isEmpty()) {
            underWay.remove(heartbeat.group());
            refuse(one.answer, heartbeat.handOver().failed());
            LOG.info(
                    "event=switch_over_given_up group={} master={} to={} reason=\"{}\"",
                    heartbeat.group(),
                    heartbeat.id(),
                    one.order.to(),
                    heartbeat.handOver().failed());
        }
        return Optional.empty();
    }

    /** A committed election ends what was under way, one way or the other. */
    void onMasterChanged(MetadataRecord.MasterChanged changed) {
        UnderWay one = underWay.get(changed.group());
        Optional<BrokerGroup> group = log.committed().metadata().group(changed.group());
        if (one == null || group.isEmpty() || changed.masterEpoch() <= one.masterEpoch) {
            return;
        }
        underWay.remove(changed.group());
        if (group.get().isMaster(one.order.to())) {
            LOG.info(
                    "event=switched_over group={} master={} masterEpoch={} took_ms={}",
                    changed.group(),
                    one.order.to(),
                    changed.masterEpoch(),
                    clock.nowMs() - one.askedMs);
            one.answer.accept(new Reply.Done<>(new Elected(RoleViews.of(group.get(), liveness), true)));
        } else {
            String elected = changed.master().map(id -> "replica " + id).orElse("nobody");
            refuse(
                    one.answer,
                    "OVERTAKEN: " + elected + " was elected instead of replica " + one.order.to() + ": "
                            + changed.reason());
        }
    }

    void forget(GroupKey group) {
        UnderWay one = underWay.remove(group);
        if (one != null) {
            refuse(one.answer, "OVERTAKEN: " + group + " was removed");
        }
    }

    /** Answers only what is proved to be of a leader. */
    void refuse(Consumer<Reply<Elected>> answer, String message) {
        observer.onRefused("switchOver", Refusal.SWITCH_OVER_REFUSED);
        log.confirm(answer, new Reply.Refused<>(Refusal.SWITCH_OVER_REFUSED, message));
    }
}
