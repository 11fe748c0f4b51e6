package io.mqcontroller.controller.controller.service;

import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.Replica;
import io.mqcontroller.controller.metadata.ReplicaReport;
import io.mqcontroller.raft.core.NodeId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * All that the leader knows of a group, for operators.
 *
 * @param leaseLeftMs for how long nobody else is elected, since the master may be taking writes by its lease; 0: not
 * @param trouble what is in the way of an election, if the group needs one; else empty
 */
public record GroupDetails(
        BrokerGroup group, long leaseLeftMs, boolean leaseGivenBack, String trouble, List<OfReplica> replicas) {
    public GroupDetails {
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(trouble, "trouble");
        replicas = List.copyOf(replicas);
    }

    /** One page of groups, in order. */
    public record Page(List<GroupDetails> groups, boolean more) {
        public Page {
            groups = List.copyOf(groups);
        }
    }

    /**
     * @param haAddress from which others copy its log, or "" if that is not known
     * @param confirmOffset by its newest heartbeat, or -1
     * @param timeoutMs after which it counts as dead without one
     * @param heardThrough the controllers to which it has a connection
     * @param notElectable why it can't become master now, or empty
     * @param agent what its agent says, if it has one that was heard
     * @param asSlave what the master's agent says of it
     */
    public record OfReplica(
            Replica replica,
            ReplicaReport report,
            String haAddress,
            long confirmOffset,
            long timeoutMs,
            List<NodeId> heardThrough,
            String notElectable,
            Optional<OfAgent> agent,
            Optional<AgentStatus.Slave> asSlave) {
        public OfReplica {
            Objects.requireNonNull(replica, "replica");
            Objects.requireNonNull(report, "report");
            heardThrough = List.copyOf(heardThrough);
        }
    }

    public record OfAgent(AgentRole role, AgentStatus status) {
        public OfAgent {
            Objects.requireNonNull(role, "role");
            Objects.requireNonNull(status, "status");
        }
    }
}
