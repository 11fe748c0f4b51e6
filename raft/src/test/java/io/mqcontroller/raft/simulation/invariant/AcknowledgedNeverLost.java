package io.mqcontroller.raft.simulation.invariant;

import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.ProposalId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What was acknowledged is in the state of every member in the end, and was committed when it was acknowledged. */
public final class AcknowledgedNeverLost implements Invariant {
    private final CommittedLog committed;
    private final Map<ProposalId, Long> acknowledged = new HashMap<>();
    private final Map<ProposalId, Long> tookEffect = new HashMap<>();

    public AcknowledgedNeverLost(CommittedLog committed) {
        this.committed = committed;
    }

    @Override
    public void onApplied(Member member, Entry entry, boolean duplicate) {
        if (!duplicate) {
            tookEffect.putIfAbsent(entry.proposal(), entry.index());
        }
    }

    @Override
    public void onAcknowledged(Member member, ProposalId id, long index) {
        if (index > committed.lastIndex() || !tookEffect.containsKey(id)) {
            throw new InvariantViolation(
                    getClass(), member.id() + " acknowledges " + id + " at " + index + ", which is not committed");
        }
        acknowledged.put(id, index);
    }

    @Override
    public void atEnd(List<? extends Member> members) {
        for (Member member : members) {
            for (Map.Entry<ProposalId, Long> one : acknowledged.entrySet()) {
                long index = one.getValue();
                if (member.appliedIndex() < index || !member.store().holds(index, committed.chain(index))) {
                    throw new InvariantViolation(
                            getClass(), member.id() + " has lost " + one.getKey() + ", acknowledged at index " + index);
                }
            }
        }
    }
}
