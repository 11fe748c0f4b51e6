package io.mqcontroller.raft.simulation.invariant;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Entry;
import java.util.HashMap;
import java.util.Map;

/** R9: members that have applied the same index are in the same state, and remember the same sessions. */
public final class StateHashEqual implements Invariant {
    private final Map<Long, Long> hashByIndex = new HashMap<>();
    private final Map<Long, Bytes> sessionsByIndex = new HashMap<>();

    @Override
    public void onApplied(Member member, Entry entry, boolean duplicate) {
        check(member, entry.index());
    }

    @Override
    public void onEffect(Member member, Effect effect) {
        if (effect instanceof Effect.RestoreStateMachine restore) {
            check(member, restore.snapshot().last().index());
        } else if (effect instanceof Effect.TakeSnapshot snapshot) {
            Bytes other = sessionsByIndex.putIfAbsent(snapshot.position().index(), snapshot.sessions());
            if (other != null && !other.equals(snapshot.sessions())) {
                throw new InvariantViolation(
                        getClass(), member.id() + " remembers other sessions at " + snapshot.position());
            }
        }
    }

    private void check(Member member, long index) {
        Long other = hashByIndex.putIfAbsent(index, member.stateHash());
        if (other != null && other != member.stateHash()) {
            throw new InvariantViolation(getClass(), member.id() + " is in another state at index " + index);
        }
    }
}
