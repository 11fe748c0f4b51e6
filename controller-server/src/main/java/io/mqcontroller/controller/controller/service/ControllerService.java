package io.mqcontroller.controller.controller.service;

import io.mqcontroller.controller.metadata.AckRule;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.Refusal;
import io.mqcontroller.controller.metadata.Replica;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.CompletionStage;

/**
 * The use cases, without any protocol. Any thread may call; nothing blocks; stages complete on the controller loop, so
 * what follows must be short and must not block. Answers are linearizable, and durable on a majority when they go out.
 */
public interface ControllerService {
    /** Code 1012. The id that a new replica should apply for; reserves nothing. 1 for an unknown group. */
    CompletionStage<Reply<Long>> nextBrokerId(GroupKey group);

    /** Code 1013. Takes the id for good; the same check code again is a retry and changes nothing. */
    CompletionStage<Reply<GroupKey>> applyBrokerId(ApplyBrokerId request);

    /** Code 1003. */
    CompletionStage<Reply<RoleView>> register(Register request);

    /** Code 1002. */
    CompletionStage<Reply<Elected>> electMaster(ElectMaster request);

    /** Code 1001. The reply carries the set in force. */
    CompletionStage<Reply<RoleView>> alterSyncStateSet(AlterSyncStateSet request);

    /** Code 1004. */
    CompletionStage<Reply<RoleView>> replicaInfo(GroupRef group);

    /** Code 1006. Those of the names that are known, in the order asked for. */
    CompletionStage<Reply<List<RoleView>>> syncStateData(List<String> brokerNames, ConnectionId connection);

    /** Code 1011. */
    CompletionStage<Reply<GroupKey>> cleanBrokers(CleanBrokers request);

    /** Groups with all that is known of them, for operators. */
    CompletionStage<Reply<GroupDetails.Page>> groups(GroupQuery query);

    /**
     * A heartbeat of an agent; only the leader takes it in. An agent gets {@link Refusal#UNKNOWN_GROUP} or {@link
     * Refusal#UNKNOWN_REPLICA} if it must register first. One that is told 0 ms of lease though the view shows it as master
     * under its epoch is being replaced: it may resign to hasten that.
     */
    CompletionStage<Reply<LeaseAnswer>> agentHeartbeat(AgentHeartbeat heartbeat);

    /**
     * A planned switch-over: writes are paused until the replica has everything, and go on with it as master. Answered when it is
     * elected, or will not be.
     */
    CompletionStage<Reply<Elected>> switchOver(SwitchOver request);

    /** A replica, or all of a machine, is to be master only where nobody else can be, or that is over. */
    CompletionStage<Reply<Drained>> drain(Drain request);

    /** Code 904. Taken by every member; one that does not lead passes it on. Never answered, never replicated. */
    void heartbeat(Heartbeat heartbeat);

    /** The connection is gone, for whatever reason. */
    void connectionClosed(ConnectionId connection);

    /** @param registerCheckCode {@code <address>;<epoch millis>} as the broker made it */
    record ApplyBrokerId(GroupKey group, BrokerId id, String registerCheckCode, ConnectionId connection) {}

    /**
     * The first word of a broker's process. Of the recorded master it means that it restarted: it is ranked anew, and never goes
     * on under its old masterEpoch; so an agent registers once in its life, not on each connection, and again only when it is
     * told that it is not known.
     *
     * @param address where it listens
     * @param haAddress from which others copy its log; empty if it does not say
     * @param agent whether an agent hosts it: only such a master gets leases
     */
    record Register(
            GroupKey group, BrokerId id, String address, String haAddress, boolean agent, ConnectionId connection) {
        /** By a broker without an agent. */
        public Register(GroupKey group, BrokerId id, String address, ConnectionId connection) {
            this(group, id, address, "", false, connection);
        }
    }

    /**
     * @param lastEpoch the newest entry of the broker's epoch file, or -1
     * @param knownMasterEpoch the highest masterEpoch that the agent has been told of, in whatever role; 0: none
     * @param timeoutMs after which the replica counts as dead, from this heartbeat on
     * @param priority lower is preferred
     * @param roleEpoch under which masterEpoch it has its role; 0 when fenced without one
     * @param ackRule in force, or if weaker than that, wanted
     * @param learner it only copies data
     * @param resigns it has stopped taking writes as master for good under {@code roleEpoch}, and wants not to be elected now
     * @param unfit why somebody else should be master; empty: no reason
     */
    record AgentHeartbeat(
            GroupKey group,
            BrokerId id,
            String address,
            String haAddress,
            int lastEpoch,
            int knownMasterEpoch,
            long maxOffset,
            long confirmOffset,
            long timeoutMs,
            int priority,
            AgentRole role,
            int roleEpoch,
            AckRule ackRule,
            boolean learner,
            boolean resigns,
            String unfit,
            AgentStatus status,
            HandOverReport handOver,
            long registeredMs,
            boolean masterGone,
            ConnectionId connection) {
        public AgentHeartbeat {
            Objects.requireNonNull(group, "group");
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(address, "address");
            Objects.requireNonNull(haAddress, "haAddress");
            Objects.requireNonNull(role, "role");
            Objects.requireNonNull(ackRule, "ackRule");
            Objects.requireNonNull(unfit, "unfit");
            Objects.requireNonNull(status, "status");
            Objects.requireNonNull(handOver, "handOver");
            Objects.requireNonNull(connection, "connection");
        }
    }

    /**
     * @param requester empty when the caller names no replica
     * @param designate the caller wants {@code requester} itself as master, or nobody
     */
    record ElectMaster(GroupRef group, Optional<BrokerId> requester, boolean designate) {}

    /**
     * @param limitMs for which the master may pause writes; then it goes on, and nothing has changed
     * @param maxLagBytes that the replica may lack when it begins
     * @param mayLose elect it at once if the master can't hand over, and lose what it does not have
     */
    record SwitchOver(GroupRef group, BrokerId to, long limitMs, long maxLagBytes, boolean mayLose) {
        public static final long DEFAULT_LIMIT_MS = 3_000;
        public static final long DEFAULT_MAX_LAG_BYTES = 16L << 20;

        /** To this replica, with the default limits, and never with a loss. */
        public static SwitchOver byDefault(GroupKey group, BrokerId to) {
            GroupRef ref = new GroupRef(Optional.of(group.cluster()), group.brokerName(), new ConnectionId(0));
            return new SwitchOver(ref, to, DEFAULT_LIMIT_MS, DEFAULT_MAX_LAG_BYTES, false);
        }
    }

    /**
     * @param group with {@code id}: one replica
     * @param machine the host part of addresses; all replicas there. Empty: not asked for by machine
     * @param drained false: the drain is over
     */
    record Drain(Optional<GroupKey> group, Optional<BrokerId> id, String machine, boolean drained) {
        /** Whether this replica is among those that are meant. */
        public boolean means(GroupKey key, Replica replica) {
            if (machine.isEmpty()) {
                return group.filter(key::equals).isPresent()
                        && id.filter(replica.id()::equals).isPresent();
            }
            int port = replica.address().lastIndexOf(':');
            return port > 0 && replica.address().substring(0, port).equalsIgnoreCase(machine);
        }

        /** What is meant, for a message. */
        public String describe() {
            return machine.isEmpty()
                    ? "replica " + id.map(BrokerId::toString).orElse("") + " of "
                            + group.map(GroupKey::toString).orElse("")
                    : "on machine " + machine;
        }
    }

    /** @param changed false: the outcome is the master that was there before, under its old epoch */
    record Elected(RoleView view, boolean changed) {}

    /** @param knownEpoch {@code syncStateSetEpoch} that the master computed the new set from */
    record AlterSyncStateSet(
            GroupRef group, BrokerId master, int masterEpoch, SortedSet<BrokerId> newSet, int knownEpoch) {}

    /**
     * @param ids empty: the whole group
     * @param dryRun nothing is to be changed, only said whether it could be
     */
    record CleanBrokers(GroupRef group, SortedSet<BrokerId> ids, boolean cleanLiving, boolean dryRun) {
        /** In earnest. */
        public CleanBrokers(GroupRef group, SortedSet<BrokerId> ids, boolean cleanLiving) {
            this(group, ids, cleanLiving, false);
        }
    }

    /**
     * @param cluster and {@code brokerName}: empty for any
     * @param after only groups behind this one
     * @param limit 0: as many as are given at most
     */
    record GroupQuery(String cluster, String brokerName, Optional<GroupKey> after, int limit) {
        public GroupQuery {
            Objects.requireNonNull(cluster, "cluster");
            Objects.requireNonNull(brokerName, "brokerName");
            Objects.requireNonNull(after, "after");
        }
    }

    /**
     * @param epoch the newest entry of the broker's epoch file, or -1
     * @param timeoutMs after which the broker counts as dead, from this heartbeat on
     * @param priority lower is preferred
     */
    record Heartbeat(
            GroupKey group,
            BrokerId id,
            String address,
            int epoch,
            long maxOffset,
            long confirmOffset,
            long timeoutMs,
            int priority,
            ConnectionId connection) {}
}
