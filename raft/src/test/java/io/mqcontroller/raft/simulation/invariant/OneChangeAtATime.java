package io.mqcontroller.raft.simulation.invariant;

import io.mqcontroller.raft.core.Configuration;
import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.EntryKind;
import io.mqcontroller.raft.core.Message;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RoleName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * R7: the members change one step at a time, each committed before the next begins, and each such that every majority before
 * meets every majority after it (§6). Who does not count takes no part: learners and strangers ask for no votes, and one whose
 * store was made to join votes only once it was named.
 */
public final class OneChangeAtATime implements Invariant {
    /** A learner that is let vote has all but the last few entries: more than any plan sends at once. */
    private static final int FEW_ENTRIES = 60;

    private record Placed(long index, Configuration configuration) {}

    private final List<? extends Member> members;
    private final Configuration first;
    private final Map<Member, Placed> newest = new HashMap<>();
    private final Set<NodeId> everNamed = new HashSet<>();
    private Placed committed;

    public OneChangeAtATime(List<? extends Member> members, Configuration first) {
        this.members = members;
        this.first = first;
        this.committed = new Placed(0, first);
    }

    @Override
    public void onStart(Member member) {
        remember(member);
    }

    @Override
    public void afterStep(Member member) {
        remember(member);
    }

    private void remember(Member member) {
        Configuration now = member.status().configuration();
        newest.put(member, new Placed(member.status().configurationIndex(), now));
        if (now.isMember(member.id())) {
            everNamed.add(member.id());
        }
    }

    @Override
    public void onApplied(Member member, Entry entry, boolean duplicate) {
        if (entry.kind() == EntryKind.CONFIGURATION && entry.index() > committed.index) {
            Placed next = new Placed(entry.index(), Configuration.parse(entry.command()));
            requireStep(member, committed.configuration, next.configuration);
            committed = next;
        }
    }

    @Override
    public void onEffect(Member member, Effect effect) {
        if (effect instanceof Effect.Persist persist && member.status().role() == RoleName.LEADER) {
            for (Entry entry : persist.append()) {
                if (entry.kind() == EntryKind.CONFIGURATION
                        && entry.term() == member.status().term()) {
                    onBegun(member, entry);
                }
            }
        } else if (effect instanceof Effect.Send send) {
            onSent(member, send.message());
        }
    }

    private void onBegun(Member leader, Entry entry) {
        Placed before = newest.get(leader);
        Configuration next = Configuration.parse(entry.command());
        if (before.index > leader.status().commitIndex()) {
            throw new InvariantViolation(
                    getClass(),
                    leader.id() + " begins " + next + " at " + entry.index() + " before " + before + " is committed");
        }
        requireStep(leader, before.configuration, next);
        for (Member other : members) {
            boolean comes = next.voters().contains(other.id())
                    && !before.configuration.voters().contains(other.id());
            // Of a store that was lost a moment ago the leader cannot know.
            boolean isWhole = !other.store().durableHardState().isRecovering() && !other.storeIsLost();
            if (comes && isWhole && other.store().durableLast().index() < entry.index() - FEW_ENTRIES) {
                throw new InvariantViolation(
                        getClass(),
                        leader.id() + " lets " + other.id() + " vote at " + entry.index() + ", which has come to "
                                + other.store().durableLast());
            }
        }
    }

    private void requireStep(Member member, Configuration before, Configuration after) {
        boolean isStep = before.isJoint()
                ? !after.isJoint() && after.voters().equals(before.voters())
                : after.isJoint()
                        ? after.outgoing().equals(before.voters())
                        : after.voters().equals(before.voters());
        if (!isStep || !after.removed().containsAll(before.removed())) {
            throw new InvariantViolation(getClass(), member.id() + " goes in one step from " + before + " to " + after);
        }
    }

    private void onSent(Member member, Message message) {
        boolean asks = message instanceof Message.PreVote || message instanceof Message.RequestVote;
        boolean maybeNeeded =
                member.status().configurationIndex() > member.status().commitIndex();
        if (asks && !maybeNeeded && !member.status().configuration().isVoter(member.id())) {
            throw new InvariantViolation(
                    getClass(),
                    member.id() + " asks for votes, which is no voter of "
                            + member.status().configuration());
        }
        boolean votes = message instanceof Message.VoteReply reply && reply.granted();
        if (votes && !first.isMember(member.id()) && !everNamed.contains(member.id())) {
            throw new InvariantViolation(getClass(), member.id() + " votes, which nobody has named a member");
        }
    }
}
