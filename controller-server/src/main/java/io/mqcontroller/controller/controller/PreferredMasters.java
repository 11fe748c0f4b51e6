package io.mqcontroller.controller.controller;

import io.mqcontroller.controller.controller.replication.DecisionLog;
import io.mqcontroller.controller.controller.service.ControllerService.SwitchOver;
import io.mqcontroller.controller.liveness.ReplicaLiveness;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.LivenessView;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the role of master back to the replica that is preferred for it, by RocketMQ's {@code brokerElectionPriority} (lower is
 * better), when it could have taken it for some time without a break. By a planned switch-over, so nothing is lost; one group after the
 * other. Soft state of the leader: the next one begins to wait anew.
 */
final class PreferredMasters {
    private static final Logger LOG = LoggerFactory.getLogger(PreferredMasters.class);
    private static final long LOOK_MS = 1_000;

    private final long holdMs;
    private final LoopClock clock;
    private final DecisionLog log;
    private final ReplicaLiveness liveness;
    private final SwitchOvers switchOvers;
    private SortedMap<GroupKey, Waiting> waiting = new TreeMap<>();
    private long dueMs = Long.MIN_VALUE;

    /** Since when this replica could take the role from the master of that epoch. */
    private record Waiting(BrokerId preferred, int masterEpoch, long sinceMs) {}

    /** @param holdMs 0: nobody is preferred */
    PreferredMasters(long holdMs, LoopClock clock, DecisionLog log, ReplicaLiveness liveness, SwitchOvers switchOvers) {
        this.holdMs = holdMs;
        this.clock = clock;
        this.log = log;
        this.liveness = liveness;
        this.switchOvers = switchOvers;
    }

    void onFollowing() {
        waiting.clear();
    }

    long nextDueMs() {
        return holdMs == 0 ? Long.MAX_VALUE : dueMs;
    }

    /** Looks who could take over, and orders the next switch-over that is due, unless one is under way. */
    void advance() {
        if (holdMs == 0 || clock.nowMs() < dueMs) {
            return;
        }
        dueMs = clock.nowMs() + LOOK_MS;
        look();
        if (switchOvers.isIdle()) {
            waiting.entrySet().stream()
                    .min(Comparator.comparingLong(one -> one.getValue().sinceMs()))
                    .filter(one -> clock.nowMs() - one.getValue().sinceMs() >= holdMs)
                    .ifPresent(this::begin);
        }
    }

    /** Whoever could not take over in between waits anew. */
    private void look() {
        SortedMap<GroupKey, Waiting> now = new TreeMap<>();
        log.speculative().groups().forEach((key, group) -> preferred(group).ifPresent(id -> {
            Waiting before = waiting.get(key);
            boolean same =
                    before != null && before.preferred().equals(id) && before.masterEpoch() == group.masterEpoch();
            now.put(key, same ? before : new Waiting(id, group.masterEpoch(), clock.nowMs()));
        }));
        waiting = now;
    }

    /** Who is better than the master, and could take over now; the best of them. */
    private Optional<BrokerId> preferred(BrokerGroup group) {
        if (group.master().isEmpty() || !switchOvers.canHandOver(group)) {
            return Optional.empty();
        }
        LivenessView live = liveness.view(group.key(), clock.nowMs());
        int mastersPriority = live.of(group.master().get()).priority();
        return group.replicas().keySet().stream()
                .filter(id -> live.of(id).priority() < mastersPriority && mayTakeOver(group, id))
                .min(Comparator.comparingInt(id -> live.of(id).priority()));
    }

    private boolean mayTakeOver(BrokerGroup group, BrokerId id) {
        SwitchOver request = SwitchOver.byDefault(group.key(), id);
        return switchOvers.obstacle(group, request).isEmpty()
                && switchOvers.tooFarBehind(group, request).isEmpty();
    }

    private void begin(Map.Entry<GroupKey, Waiting> due) {
        waiting.remove(due.getKey());
        log.speculative().group(due.getKey()).ifPresent(group -> {
            LOG.info(
                    "event=preferred_master group={} preferred={} master={}",
                    group.key(),
                    due.getValue().preferred(),
                    group.master().orElseThrow());
            // Whatever comes of it: if it stays preferred, it waits once more.
            switchOvers.order(
                    group, SwitchOver.byDefault(group.key(), due.getValue().preferred()), outcome -> {});
        });
    }
}
