package io.mqcontroller.controller.controller.service;

import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.ElectionReason;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.Refusal;
import java.util.Optional;

/** What metrics want to know. Called on the controller loop unless it says otherwise; must return at once, and not throw. */
public interface ControllerObserver {
    /** Wants to know nothing. */
    ControllerObserver NONE = new ControllerObserver() {};

    /** An election that this leader decided is committed. {@code master} is empty if it found nobody. */
    default void onElection(GroupKey group, ElectionReason reason, Optional<BrokerId> master, boolean unclean) {}

    /** A group without a master has nobody who may become it; once for each change of the reason. */
    default void onNobodyEligible(GroupKey group, String why) {}

    /** A SyncStateSet that its master asked for is committed. */
    default void onSyncStateSetAltered(GroupKey group) {}

    /** The only answer that ends an Apache master's wait: the old set under a higher epoch, because the new member is not alive. */
    default void onSyncStateSetSettled(GroupKey group) {}

    /** A replica was taken in that the controllers did not know. */
    default void onReplicaAdopted(GroupKey group, BrokerId id) {}

    /** A heartbeat was taken in. */
    default void onHeartbeat(boolean relayed) {}

    /** A heartbeat did not count: another broker is alive under its id, or too many replicas are remembered. */
    default void onHeartbeatRefused(String reason) {}

    /** A heartbeat of an agent was taken in, which has fenced its broker so often since the one before. */
    default void onAgentHeartbeat(long fencings) {}

    /** A master gets a lease, if this member can prove that it leads. */
    default void onLeaseGranted(GroupKey group) {}

    /** An agent that calls itself master gets none. */
    default void onLeaseRefused(GroupKey group, LeaseRefusal reason) {}

    /** A master gave its lease back. */
    default void onLeaseGivenBack(GroupKey group) {}

    /** An election has to wait so long for the old master's lease to run out. */
    default void onElectionHeldUp(GroupKey group, long ms) {}

    /** A request was refused, {@code useCase} being what it asked for. */
    default void onRefused(String useCase, Refusal refusal) {}

    /** One turn of the loop took in this many events at once. */
    default void onTurn(int events) {}

    /** A batch of decisions was proposed; this many answers wait for it. */
    default void onProposed(int records, int answers) {}

    /** Something was dropped or refused because the mailbox was full. Called on the thread of whoever brought it. */
    default void onMailboxFull(String what) {}

    /** A piece of work met an error and was left out; the loop goes on. */
    default void onTaskFailed(String task, Throwable error) {}
}
