package io.mqcontroller.agent.simulation.invariant;

import io.mqcontroller.raft.simulation.invariant.InvariantViolation;
import java.util.List;

/** In the end all brokers of a group have the same log, byte for byte. */
public final class LogsAreAlike implements Invariant {
    @Override
    public void atEnd(List<? extends Broker> brokers) {
        for (Broker one : brokers) {
            for (Broker other : brokers) {
                if (one.group().equals(other.group())) {
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
