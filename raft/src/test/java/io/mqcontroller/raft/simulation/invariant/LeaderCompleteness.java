package io.mqcontroller.raft.simulation.invariant;

import io.mqcontroller.raft.core.RoleName;
import java.util.HashMap;
import java.util.Map;

/** R3: an entry that was committed in a term is in the log of each leader of a higher term (§5.4). */
public final class LeaderCompleteness implements Invariant {
    private final CommittedLog committed;
    private final Map<Member, Long> checkedTerm = new HashMap<>();

    public LeaderCompleteness(CommittedLog committed) {
        this.committed = committed;
    }

    @Override
    public void onStart(Member member) {
        checkedTerm.remove(member);
    }

    @Override
    public void afterStep(Member member) {
        if (member.status().role() != RoleName.LEADER) {
            return;
        }
        long term = member.status().term();
        if (Long.valueOf(term).equals(checkedTerm.put(member, term))) {
            return;
        }
        long mustHold = committed.lastIndexCommittedBefore(term);
        if (mustHold > 0 && !member.store().holds(mustHold, committed.chain(mustHold))) {
            throw new InvariantViolation(
                    getClass(),
                    member.id() + " leads term " + term + " without the committed entry "
                            + committed.position(mustHold) + "; its log ends at "
                            + member.store().writtenLast());
        }
    }
}
