package io.mqcontroller.agent.simulation.invariant;

import io.mqcontroller.agent.core.AgentStatus;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.raft.simulation.invariant.InvariantViolation;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** C2: a change of the master raises the masterEpoch, a change of the set its epoch; neither ever falls, for agents neither. */
public final class EpochsRise implements Invariant {
    private final SortedMap<String, Integer> known = new TreeMap<>();

    @Override
    public void onReplayed(String controller, Optional<BrokerGroup> before, BrokerGroup after) {
        if (before.isEmpty()) {
            return;
        }
        BrokerGroup was = before.get();
        boolean masterChanged = !was.master().equals(after.master());
        boolean setChanged =
                !was.syncStateSet().members().equals(after.syncStateSet().members());
        int masterRise = Integer.compare(after.masterEpoch(), was.masterEpoch());
        int setRise =
                Integer.compare(after.syncStateSet().epoch(), was.syncStateSet().epoch());
        if (masterRise < 0 || setRise < 0 || masterChanged && masterRise == 0 || setChanged && setRise == 0) {
            throw new InvariantViolation(getClass(), controller + " went from " + was + " to " + after);
        }
    }

    @Override
    public void afterStep(Broker broker, AgentStatus status) {
        String life = broker.name() + " in its life " + broker.life();
        Integer before = known.put(life, status.knownMasterEpoch());
        if (before != null && before > status.knownMasterEpoch() || status.roleEpoch() > status.knownMasterEpoch()) {
            throw new InvariantViolation(getClass(), life + " knew masterEpoch " + before + " and now is at " + status);
        }
    }
}
