package io.mqcontroller.agent.simulation.invariant;

import io.mqcontroller.agent.core.AckRule;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.ElectionReason;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.raft.simulation.invariant.InvariantViolation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * Whoever is elected when a master has handed over holds everything that this master has acknowledged under its epoch, by whatever
 * rule. Unless the leader holds the master for dead: then it is an election like any other.
 */
public final class SwitchOverLosesNothing implements Invariant {
    private record Acknowledged(int offset, long message) {}

    private record Office(GroupKey group, int masterEpoch) implements Comparable<Office> {
        @Override
        public int compareTo(Office other) {
            int byGroup = group.compareTo(other.group);
            return byGroup != 0 ? byGroup : Integer.compare(masterEpoch, other.masterEpoch);
        }
    }

    private record HandedOver(Broker from, long to) {}

    private final List<? extends Broker> brokers;
    private final SortedMap<Office, List<Acknowledged>> acknowledged = new TreeMap<>();
    private final SortedMap<Office, HandedOver> handedOver = new TreeMap<>();
    private final SortedMap<GroupKey, ElectionReason> reasons = new TreeMap<>();

    SwitchOverLosesNothing(List<? extends Broker> brokers) {
        this.brokers = brokers;
    }

    @Override
    public void onAcknowledged(Broker broker, int offset, long message, AckRule rule, SortedSet<Long> acking) {
        Office office = new Office(broker.group(), broker.roleEpoch());
        acknowledged.computeIfAbsent(office, key -> new ArrayList<>()).add(new Acknowledged(offset, message));
    }

    @Override
    public void onHandedOver(Broker broker, int masterEpoch, long to) {
        handedOver.putIfAbsent(new Office(broker.group(), masterEpoch), new HandedOver(broker, to));
    }

    /** A machine that has lost the end of its log has lost it for every election. */
    @Override
    public void onLogLost(Broker broker, int sizeBefore) {
        acknowledged.forEach((office, messages) -> {
            if (office.group.equals(broker.group())) {
                messages.removeIf(a -> a.offset >= broker.logSize() && a.offset < sizeBefore);
            }
        });
    }

    @Override
    public void onElected(GroupKey group, ElectionReason reason) {
        reasons.put(group, reason);
    }

    @Override
    public void onReplayed(String controller, Optional<BrokerGroup> before, BrokerGroup after) {
        if (before.isEmpty() || after.master().isEmpty() || before.get().masterEpoch() == after.masterEpoch()) {
            return;
        }
        ElectionReason reason = reasons.remove(after.key());
        Office office = new Office(after.key(), before.get().masterEpoch());
        HandedOver last = handedOver.remove(office);
        long winner = after.master().get().value();
        if (last != null && (winner == last.to || reason == ElectionReason.MASTER_RESIGNED)) {
            brokers.stream()
                    .filter(broker -> broker.group().equals(after.key()) && broker.brokerId() == winner)
                    .forEach(broker -> check(office, last, broker));
        }
    }

    private void check(Office office, HandedOver last, Broker winner) {
        for (Acknowledged a : acknowledged.getOrDefault(office, List.of())) {
            if (!winner.holds(a.offset, a.message)) {
                throw new InvariantViolation(
                        getClass(),
                        winner.name() + " is elected after " + last.from.name() + " has handed over to replica "
                                + last.to + " under epoch " + office.masterEpoch + ", without message " + a.message
                                + " at " + a.offset + ", which was acknowledged");
            }
        }
    }
}
