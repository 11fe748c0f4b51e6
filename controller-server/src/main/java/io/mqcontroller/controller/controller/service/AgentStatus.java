package io.mqcontroller.controller.controller.service;

import io.mqcontroller.controller.metadata.BrokerId;
import java.util.List;
import java.util.Objects;

/**
 * What an agent says of itself, for operators and metrics.
 *
 * @param leaseRemainingMs left of its lease when it sent the heartbeat; 0: none
 * @param fencings how often it has fenced its broker since it started
 * @param slaves as a master knows them
 * @param zone in which its broker stands, or ""
 */
public record AgentStatus(long leaseRemainingMs, long fencings, List<Slave> slaves, String zone) {
    public static final AgentStatus NONE = new AgentStatus(0, 0, List.of());

    public AgentStatus {
        slaves = List.copyOf(slaves);
        Objects.requireNonNull(zone, "zone");
    }

    /** In no zone. */
    public AgentStatus(long leaseRemainingMs, long fencings, List<Slave> slaves) {
        this(leaseRemainingMs, fencings, slaves, "");
    }

    /**
     * @param lagBytes that it does not have yet
     * @param lagMs since it last had everything
     */
    public record Slave(BrokerId id, long lagBytes, long lagMs, boolean connected) {}
}
