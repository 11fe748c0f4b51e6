package io.mqcontroller.raft.simulation.invariant;

import io.mqcontroller.raft.core.HardState;
import io.mqcontroller.raft.core.RaftStatus;
import java.util.HashMap;
import java.util.Map;

/** R5: term, commit index and applied index of a member never go back; over a restart, what of them was durable does not. */
public final class TermAndCommitMonotonic implements Invariant {
    private record Seen(long term, long commitIndex, long appliedIndex) {}

    private final Map<Member, Seen> seen = new HashMap<>();
    private final Map<Store, HardState> durable = new HashMap<>();

    private record Store(Member member, int number) {}

    @Override
    public void onStart(Member member) {
        RaftStatus status = member.status();
        HardState kept = durable.getOrDefault(new Store(member, member.stores()), HardState.INITIAL);
        if (status.term() < kept.term() || status.commitIndex() < kept.commitIndex()) {
            throw new InvariantViolation(
                    getClass(), member.id() + " starts as " + status + " although its disk held " + kept);
        }
        seen.put(member, new Seen(status.term(), status.commitIndex(), 0));
    }

    @Override
    public void afterStep(Member member) {
        RaftStatus status = member.status();
        Seen now = new Seen(status.term(), status.commitIndex(), status.appliedIndex());
        Seen before = seen.put(member, now);
        if (now.term < before.term || now.commitIndex < before.commitIndex || now.appliedIndex < before.appliedIndex) {
            throw new InvariantViolation(getClass(), member.id() + " went back from " + before + " to " + now);
        }
        if (now.appliedIndex > now.commitIndex
                || now.commitIndex > status.last().index()) {
            throw new InvariantViolation(getClass(), "applied <= commit <= last does not hold: " + status);
        }
        durable.put(new Store(member, member.stores()), member.store().durableHardState());
    }
}
