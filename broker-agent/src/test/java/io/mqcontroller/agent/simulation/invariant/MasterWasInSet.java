package io.mqcontroller.agent.simulation.invariant;

import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.raft.simulation.invariant.InvariantViolation;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * C3, C5: a new master was in the SyncStateSet before, and is in it now. One batch of records may both let a replica in and
 * elect it, so sets that masters have asked for count as well.
 */
public final class MasterWasInSet implements Invariant {
    private final SortedMap<String, SortedSet<Long>> asked = new TreeMap<>();

    @Override
    public void onSetAsked(Broker broker, SortedSet<Long> set) {
        asked.computeIfAbsent(broker.group().toString(), key -> new TreeSet<>()).addAll(set);
    }

    @Override
    public void onReplayed(String controller, Optional<BrokerGroup> before, BrokerGroup after) {
        if (after.master().isEmpty()) {
            return;
        }
        BrokerId master = after.master().get();
        if (!after.syncStateSet().contains(master)) {
            throw new InvariantViolation(getClass(), "master " + master + " is not in the set of " + after);
        }
        boolean elected =
                before.isPresent() && before.get().everElected() && before.get().masterEpoch() != after.masterEpoch();
        if (elected
                && !before.get().syncStateSet().contains(master)
                && !asked.getOrDefault(after.key().toString(), new TreeSet<>()).contains(master.value())) {
            throw new InvariantViolation(
                    getClass(), "master " + master + " was elected from outside the set of " + before.get());
        }
    }
}
