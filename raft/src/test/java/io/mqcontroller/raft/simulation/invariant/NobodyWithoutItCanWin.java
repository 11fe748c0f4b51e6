package io.mqcontroller.raft.simulation.invariant;

import io.mqcontroller.raft.core.Configuration;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.NodeId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * There are never two majorities: when an entry is first applied anywhere, nobody who lacks it could be elected, whatever is
 * lost that is not durable and whoever is heard from then on (§5.4.1, §6). That is, of no member without the entry do the
 * voters of its own configuration whose logs are no newer than its own make a majority. {@link LeaderCompleteness} sees the
 * same when somebody was elected; here it is enough that somebody could be.
 *
 * <p>It finds no mutant that nothing else finds, but more seeds of it, and sooner: docs/robustness-record.md has the numbers. What
 * it does not see: an entry that could be lost later, for it looks once, when the entry is first applied; members that lost
 * their stores, who don't vote here; and votes that were given already.
 */
public final class NobodyWithoutItCanWin implements Invariant {
    private final Map<NodeId, Member> members = new HashMap<>();
    private final List<? extends Member> candidates;
    private long checkedIndex;

    public NobodyWithoutItCanWin(List<? extends Member> members) {
        this.candidates = members;
        members.forEach(member -> this.members.put(member.id(), member));
    }

    @Override
    public void onApplied(Member member, Entry entry, boolean duplicate) {
        if (entry.index() <= checkedIndex) {
            return;
        }
        checkedIndex = entry.index();
        for (Member candidate : candidates) {
            if (!candidate.store().holdsDurably(entry.index(), entry.chain()) && canWin(candidate)) {
                throw new InvariantViolation(
                        getClass(),
                        member.id() + " applies " + entry.position() + ", and " + candidate.id()
                                + " could be elected without it: its log ends at "
                                + candidate.store().durableLast() + ", under "
                                + candidate.status().configuration());
            }
        }
    }

    private boolean canWin(Member candidate) {
        Configuration own = candidate.status().configuration();
        boolean maybeNeeded =
                candidate.status().configurationIndex() > candidate.status().commitIndex();
        LogPosition last = candidate.store().durableLast();
        return votes(candidate)
                && (maybeNeeded || own.isVoter(candidate.id()))
                && isMajority(own.voters(), last)
                && (!own.isJoint() || isMajority(own.outgoing(), last));
    }

    private boolean isMajority(Set<NodeId> voters, LogPosition last) {
        int count = 0;
        for (NodeId id : voters) {
            Member voter = members.get(id);
            boolean yes =
                    votes(voter) && last.isAtLeastAsUpToDateAs(voter.store().durableLast());
            count += yes ? 1 : 0;
        }
        return 2 * count > voters.size();
    }

    private static boolean votes(Member member) {
        return !member.storeIsLost() && !member.store().durableHardState().isRecovering();
    }
}
