package io.mqcontroller.agent.core;

import java.util.List;
import java.util.SortedSet;

/**
 * What an agent asks of the leader of the controllers; one for each request of {@code controller.proto}, and with its meaning.
 * Group, and the agent's own id and addresses, are the driver's to fill in where only they are missing.
 */
public sealed interface ControllerRequest {
    /** Answered by {@link ControllerAnswer.BrokerIdOffered}. */
    record NextBrokerId() implements ControllerRequest {}

    /** Answered by {@link ControllerAnswer.BrokerIdTaken}. */
    record ApplyBrokerId(long brokerId, String checkCode) implements ControllerRequest {}

    /** Answered by {@link ControllerAnswer.Group}. */
    record Register(long brokerId, String address, String haAddress) implements ControllerRequest {}

    /**
     * Answered by {@link ControllerAnswer.Heartbeat}.
     *
     * @param roleEpoch under which masterEpoch it has {@code role}; 0: none
     * @param resigns it has stopped taking writes for good under {@code roleEpoch}, and wants to be replaced
     * @param registeredMs since the first registration of this process was answered
     * @param masterGone of a slave: nobody listens at its master's address any more
     */
    record Heartbeat(
            long brokerId,
            String address,
            String haAddress,
            int lastEpoch,
            int knownMasterEpoch,
            long maxOffset,
            long confirmOffset,
            long timeoutMs,
            int priority,
            Role role,
            int roleEpoch,
            AckRule ackRule,
            boolean learner,
            boolean resigns,
            String unfit,
            HeartbeatStatus status,
            HandOverReport handOver,
            long registeredMs,
            boolean masterGone)
            implements ControllerRequest {}

    /** Answered by {@link ControllerAnswer.Group}. */
    record AlterSyncStateSet(long brokerId, int masterEpoch, SortedSet<Long> newSet, int knownSetEpoch)
            implements ControllerRequest {}

    /** Answered by {@link ControllerAnswer.Group}. */
    record ElectMaster(long brokerId) implements ControllerRequest {}

    /** Answered by {@link ControllerAnswer.Group}. */
    record GetGroup() implements ControllerRequest {}

    /** Answered by {@link ControllerAnswer.Members}. */
    record GetCluster() implements ControllerRequest {}

    /** What a heartbeat calls the sender. */
    enum Role {
        FENCED,
        MASTER,
        SLAVE
    }

    /** For metrics: of the lease, and of each slave that the master knows of. */
    record HeartbeatStatus(long leaseRemainingMs, long fencings, List<SlaveStatus> slaves) {
        public HeartbeatStatus {
            slaves = List.copyOf(slaves);
        }
    }

    /** @param lagMs since the slave last had everything */
    record SlaveStatus(long brokerId, long lagBytes, long lagMs, boolean connected) {}
}
