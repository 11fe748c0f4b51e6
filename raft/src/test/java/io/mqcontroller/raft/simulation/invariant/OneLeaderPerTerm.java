package io.mqcontroller.raft.simulation.invariant;

import io.mqcontroller.raft.core.RoleName;
import java.util.HashMap;
import java.util.Map;

/** R1: a term has at most one leader (§5.2), and only in one life of it. */
public final class OneLeaderPerTerm implements Invariant {
    private final Map<Long, String> leaders = new HashMap<>();
    private final Map<Member, Long> lastSeen = new HashMap<>();

    @Override
    public void onStart(Member member) {
        lastSeen.remove(member);
    }

    @Override
    public void afterStep(Member member) {
        if (member.status().role() != RoleName.LEADER) {
            return;
        }
        Long term = member.status().term();
        if (term.equals(lastSeen.put(member, term))) {
            return;
        }
        String leader = member.id() + " in its life " + member.life();
        String other = leaders.putIfAbsent(term, leader);
        if (other != null && !other.equals(leader)) {
            throw new InvariantViolation(getClass(), "term " + term + " has the leaders " + other + " and " + leader);
        }
    }
}
