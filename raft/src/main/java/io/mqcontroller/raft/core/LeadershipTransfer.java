package io.mqcontroller.raft.core;

import java.util.Comparator;
import java.util.Optional;

/**
 * Hands leadership on (thesis §3.10): nothing new is taken, the target catches up, then it is told to start an election at
 * once. Given up after an election timeout, for the cluster takes no proposals meanwhile.
 *
 * <p>A leader whose disk is full or slow does so by itself, if somebody else's is not.
 */
final class LeadershipTransfer {
    private final Member member;
    private final Election election;

    LeadershipTransfer(Member member, Election election) {
        this.member = member;
        this.election = election;
    }

    void onRequested(Event.TransferLeadership request) {
        if (!(member.role instanceof Role.Leader leader) || leader.handover.isPresent()) {
            return;
        }
        Optional<NodeId> target = request.target().isPresent()
                ? request.target().filter(id -> mayLead(id) && leader.followers.containsKey(id))
                : mostUpToDate(leader);
        target.ifPresent(id -> begin(leader, id));
    }

    private void begin(Role.Leader leader, NodeId target) {
        long deadlineMs = member.nowMs + member.settings.electionTimeoutMs();
        leader.handover = Optional.of(new Role.Handover(target, deadlineMs, member.nowMs));
    }

    /** A learner may not, nor one that is about to be removed. */
    private boolean mayLead(NodeId id) {
        return member.configuration().voters().contains(id);
    }

    /** This leader was removed: it ends as soon as somebody takes over, or nobody does in time. */
    void handOverForGood(Role.Leader leader) {
        if (leader.handover.isPresent()) {
            return;
        }
        Optional<NodeId> target = leader.removed ? Optional.empty() : mostUpToDate(leader);
        leader.removed = true;
        if (target.isPresent()) {
            begin(leader, target.get());
        } else {
            election.becomeFollower(member.term(), Optional.empty(), "removed from the cluster");
        }
    }

    void maybeLeaveLeadership(Role.Leader leader) {
        if (leader.handover.isPresent() || !member.diskWatch.mayHandOver(member.nowMs)) {
            return;
        }
        member.diskWatch.onHandOver(member.nowMs);
        Optional<NodeId> better = mostUpToDate(leader)
                .filter(id -> !leader.followers.get(id).health().impaired());
        better.ifPresent(id -> onRequested(new Event.TransferLeadership(better)));
    }

    private Optional<NodeId> mostUpToDate(Role.Leader leader) {
        return leader.followers.values().stream()
                .filter(follower -> mayLead(follower.id()))
                .filter(follower -> follower.wasHeardWithin(member.nowMs, member.settings.electionTimeoutMs()))
                .max(Comparator.comparing(
                                (Progress follower) -> !follower.health().impaired())
                        .thenComparingLong(Progress::matchIndex)
                        .thenComparing(Progress::id, Comparator.reverseOrder()))
                .map(Progress::id);
    }

    void advance(Role.Leader leader) {
        if (leader.handover.isEmpty()) {
            return;
        }
        Role.Handover handover = leader.handover.get();
        if (member.nowMs >= handover.deadlineMs() || !mayLead(handover.target())) {
            leader.handover = Optional.empty();
        } else if (member.nowMs >= handover.askAgainMs()
                && leader.followers.get(handover.target()).matchIndex() == member.log.lastIndex()) {
            leader.leaseForfeited = true;
            member.effects.send(handover.target(), new Message.TimeoutNow(member.term()));
            leader.handover = Optional.of(new Role.Handover(
                    handover.target(), handover.deadlineMs(), member.nowMs + member.settings.heartbeatIntervalMs()));
        }
    }
}
