package io.mqcontroller.agent.simulation.invariant;

import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.raft.simulation.invariant.InvariantViolation;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/** A learner is never in the SyncStateSet, so never master, and nobody asks for it. */
public final class LearnerStaysOut implements Invariant {
    private final List<? extends Broker> brokers;

    LearnerStaysOut(List<? extends Broker> brokers) {
        this.brokers = brokers;
    }

    @Override
    public void onReplayed(String controller, Optional<BrokerGroup> before, BrokerGroup after) {
        for (Broker broker : brokers) {
            if (broker.isLearner()
                    && broker.group().equals(after.key())
                    && broker.brokerId() > 0
                    && after.syncStateSet().contains(new BrokerId(broker.brokerId()))) {
                throw new InvariantViolation(getClass(), "learner " + broker.name() + " is in the set of " + after);
            }
        }
    }

    @Override
    public void onSetAsked(Broker master, SortedSet<Long> set) {
        for (Broker broker : brokers) {
            if (broker.isLearner() && broker.group().equals(master.group()) && set.contains(broker.brokerId())) {
                throw new InvariantViolation(getClass(), master.name() + " asks for a learner: " + set);
            }
        }
    }

    @Override
    public void onMaster(Broker broker) {
        if (broker.isLearner()) {
            throw new InvariantViolation(getClass(), "learner " + broker.name() + " is master");
        }
    }
}
