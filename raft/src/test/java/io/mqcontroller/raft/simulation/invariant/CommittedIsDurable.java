package io.mqcontroller.raft.simulation.invariant;

import io.mqcontroller.raft.core.Configuration;
import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.EntryKind;
import io.mqcontroller.raft.core.NodeId;
import java.util.List;
import java.util.SortedSet;

/**
 * What is applied anywhere is durable on a majority and on the member that applies it (§5.3; thesis §10.2.1), and is never
 * cut off a log again.
 */
public final class CommittedIsDurable implements Invariant {
    private final List<? extends Member> members;
    private Configuration configuration;
    private long checkedIndex;

    public CommittedIsDurable(List<? extends Member> members, Configuration first) {
        this.members = members;
        this.configuration = first;
    }

    @Override
    public void onApplied(Member member, Entry entry, boolean duplicate) {
        if (!member.store().holdsDurably(entry.index(), entry.chain())) {
            throw new InvariantViolation(
                    getClass(), member.id() + " applies " + entry.position() + ", which its disk may still lose");
        }
        if (entry.index() <= checkedIndex) {
            return;
        }
        checkedIndex = entry.index();
        if (entry.kind() == EntryKind.CONFIGURATION) {
            configuration = Configuration.parse(entry.command());
        }
        // Of two sets of voters those that stay: they decide alone when the leader has taken the next step already. It
        // takes that only when both have the one before.
        requireMajority(member, entry, configuration.voters());
        if (entry.kind() == EntryKind.CONFIGURATION && configuration.isJoint()) {
            requireMajority(member, entry, configuration.outgoing());
        }
    }

    private void requireMajority(Member member, Entry entry, SortedSet<NodeId> voters) {
        int holders = 0;
        for (Member other : members) {
            // One that lost its store and does not vote yet counts as if it had what it acknowledged before: nobody is
            // elected with its help who lacks it.
            boolean holds = other.store().holdsDurably(entry.index(), entry.chain())
                    || other.store().durableHardState().isRecovering()
                    || other.storeIsLost();
            holders += voters.contains(other.id()) && holds ? 1 : 0;
        }
        if (2 * holders <= voters.size()) {
            throw new InvariantViolation(
                    getClass(),
                    member.id() + " applies " + entry.position() + ", which is durable on " + holders + " of " + voters
                            + " under " + configuration);
        }
    }

    @Override
    public void onEffect(Member member, Effect effect) {
        if (effect instanceof Effect.Persist persist
                && persist.truncateFrom().isPresent()
                && persist.truncateFrom().getAsLong() <= member.appliedIndex()) {
            throw new InvariantViolation(
                    getClass(),
                    member.id() + " cuts its log from " + persist.truncateFrom().getAsLong() + " on, with "
                            + member.appliedIndex() + " applied");
        }
    }
}
