package io.mqcontroller.agent.simulation.invariant;

import io.mqcontroller.agent.core.SyncStateSet;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.raft.simulation.invariant.InvariantViolation;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Under one syncStateSetEpoch all controllers and all agents have the same set, and agents only what was committed. */
public final class SameEpochSameSet implements Invariant {
    private final SortedMap<String, SortedSet<Long>> sets = new TreeMap<>();

    @Override
    public void onReplayed(String controller, Optional<BrokerGroup> before, BrokerGroup after) {
        SortedSet<Long> members = new TreeSet<>(
                after.syncStateSet().members().stream().map(BrokerId::value).toList());
        SortedSet<Long> other =
                sets.putIfAbsent(after.key() + " " + after.syncStateSet().epoch(), members);
        if (other != null && !other.equals(members)) {
            throw new InvariantViolation(getClass(), after + " at " + controller + ", elsewhere " + other);
        }
    }

    @Override
    public void onSetConfirmed(Broker broker, int masterEpoch, SyncStateSet set) {
        // Two records of one batch are seen as one change, so the agent may be the first to know of the one between.
        SortedSet<Long> committed = sets.putIfAbsent(broker.group() + " " + set.epoch(), set.members());
        if (committed != null && !set.members().equals(committed)) {
            throw new InvariantViolation(
                    getClass(), broker.name() + " goes by " + set + ", the controllers by " + committed);
        }
    }
}
