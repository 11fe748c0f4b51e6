package io.mqcontroller.raft.simulation.invariant;

import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Entry;
import java.util.HashMap;
import java.util.Map;

/** R4: no two members apply different entries at one index (§5.4.3), and each applies in order, once in a life. */
public final class StateMachineSafety implements Invariant {
    private final CommittedLog committed;
    private final Map<Member, Long> lastApplied = new HashMap<>();

    public StateMachineSafety(CommittedLog committed) {
        this.committed = committed;
    }

    @Override
    public void onStart(Member member) {
        lastApplied.put(member, 0L);
    }

    @Override
    public void onEffect(Member member, Effect effect) {
        if (effect instanceof Effect.RestoreStateMachine restore) {
            long index = restore.snapshot().last().index();
            if (index < lastApplied.get(member)) {
                throw new InvariantViolation(
                        getClass(),
                        member.id() + " goes back from index " + lastApplied.get(member) + " to the snapshot of "
                                + restore.snapshot().last());
            }
            if (index > committed.lastIndex()
                    || committed.chain(index) != restore.snapshot().chain()) {
                throw new InvariantViolation(
                        getClass(),
                        member.id() + " restores a snapshot of "
                                + restore.snapshot().last() + ", which nobody has committed");
            }
            lastApplied.put(member, index);
        }
    }

    @Override
    public void onApplied(Member member, Entry entry, boolean duplicate) {
        long expected = lastApplied.get(member) + 1;
        if (entry.index() != expected) {
            throw new InvariantViolation(
                    getClass(), member.id() + " applies index " + entry.index() + " where " + expected + " is next");
        }
        lastApplied.put(member, entry.index());
        if (committed.chain(entry.index()) != entry.chain()) {
            throw new InvariantViolation(
                    getClass(),
                    member.id() + " applies " + entry.position() + " where " + committed.position(entry.index())
                            + " was applied before");
        }
    }
}
