package io.mqcontroller.agent.simulation.invariant;

import io.mqcontroller.agent.core.AckRule;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.raft.simulation.invariant.InvariantViolation;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * No two brokers of a group acknowledge at the same moment: once a master has acknowledged under an epoch, nobody does under an
 * older one. Except for what all of the old set have: the new master has it too, whoever says so. A broker without an agent has no
 * lease, so it may be the one that goes on; it is never one with an agent.
 */
public final class OnlyTheNewestAcknowledges implements Invariant {
    private record Newest(Broker broker, int life, int epoch) {}

    private final SortedMap<GroupKey, Newest> newest = new TreeMap<>();

    @Override
    public void onAcknowledged(Broker broker, int offset, long message, AckRule rule, SortedSet<Long> acking) {
        Newest before = newest.get(broker.group());
        if (before == null || broker.roleEpoch() >= before.epoch) {
            newest.put(broker.group(), new Newest(broker, broker.life(), broker.roleEpoch()));
            return;
        }
        if (!broker.hasAgent()) {
            return;
        }
        boolean newOneMayHaveLostIt = before.broker.life() != before.life;
        boolean known = rule == AckRule.ALL_IN_SYNC && (newOneMayHaveLostIt || before.broker.holds(offset, message));
        if (!known) {
            throw new InvariantViolation(
                    getClass(),
                    broker.name() + " acknowledges " + message + " at " + offset + " under epoch " + broker.roleEpoch()
                            + " by " + rule + " of " + acking + ", when " + before.broker.name()
                            + " did so under epoch " + before.epoch);
        }
    }
}
