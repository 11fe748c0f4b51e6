package io.mqcontroller.agent.simulation.invariant;

import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.raft.simulation.invariant.InvariantViolation;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * In the end all brokers of a group have the same log, byte for byte; unless one without an agent has gone by an epoch file that
 * says what is not so.
 */
public final class LogsAreAlike implements Invariant {
    private final SortedSet<GroupKey> mistaken = new TreeSet<>();

    @Override
    public void onEpochMistaken(Broker broker) {
        mistaken.add(broker.group());
    }

    @Override
    public void atEnd(List<? extends Broker> brokers) {
        for (Broker one : brokers) {
            for (Broker other : brokers) {
                if (one.group().equals(other.group()) && !mistaken.contains(one.group())) {
                    compare(one, other);
                }
            }
        }
    }

    private void compare(Broker one, Broker other) {
        for (int offset = 0; offset < one.logSize(); offset++) {
            if (!other.holds(offset, one.messageAt(offset))) {
                throw new InvariantViolation(
                        getClass(), one.name() + " and " + other.name() + " differ at offset " + offset);
            }
        }
    }
}
