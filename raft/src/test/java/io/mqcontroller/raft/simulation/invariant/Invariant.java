package io.mqcontroller.raft.simulation.invariant;

import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.ProposalId;
import java.util.List;

/** A rule that must hold at every moment. Each method throws {@link InvariantViolation} when it does not. */
public interface Invariant {
    /** The member came up with what its disk had kept. */
    default void onStart(Member member) {}

    /** The member carries this effect out, right now. */
    default void onEffect(Member member, Effect effect) {}

    /** The member's state machine was given this entry (or skipped it as a {@code duplicate}). */
    default void onApplied(Member member, Entry entry, boolean duplicate) {}

    /** The member has taken in one batch of events. */
    default void afterStep(Member member) {}

    /** Somebody was told that the proposal is done. */
    default void onAcknowledged(Member member, ProposalId id, long index) {}

    /** Nobody will propose this one any more, and each attempt was told that it is not and never will be in the log. */
    default void onGivenUp(ProposalId id) {}

    /** The member is asked for a linearizable read of {@code key}. */
    default void onReadBegun(Member member, long readId, int key) {}

    /** The member serves the read; {@code value} is the number that its state holds. */
    default void onReadServed(Member member, long readId, long readIndex, long value) {}

    /** A client calls: a write of {@code number} to {@code key}, or a read if {@code number} is 0. */
    default void onCalled(long client, long operation, int key, long number) {}

    /** The client has its answer; of a read: how many writes took effect, and the chain over what they wrote. */
    default void onAnswered(long client, long operation, long writes, long chain) {}

    /** The client was told that the write has not happened and never will. Without any answer nobody knows. */
    default void onRefused(long client, long operation) {}

    /** All faults are over, and all members have come together. */
    default void atEnd(List<? extends Member> members) {}
}
