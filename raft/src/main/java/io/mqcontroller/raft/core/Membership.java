package io.mqcontroller.raft.core;

import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Changes of the members (§6, thesis §4), one at a time. Learners come and go in one step, for they do not count. Voters change
 * through a joint configuration, and a leader ends that as soon as it is committed, also when it found it in its log. Nothing
 * is begun before the leader has committed an entry of its own term: until then a predecessor's configuration, which this
 * leader does not know or may still lose, could decide beside its own.
 */
final class Membership {
    private final Member member;
    private final LeadershipTransfer transfer;
    private Configuration announced;

    Membership(Member member, LeadershipTransfer transfer) {
        this.member = member;
        this.transfer = transfer;
    }

    void onRequested(Event.ChangeMembership request) {
        MembershipChange change = request.change();
        Optional<MembershipRejection> rejection = reasonToReject(change);
        if (rejection.isPresent()) {
            member.effects.add(
                    new Effect.MembershipChangeRejected(request.changeId(), rejection.get(), member.knownLeader()));
            return;
        }
        Role.Leader leader = (Role.Leader) member.role;
        leader.changeId = Optional.of(request.changeId());
        enter(leader, firstStepOf(change));
    }

    private Optional<MembershipRejection> reasonToReject(MembershipChange change) {
        if (!(member.role instanceof Role.Leader leader)) {
            return Optional.of(MembershipRejection.NOT_LEADER);
        } else if (leader.handover.isPresent()) {
            return Optional.of(MembershipRejection.TRANSFERRING);
        } else if (member.commitIndex < leader.startIndex) {
            return Optional.of(MembershipRejection.NOT_READY);
        } else if (member.configuration().isJoint() || !isCommitted()) {
            return Optional.of(MembershipRejection.CHANGE_UNDER_WAY);
        }
        return reasonAgainst(change, leader).or(() -> riskOf(firstStepOf(change), leader));
    }

    /**
     * Whether those who are to decide can do so now. A member that is down may come back; but one that recovers its store counts
     * only after something was committed, so waiting for it would have no end. Whether it does, a new leader learns from its first
     * answer.
     */
    private Optional<MembershipRejection> riskOf(Configuration next, Role.Leader leader) {
        long timeoutMs = member.settings.electionTimeoutMs();
        if (isMajority(next, leader, follower -> follower.answeredWithin(member.nowMs, timeoutMs))) {
            return Optional.empty();
        }
        boolean mayStillAnswer = isMajority(next, leader, follower -> follower.wasHeardWithin(member.nowMs, timeoutMs));
        return Optional.of(mayStillAnswer ? MembershipRejection.NOT_READY : MembershipRejection.MAJORITY_AT_RISK);
    }

    private boolean isMajority(Configuration next, Role.Leader leader, Predicate<Progress> counts) {
        return next.isMajority(id ->
                id.equals(member.self()) || leader.followers.containsKey(id) && counts.test(leader.followers.get(id)));
    }

    private boolean isCommitted() {
        return member.commitIndex >= member.configurations.currentIndex();
    }

    private Optional<MembershipRejection> reasonAgainst(MembershipChange change, Role.Leader leader) {
        if (change instanceof MembershipChange.AddLearner add) {
            return reasonNotToAdd(add.member().id());
        } else if (change instanceof MembershipChange.Promote promote) {
            return reasonNotToPromote(promote.learner(), leader);
        } else if (change instanceof MembershipChange.Remove remove) {
            return reasonNotToRemove(remove.member());
        } else if (change instanceof MembershipChange.Replace replace) {
            Configuration now = member.configuration();
            if (now.isMember(replace.voter()) && !now.isVoter(replace.voter())) {
                return Optional.of(MembershipRejection.NOT_A_VOTER);
            } else if (!now.isMember(replace.voter())) {
                return Optional.of(MembershipRejection.UNKNOWN_MEMBER);
            }
            return reasonNotToPromote(replace.learner(), leader);
        }
        throw new AssertionError("unhandled " + change);
    }

    private Optional<MembershipRejection> reasonNotToAdd(NodeId id) {
        if (member.configuration().removed().contains(id)) {
            return Optional.of(MembershipRejection.ID_WAS_USED);
        }
        return member.configuration().isMember(id) ? Optional.of(MembershipRejection.ALREADY_MEMBER) : Optional.empty();
    }

    private Optional<MembershipRejection> reasonNotToPromote(NodeId id, Role.Leader leader) {
        if (!member.configuration().isMember(id)) {
            return Optional.of(MembershipRejection.UNKNOWN_MEMBER);
        } else if (member.configuration().isVoter(id)) {
            return Optional.of(MembershipRejection.ALREADY_VOTER);
        }
        return hasCaughtUp(leader.followers.get(id))
                ? Optional.empty()
                : Optional.of(MembershipRejection.NOT_CAUGHT_UP);
    }

    private Optional<MembershipRejection> reasonNotToRemove(NodeId id) {
        if (!member.configuration().isMember(id)) {
            return Optional.of(MembershipRejection.UNKNOWN_MEMBER);
        }
        SortedSet<NodeId> voters = member.configuration().voters();
        return voters.contains(id) && voters.size() == 1
                ? Optional.of(MembershipRejection.LAST_VOTER)
                : Optional.empty();
    }

    /**
     * Thesis §4.2.1: one that counts and is far behind would hold up commits until it has caught up. What one message brings is
     * not far. But it must hold the configuration that names it: before it does, it has no vote to give, and if the leader is
     * gone nobody can tell it.
     */
    private boolean hasCaughtUp(Progress learner) {
        return learner.mode() == Progress.Mode.REPLICATE
                && learner.wasHeardWithin(member.nowMs, member.settings.electionTimeoutMs())
                && member.log.lastIndex() - learner.matchIndex() <= member.settings.maxEntriesPerAppend()
                && learner.matchIndex() >= member.configurations.currentIndex();
    }

    private Configuration firstStepOf(MembershipChange change) {
        Configuration now = member.configuration();
        if (change instanceof MembershipChange.AddLearner add) {
            return now.withLearner(add.member());
        }
        SortedSet<NodeId> voters = new TreeSet<>(now.voters());
        if (change instanceof MembershipChange.Promote promote) {
            voters.add(promote.learner());
        } else if (change instanceof MembershipChange.Remove remove) {
            if (!voters.remove(remove.member())) {
                return now.withoutLearner(remove.member());
            }
        } else if (change instanceof MembershipChange.Replace replace) {
            voters.remove(replace.voter());
            voters.add(replace.learner());
        } else {
            throw new AssertionError("unhandled " + change);
        }
        return now.jointWith(voters);
    }

    private void enter(Role.Leader leader, Configuration next) {
        member.append(leader, EntryKind.CONFIGURATION, ProposalId.NONE, ConfigurationFormat.write(next));
    }

    /** The leader's next step, when the one before is committed. */
    void advance(Role.Leader leader) {
        if (!isCommitted() || member.commitIndex < leader.startIndex) {
            return;
        }
        Configuration now = member.configuration();
        if (now.isJoint()) {
            if (leader.handover.isEmpty()) {
                enter(leader, now.withoutOutgoing());
            }
            return;
        }
        leader.changeId.ifPresent(id -> member.effects.add(new Effect.MembershipChanged(id, now)));
        leader.changeId = Optional.empty();
        if (!member.isVoter()) {
            transfer.handOverForGood(leader);
        }
    }

    /** Tells the surroundings who is to be reached, and gives a leader its followers. */
    void announce() {
        Configuration now = member.configuration();
        if (!now.equals(announced)) {
            announced = now;
            member.effects.add(new Effect.ConfigurationChanged(now, member.configurations.currentIndex()));
        }
    }
}
