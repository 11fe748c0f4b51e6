package io.mqcontroller.raft.core;

import java.util.Optional;

/**
 * How a member whose store was lost or damaged gets its vote back. It begins anew with an empty log under its old identity,
 * and has forgotten what it promised: votes in terms that it does not know, entries that a leader counted as durable here. So
 * it follows, but campaigns and votes never, and no majority counts it: not for the commit, nor for a confirmation round, nor
 * for CheckQuorum. That is part of the hard state, so it survives restarts.
 *
 * <p>When a leader hears of a loss it appends an entry. When that is committed, and the member holds the log through it, the
 * leader says so, and the member takes part again, from the leader's term on, for which its vote counts as given to that
 * leader. Why this is enough:
 *
 * <ul>
 *   <li><b>Entries.</b> Whatever was ever committed with the lost copy was committed before, or is held by the majority that
 *       elected this leader; for the member did not vote since. It stands before the new entry in the leader's log, so the
 *       member has it again.
 *   <li><b>Votes.</b> The new entry was made after the loss, in term T, and a majority without the member holds it. Up to T
 *       the member votes for nobody but T's leader. A vote that it gave and forgot for a term above T was asked for before the
 *       entry was made, by a candidate that does not have it. To win, that one needs a voter of this majority. If he voted
 *       before he took the entry in, he had left T and took nothing in from its leader; afterwards his log is newer than the
 *       candidate's. So such a vote elects nobody, and to vote in that term once more is harmless.
 *   <li><b>Several.</b> A member that is recovering belongs to no such majority. When a majority has lost its stores, nobody
 *       is elected, and nothing that was committed is overwritten.
 * </ul>
 */
final class Recovery {
    private final Member member;

    Recovery(Member member) {
        this.member = member;
    }

    /** The leader's side: {@code follower} answered. */
    void onHeard(Role.Leader leader, Progress follower, StoreHealth health, long round) {
        if (!health.recovering()) {
            follower.onHeard(member.nowMs, round, health);
            return;
        }
        boolean isKnown = follower.recoveryId() == health.recoveryId();
        if (!isKnown) {
            member.append(leader, EntryKind.LEADER_START, ProposalId.NONE, Bytes.EMPTY);
        }
        if (!isKnown || !follower.health().recovering()) {
            follower.onStoreLost(health.recoveryId(), isKnown ? follower.recoveryIndex() : member.log.lastIndex());
        }
        follower.onHeardRecovering(member.nowMs, health);
    }

    /** Said again with each answer, until it is heard. */
    void maybeConfirm(Progress follower) {
        long through = follower.recoveryIndex();
        if (follower.health().recovering() && follower.matchIndex() >= through && member.commitIndex >= through) {
            member.effects.send(
                    follower.id(),
                    new Message.RecoveryConfirmed(
                            member.term(), follower.health().recoveryId(), through));
        }
    }

    /** The recovering member's side. It votes and acknowledges when it can't forget any more that it may. */
    void onConfirmed(NodeId from, Message.RecoveryConfirmed confirmed) {
        boolean meansThisLoss = member.hard.isRecovering() && member.hard.recoveryId() == confirmed.recoveryId();
        if (meansThisLoss
                && member.role instanceof Role.Follower follower
                && follower.leader.equals(Optional.of(from))
                && member.commitIndex >= confirmed.throughIndex()
                && member.disk.durableIndex() >= confirmed.throughIndex()) {
            member.hard = member.hard.recoveredUnder(from);
            follower.replyDue = true;
        }
    }
}
