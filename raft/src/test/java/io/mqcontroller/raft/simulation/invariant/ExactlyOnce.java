package io.mqcontroller.raft.simulation.invariant;

import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.EntryKind;
import io.mqcontroller.raft.core.ProposalId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A proposal takes effect at most once, however often it is repeated, at the same index on every member; never, when each
 * attempt was told that it will not happen.
 */
public final class ExactlyOnce implements Invariant {
    private final Map<ProposalId, Long> effectiveAt = new HashMap<>();
    private final Set<ProposalId> givenUp = new HashSet<>();

    @Override
    public void onGivenUp(ProposalId id) {
        givenUp.add(id);
        if (effectiveAt.containsKey(id)) {
            throw new InvariantViolation(getClass(), id + " was refused each time, and took effect");
        }
    }

    @Override
    public void onApplied(Member member, Entry entry, boolean duplicate) {
        if (entry.kind() != EntryKind.COMMAND) {
            return;
        }
        ProposalId id = entry.proposal();
        Long before = effectiveAt.get(id);
        if (duplicate && (before == null || before >= entry.index())) {
            throw new InvariantViolation(
                    getClass(), member.id() + " skips " + id + " at " + entry.index() + ", which never took effect");
        }
        if (!duplicate && before != null && before != entry.index()) {
            throw new InvariantViolation(
                    getClass(),
                    member.id() + " lets " + id + " take effect at " + entry.index() + ", and it did at " + before);
        }
        if (givenUp.contains(id)) {
            throw new InvariantViolation(getClass(), id + " was refused each time, and took effect");
        }
        if (!duplicate) {
            effectiveAt.put(id, entry.index());
        }
    }
}
