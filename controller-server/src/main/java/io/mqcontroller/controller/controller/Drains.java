package io.mqcontroller.controller.controller;

import io.mqcontroller.controller.controller.replication.DecisionLog;
import io.mqcontroller.controller.controller.service.ControllerObserver;
import io.mqcontroller.controller.controller.service.ControllerService;
import io.mqcontroller.controller.controller.service.ControllerService.Drain;
import io.mqcontroller.controller.controller.service.ControllerService.SwitchOver;
import io.mqcontroller.controller.controller.service.Drained;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.MetadataRecord;
import io.mqcontroller.controller.metadata.Refusal;
import io.mqcontroller.controller.metadata.Replica;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replicas that are to be master only where nobody else can be. The flag is replicated; that masters with it are switched over, one
 * after the other, follows from it, whoever leads: each is tried until it is not master any more.
 */
final class Drains {
    private static final Logger LOG = LoggerFactory.getLogger(Drains.class);
    private static final long LOOK_MS = 500;

    private final LoopClock clock;
    private final DecisionLog log;
    private final SwitchOvers switchOvers;
    private final ControllerObserver observer;

    /** Groups with drained replicas, and what keeps their masters from being replaced; empty if nothing is known to. */
    private final SortedMap<GroupKey, String> hindrances = new TreeMap<>();

    private GroupKey lastTried = new GroupKey("", "");
    private long dueMs = Long.MIN_VALUE;

    Drains(LoopClock clock, DecisionLog log, SwitchOvers switchOvers, ControllerObserver observer) {
        this.clock = clock;
        this.log = log;
        this.switchOvers = switchOvers;
        this.observer = observer;
    }

    void onLeading() {
        hindrances.clear();
        log.committed().metadata().groups().forEach((key, group) -> noteGroup(group));
    }

    void onFollowing() {
        hindrances.clear();
    }

    /** It is committed that a replica of this group is drained, or is not any more. */
    void onChanged(GroupKey key) {
        log.committed().metadata().group(key).ifPresent(this::noteGroup);
        dueMs = clock.nowMs();
    }

    private void noteGroup(BrokerGroup group) {
        if (group.replicas().values().stream().anyMatch(Replica::drained)) {
            hindrances.putIfAbsent(group.key(), "");
        } else {
            hindrances.remove(group.key());
        }
    }

    /** Records what is asked for; asking again changes nothing, and tells how far it is. */
    void request(Drain request, Consumer<Reply<Drained>> answer) {
        List<MetadataRecord> records = new ArrayList<>();
        List<Drained.One> meant = new ArrayList<>();
        log.speculative().groups().forEach((key, group) -> {
            for (Replica replica : group.replicas().values()) {
                if (request.means(key, replica)) {
                    meant.add(new Drained.One(
                            key,
                            replica.id(),
                            replica.address(),
                            request.drained(),
                            group.isMaster(replica.id()),
                            group.isMaster(replica.id()) ? hindrances.getOrDefault(key, "") : ""));
                    if (replica.drained() != request.drained()) {
                        records.add(new MetadataRecord.ReplicaDrained(key, replica.id(), request.drained()));
                    }
                }
            }
        });
        if (meant.isEmpty()) {
            observer.onRefused("drain", Refusal.UNKNOWN_REPLICA);
            log.confirm(
                    answer,
                    new Reply.Refused<>(
                            Refusal.UNKNOWN_REPLICA, "no replica that is registered is " + request.describe()));
        } else if (records.isEmpty()) {
            log.confirm(answer, new Reply.Done<>(new Drained(meant, false)));
        } else {
            LOG.info("event=drain_asked drained={} replicas=\"{}\"", request.drained(), request.describe());
            log.append(records, answer, new Reply.Done<>(new Drained(meant, true)));
        }
    }

    long nextDueMs() {
        return hindrances.isEmpty() ? Long.MAX_VALUE : dueMs;
    }

    /** Orders the next switch-over that is due, unless one is under way. */
    void advance() {
        if (hindrances.isEmpty() || clock.nowMs() < dueMs) {
            return;
        }
        dueMs = clock.nowMs() + LOOK_MS;
        if (!switchOvers.isIdle()) {
            return;
        }
        List<GroupKey> inTurn = new ArrayList<>(hindrances.tailMap(lastTried).keySet());
        inTurn.remove(lastTried);
        inTurn.addAll(hindrances.headMap(lastTried).keySet());
        if (hindrances.containsKey(lastTried)) {
            inTurn.add(lastTried);
        }
        for (GroupKey key : inTurn) {
            Optional<BrokerGroup> group = log.speculative().group(key);
            if (group.isEmpty()) {
                hindrances.remove(key);
            } else if (group.get().masterReplica().map(Replica::drained).orElse(false) && begin(group.get())) {
                lastTried = key;
                return;
            }
        }
    }

    private boolean begin(BrokerGroup group) {
        Optional<BrokerId> heir = switchOvers.canHandOver(group) ? heirOf(group) : Optional.empty();
        if (heir.isEmpty()) {
            hindrances.put(group.key(), hindranceOf(group));
            return false;
        }
        hindrances.put(group.key(), "");
        switchOvers.order(group, SwitchOver.byDefault(group.key(), heir.get()), reply -> {
            if (reply instanceof Reply.Refused<ControllerService.Elected> refused) {
                hindrances.replace(group.key(), refused.message());
            }
        });
        return true;
    }

    /** The one that lacks least of those that may be master, and are not to be drained. */
    private Optional<BrokerId> heirOf(BrokerGroup group) {
        Optional<BrokerId> best = Optional.empty();
        long least = Long.MAX_VALUE;
        for (BrokerId id : group.replicas().keySet()) {
            SwitchOver possible = SwitchOver.byDefault(group.key(), id);
            if (group.isMaster(id)
                    || switchOvers.obstacle(group, possible).isPresent()
                    || switchOvers.tooFarBehind(group, possible).isPresent()) {
                continue;
            }
            long lag = switchOvers.lagBytes(group, id).orElse(Long.MAX_VALUE);
            if (best.isEmpty() || lag < least) {
                best = Optional.of(id);
                least = lag;
            }
        }
        return best;
    }

    private String hindranceOf(BrokerGroup group) {
        if (!switchOvers.canHandOver(group)) {
            return "NEEDS_AGENT: the master has no agent that could hand over; switch over by hand, with what may be lost";
        }
        List<String> reasons = new ArrayList<>();
        for (BrokerId id : group.replicas().keySet()) {
            SwitchOver possible = SwitchOver.byDefault(group.key(), id);
            if (!group.isMaster(id)) {
                switchOvers
                        .obstacle(group, possible)
                        .or(() -> switchOvers.tooFarBehind(group, possible))
                        .ifPresent(reasons::add);
            }
        }
        return reasons.isEmpty() ? "NO_OTHER: the group has no other replica" : String.join("; ", reasons);
    }
}
