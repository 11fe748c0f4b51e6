package io.mqcontroller.agent.core;

import java.util.List;
import java.util.Objects;

/**
 * The broker at one moment. Made when a {@link AgentEvent.Tick} is, so after all actions of the step before have been carried
 * out: the core relies on that when it lets a slave into the SyncStateSet.
 *
 * @param lastEpoch newest entry of the epoch file; -1: it is empty
 * @param confirmOffset below it everything may be read by consumers
 * @param epochStartOffset where the master's present epoch begins; of no meaning on a slave
 * @param wantedAckRule the rule of the broker's configuration
 * @param unfit why it should not be master while anybody else can be: a store that refuses writes, tables that are behind;
 *     empty: no reason
 * @param slaves of a master
 */
public record BrokerReport(
        int lastEpoch,
        long maxOffset,
        long confirmOffset,
        long epochStartOffset,
        AckRule wantedAckRule,
        String unfit,
        List<SlaveProgress> slaves) {
    public BrokerReport {
        Objects.requireNonNull(wantedAckRule, "wantedAckRule");
        Objects.requireNonNull(unfit, "unfit");
        slaves = List.copyOf(slaves);
    }
}
