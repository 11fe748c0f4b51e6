package io.mqcontroller.agent.simulation.invariant;

import io.mqcontroller.agent.core.AckRule;
import io.mqcontroller.agent.core.AgentStatus;
import io.mqcontroller.agent.core.SyncStateSet;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.ElectionReason;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.raft.simulation.invariant.InvariantViolation;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/** A rule that must hold at every moment. Each method throws {@link InvariantViolation} when it does not. */
public interface Invariant {
    /** A controller has replayed committed records; {@code before} is as it was then, empty for a new group. */
    default void onReplayed(String controller, Optional<BrokerGroup> before, BrokerGroup after) {}

    /** A leader's own decision on a master is committed, for this reason; before it is replayed anywhere else. */
    default void onElected(GroupKey group, ElectionReason reason) {}

    /** The broker's switch to master has succeeded, under its {@code roleEpoch}. */
    default void onMaster(Broker broker) {}

    /** The agent has taken in an event, and its actions were carried out. */
    default void afterStep(Broker broker, AgentStatus status) {}

    /** The agent asks for this set. */
    default void onSetAsked(Broker broker, SortedSet<Long> set) {}

    /** The agent takes this set for the recorded one. */
    default void onSetConfirmed(Broker broker, int masterEpoch, SyncStateSet set) {}

    /** The master tells a client that its message is safe by this rule, counting these members. */
    default void onAcknowledged(Broker broker, int offset, long message, AckRule rule, SortedSet<Long> acking) {}

    /** The agent has been granted a lease, for a heartbeat that it sent then, and now holds one until then, by true time. */
    default void onLease(Broker broker, long sentUs, long grantedMs, long untilUs) {}

    /** The master under this epoch says that it has stopped, and that this replica is to be elected. */
    default void onHandedOver(Broker broker, int masterEpoch, long to) {}

    /** The broker's machine has lost the end of the log, which had this size before. */
    default void onLogLost(Broker broker, int sizeBefore) {}

    /** The broker has no agent, and its epoch file does not say what its log was written under. */
    default void onEpochMistaken(Broker broker) {}

    /** All faults are over, every group has come together. */
    default void atEnd(List<? extends Broker> brokers) {}
}
