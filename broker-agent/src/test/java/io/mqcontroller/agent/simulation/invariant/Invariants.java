package io.mqcontroller.agent.simulation.invariant;

import io.mqcontroller.agent.core.AckRule;
import io.mqcontroller.agent.core.AgentStatus;
import io.mqcontroller.agent.core.SyncStateSet;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.ClusterMetadata;
import io.mqcontroller.controller.metadata.ElectionReason;
import io.mqcontroller.controller.metadata.GroupKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/** All rules, asked in turn. */
public final class Invariants {
    private final List<? extends Broker> brokers;
    private final List<Invariant> all;
    private final SortedSet<GroupKey> acknowledging = new TreeSet<>();
    private boolean healed;

    /**
     * @param driftPpm clocks run at most so much faster or slower than true time
     * @param unclean whether replicas outside the SyncStateSet may be elected
     * @param without rules that are left out, so that a test can show that another rule finds the same bug
     */
    public Invariants(
            List<? extends Broker> brokers, long driftPpm, boolean unclean, Set<Class<? extends Invariant>> without) {
        this.brokers = brokers;
        List<Invariant> rules = new ArrayList<>(List.of(
                new OneMasterPerEpoch(),
                new EpochsRise(),
                new MasterWasInSet(),
                new LearnerStaysOut(brokers),
                new RoleOnlyAfterSwitch(),
                new SameEpochSameSet(),
                new OnlyTheNewestAcknowledges(),
                new AcknowledgedNeverLost(brokers, unclean),
                new LeaseWithinItsGrant(driftPpm),
                new SwitchOverLosesNothing(brokers),
                new LogsAreAlike()));
        rules.removeIf(rule -> without.contains(rule.getClass()));
        all = List.copyOf(rules);
    }

    private void each(Consumer<Invariant> asked) {
        all.forEach(asked);
    }

    /** A controller has replayed committed records. */
    public void onReplayed(String controller, int life, ClusterMetadata before, ClusterMetadata after) {
        after.groups().forEach((key, group) -> {
            Optional<BrokerGroup> was = before.group(key);
            if (was.isEmpty() || was.get() != group) {
                each(rule -> rule.onReplayed(controller + " in its life " + life, was, group));
            }
        });
    }

    public void onElected(GroupKey group, ElectionReason reason) {
        each(rule -> rule.onElected(group, reason));
    }

    public void onMaster(Broker broker) {
        each(rule -> rule.onMaster(broker));
    }

    public void afterStep(Broker broker, AgentStatus status) {
        for (Invariant rule : all) {
            rule.afterStep(broker, status);
        }
    }

    public void onSetAsked(Broker broker, SortedSet<Long> set) {
        each(rule -> rule.onSetAsked(broker, set));
    }

    public void onSetConfirmed(Broker broker, int masterEpoch, SyncStateSet set) {
        each(rule -> rule.onSetConfirmed(broker, masterEpoch, set));
    }

    public void onAcknowledged(Broker broker, int offset, long message, AckRule rule, SortedSet<Long> acking) {
        if (healed) {
            acknowledging.add(broker.group());
        }
        for (Invariant invariant : all) {
            invariant.onAcknowledged(broker, offset, message, rule, acking);
        }
    }

    public void onLease(Broker broker, long sentUs, long grantedMs, long untilUs) {
        each(rule -> rule.onLease(broker, sentUs, grantedMs, untilUs));
    }

    public void onHandedOver(Broker broker, int masterEpoch, long to) {
        each(rule -> rule.onHandedOver(broker, masterEpoch, to));
    }

    public void onLogLost(Broker broker, int sizeBefore) {
        each(rule -> rule.onLogLost(broker, sizeBefore));
    }

    public void onEpochMistaken(Broker broker) {
        each(rule -> rule.onEpochMistaken(broker));
    }

    public void onHealed() {
        healed = true;
    }

    public boolean hasAcknowledgedSinceHealed(GroupKey group) {
        return acknowledging.contains(group);
    }

    public void atEnd() {
        each(rule -> rule.atEnd(brokers));
    }
}
