package io.mqcontroller.raft.simulation.invariant;

import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Entry;
import java.util.HashMap;
import java.util.Map;

/**
 * R2: if two logs hold an entry with the same index and term, they are the same up to there (§5.3). The chain value stands for
 * the whole past of an entry, so one comparison per entry is enough.
 */
public final class LogMatching implements Invariant {
    private final Map<Long, Map<Long, Long>> chainByIndexByTerm = new HashMap<>();

    @Override
    public void onEffect(Member member, Effect effect) {
        if (!(effect instanceof Effect.Persist persist)) {
            return;
        }
        for (Entry entry : persist.append()) {
            Long other = chainByIndexByTerm
                    .computeIfAbsent(entry.term(), term -> new HashMap<>())
                    .putIfAbsent(entry.index(), entry.chain());
            if (other != null && other != entry.chain()) {
                throw new InvariantViolation(
                        getClass(),
                        member.id() + " holds another entry or another past at " + entry.position()
                                + " than was seen before");
            }
        }
    }
}
