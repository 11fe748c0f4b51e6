package io.mqcontroller.agent.core;

import java.util.Objects;

/**
 * What an agent is told. Names are those of the broker's configuration, where RocketMQ has one.
 *
 * @param brokerName and {@code cluster}: the group
 * @param address host:port of the broker's remoting port
 * @param haAddress host:port from which others copy its log
 * @param priority {@code brokerElectionPriority}; lower is preferred
 * @param learner {@code asyncLearner}: copies data, is never in the SyncStateSet, never elected
 * @param leaseMs {@code masterLeaseMillis}: how long a peer is asked to keep still, and the longest promise that this agent gives;
 *     the same in the whole group
 * @param heartbeatIntervalMs {@code brokerHeartbeatInterval}
 * @param heartbeatTimeoutMs {@code controllerHeartBeatTimeoutMills}: after which controllers hold it for dead
 * @param syncBrokerMetadataPeriodMs safety net: how often the group is asked for although every heartbeat tells it
 * @param syncControllerMetadataPeriodMs how often the addresses of the controllers are asked for
 * @param checkSyncStateSetPeriodMs after which a refused change of the set is tried again
 * @param haMaxTimeSlaveNotCatchupMs a slave that is behind for longer leaves the SyncStateSet
 * @param haConnectionLossGraceMs a slave whose connection is gone for longer leaves it
 * @param requestTimeoutMs a request that is not answered for so long ends its connection
 */
public record AgentSettings(
        String cluster,
        String brokerName,
        String address,
        String haAddress,
        int priority,
        boolean learner,
        LeaseMode leaseMode,
        long leaseMs,
        long heartbeatIntervalMs,
        long heartbeatTimeoutMs,
        long syncBrokerMetadataPeriodMs,
        long syncControllerMetadataPeriodMs,
        long checkSyncStateSetPeriodMs,
        long haMaxTimeSlaveNotCatchupMs,
        long haConnectionLossGraceMs,
        long requestTimeoutMs) {
    public AgentSettings {
        Objects.requireNonNull(cluster, "cluster");
        Objects.requireNonNull(brokerName, "brokerName");
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(haAddress, "haAddress");
        Objects.requireNonNull(leaseMode, "leaseMode");
        if (heartbeatIntervalMs < 1
                || heartbeatIntervalMs * 3 > leaseMs
                || heartbeatIntervalMs * 3 > heartbeatTimeoutMs) {
            throw new IllegalArgumentException("the heartbeat interval is from 1 ms to a third of the lease and of the"
                    + " timeout: " + heartbeatIntervalMs + " ms of " + leaseMs + " and " + heartbeatTimeoutMs + " ms");
        }
    }

    /** RocketMQ's defaults, and ours where it has none. */
    public static AgentSettings defaults(String cluster, String brokerName, String address, String haAddress) {
        return new AgentSettings(
                cluster,
                brokerName,
                address,
                haAddress,
                Integer.MAX_VALUE,
                false,
                LeaseMode.SAFE,
                2_000,
                500,
                2_000,
                5_000,
                10_000,
                5_000,
                15_000,
                500,
                1_000);
    }

    /** What the agent takes off a span of time for clocks that do not run alike. */
    long driftMs(long spanMs) {
        return spanMs / 20;
    }

    /** These with another role to play. */
    public AgentSettings withRole(int newPriority, boolean newLearner, LeaseMode newMode) {
        return new AgentSettings(
                cluster,
                brokerName,
                address,
                haAddress,
                newPriority,
                newLearner,
                newMode,
                leaseMs,
                heartbeatIntervalMs,
                heartbeatTimeoutMs,
                syncBrokerMetadataPeriodMs,
                syncControllerMetadataPeriodMs,
                checkSyncStateSetPeriodMs,
                haMaxTimeSlaveNotCatchupMs,
                haConnectionLossGraceMs,
                requestTimeoutMs);
    }
}
