package io.mqcontroller.agent.core;

import java.util.Objects;
import java.util.SortedSet;

/**
 * An agent as it is now, for people and metrics.
 *
 * @param brokerId 0: none yet
 * @param roleEpoch under which masterEpoch it is MASTER or SLAVE, else 0
 * @param knownMasterEpoch the highest that it was ever told of
 * @param master 0: none is known
 * @param acking whose confirmation writes need, of a master
 * @param writableUntilMs as in {@link AgentAction.AllowWrites}; {@link Long#MIN_VALUE}: fenced
 * @param leaseUntilMs end of the controller lease; {@link Long#MIN_VALUE}: none
 * @param controller whom it talks to; empty: nobody
 * @param problem why it is not where it should be; empty: nothing known
 */
public record AgentStatus(
        AgentState state,
        long brokerId,
        int roleEpoch,
        int knownMasterEpoch,
        long master,
        SyncStateSet confirmed,
        SortedSet<Long> acking,
        AckRule ackRule,
        long writableUntilMs,
        long leaseUntilMs,
        long promisedUntilMs,
        long fencings,
        String controller,
        String problem) {
    public AgentStatus {
        Objects.requireNonNull(state, "state");
    }
}
