package io.mqcontroller.raft.core;

import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Who leads: timeouts, PreVote (thesis §9.6), votes (§5.2, §5.4.1), and every change of role. */
final class Election {
    private final Member member;
    private final ReadIndex reads;

    Election(Member member, ReadIndex reads) {
        this.member = member;
        this.reads = reads;
    }

    /** The first breath of this member. */
    void start() {
        member.leaderHeardMs = member.nowMs;
        member.role = new Role.Follower(Optional.empty(), member.randomElectionDeadlineMs(), member.nowMs);
        member.roleChanged("started");
    }

    void onTick() {
        if (member.role instanceof Role.Leader leader) {
            checkQuorum(leader);
        } else if (member.hard.isRecovering()) {
            // It may have voted in any term, and its log lacks what it acknowledged.
            return;
        } else if (member.mayCampaign() && isDue()) {
            campaign();
        } else {
            askAgain();
        }
    }

    private boolean isDue() {
        // One that became the only voter hears the leader that made it so until it is told to take over.
        return isSoleVoter() && !hearsLeader()
                ? !(member.role instanceof Role.Candidate)
                : member.nowMs >= electionDeadlineMs() && !member.snapshotIsInstalling;
    }

    /**
     * Those that were asked and did not say yes. A lost message must not cost a whole election timeout, nor must a member that
     * heard the old leader a moment later than this one.
     */
    private void askAgain() {
        if (member.role instanceof Role.PreCandidate candidate && member.nowMs >= candidate.askAgainMs) {
            askForPreVotes(candidate);
        } else if (member.role instanceof Role.Candidate candidate
                && candidate.grantedBy.contains(member.self())
                && member.nowMs >= candidate.askAgainMs) {
            askForVotes(candidate);
        }
    }

    private void askForPreVotes(Role.PreCandidate candidate) {
        candidate.askAgainMs = member.nowMs + member.settings.heartbeatIntervalMs();
        sendToOthersThan(candidate.grantedBy, new Message.PreVote(member.term() + 1, member.log.last()));
    }

    private void askForVotes(Role.Candidate candidate) {
        candidate.askAgainMs = member.nowMs + member.settings.heartbeatIntervalMs();
        sendToOthersThan(
                candidate.grantedBy,
                new Message.RequestVote(member.term(), member.log.last(), candidate.leadershipTransfer));
    }

    private void sendToOthersThan(SortedSet<NodeId> granted, Message message) {
        for (NodeId id : member.configuration().members().keySet()) {
            if (member.configuration().isVoter(id) && !granted.contains(id) && !id.equals(member.self())) {
                member.effects.send(id, message);
            }
        }
    }

    /** Thesis §6.2: a leader that a majority does not hear must not go on looking like one. */
    private void checkQuorum(Role.Leader leader) {
        long timeoutMs = member.settings.electionTimeoutMs();
        SortedSet<NodeId> heard = new TreeSet<>();
        heard.add(member.self());
        for (Progress follower : leader.followers.values()) {
            if (follower.wasHeardWithin(member.nowMs, timeoutMs)) {
                heard.add(follower.id());
            }
        }
        if (!member.configuration().isMajority(heard::contains)) {
            becomeFollower(
                    member.term(),
                    Optional.empty(),
                    "heard only " + heard + " of " + member.configuration() + " for " + timeoutMs + " ms");
        }
    }

    private boolean isSoleVoter() {
        return member.isVoter() && member.configuration().isMajority(member.self()::equals);
    }

    private long electionDeadlineMs() {
        if (member.role instanceof Role.Follower follower) {
            return follower.electionDeadlineMs;
        } else if (member.role instanceof Role.PreCandidate candidate) {
            return candidate.electionDeadlineMs;
        } else if (member.role instanceof Role.Candidate candidate) {
            return candidate.electionDeadlineMs;
        }
        throw new AssertionError("no election timeout as " + member.role.name());
    }

    private void campaign() {
        String cause = isSoleVoter() ? "sole member" : causeOfTimeout();
        if (isSoleVoter()) {
            becomeCandidate(false, cause);
            return;
        }
        Role.PreCandidate candidate = new Role.PreCandidate(member.randomElectionDeadlineMs());
        candidate.grantedBy.add(member.self());
        member.role = candidate;
        member.roleChanged(cause);
        askForPreVotes(candidate);
    }

    private String causeOfTimeout() {
        if (member.role instanceof Role.Follower follower && follower.leader.isPresent()) {
            return "no word from leader " + follower.leader.get() + " for " + (member.nowMs - follower.heardMs) + " ms";
        }
        return "no leader in sight";
    }

    void onPreVote(NodeId from, Message.PreVote request) {
        boolean granted = request.term() > member.term()
                && !member.hard.isRecovering()
                && member.mayVote()
                && !hearsLeader()
                && request.lastEntry().isAtLeastAsUpToDateAs(member.log.last());
        long term = granted ? request.term() : member.term();
        member.sendDurably(from, new Message.PreVoteReply(term, granted));
    }

    void onPreVoteReply(NodeId from, Message.PreVoteReply reply) {
        if (!(member.role instanceof Role.PreCandidate candidate)
                || !reply.granted()
                || reply.term() != member.term() + 1) {
            return;
        }
        candidate.grantedBy.add(from);
        if (member.configuration().isMajority(candidate.grantedBy::contains)) {
            becomeCandidate(false, "pre-votes of " + candidate.grantedBy);
        }
    }

    /** §5.2, §5.4.1. A vote is free to be asked for again: the answer is the same. */
    void onRequestVote(NodeId from, Message.RequestVote request) {
        boolean granted = request.term() == member.term()
                && !member.hard.isRecovering()
                && member.mayVote()
                && member.hard.canVoteFor(from)
                && request.lastEntry().isAtLeastAsUpToDateAs(member.log.last());
        if (granted) {
            member.hard = member.hard.withVote(from);
            if (member.role instanceof Role.Follower follower) {
                follower.electionDeadlineMs = member.randomElectionDeadlineMs();
            }
        }
        // A vote forgotten in a crash can elect two leaders in one term.
        member.sendDurably(from, new Message.VoteReply(member.term(), granted));
    }

    /** Thesis §4.2.3: a member that was cut off, or removed, must not be able to depose a leader that works. */
    boolean ignores(NodeId from, Message message) {
        boolean asksForVote = message instanceof Message.RequestVote || message instanceof Message.PreVote;
        return asksForVote && member.configuration().removed().contains(from)
                || message instanceof Message.RequestVote vote && !vote.leadershipTransfer() && hearsLeader();
    }

    private boolean hearsLeader() {
        if (member.settings.readLeaseMs() > 0
                && member.nowMs - member.leaderHeardMs < member.settings.electionTimeoutMs()) {
            // Whatever it has forgotten or seen since: a leader may count on it.
            return true;
        }
        if (member.role instanceof Role.Follower follower) {
            return follower.leader.isPresent() && member.nowMs - follower.heardMs < member.settings.electionTimeoutMs();
        }
        // CheckQuorum sees to it that a leader is one that works.
        return member.role instanceof Role.Leader;
    }

    void onVoteReply(NodeId from, Message.VoteReply reply) {
        if (member.role instanceof Role.Candidate candidate && reply.granted() && reply.term() == member.term()) {
            candidate.grantedBy.add(from);
            maybeWin(candidate);
        }
    }

    /** The own vote counts, and the others are asked, when it cannot be forgotten any more. */
    void onPersisted() {
        if (member.role instanceof Role.Candidate candidate
                && !candidate.grantedBy.contains(member.self())
                && member.disk.isDurable(member.disk.promiseSequence(member.hard))) {
            candidate.grantedBy.add(member.self());
            askForVotes(candidate);
            maybeWin(candidate);
        }
    }

    void onTimeoutNow(NodeId from) {
        if (member.role instanceof Role.Follower follower
                && follower.leader.equals(Optional.of(from))
                && !member.hard.isRecovering()
                && member.mayCampaign()
                && !member.snapshotIsInstalling) {
            becomeCandidate(true, "leader " + from + " hands over");
        }
    }

    /** This member hears the leader of its term: it follows. */
    Role.Follower followLeader(NodeId leader) {
        if (member.role instanceof Role.Leader) {
            throw new LogDamagedException("two members lead term " + member.term() + ": this one and " + leader);
        }
        if (!(member.role instanceof Role.Follower)) {
            becomeFollower(member.term(), Optional.of(leader), "leader " + leader + " of this term speaks");
        }
        Role.Follower follower = (Role.Follower) member.role;
        if (follower.leader.isEmpty()) {
            follower.leader = Optional.of(leader);
            member.roleChanged("leader " + leader + " of this term speaks");
        }
        follower.heardMs = member.nowMs;
        member.leaderHeardMs = member.nowMs;
        follower.electionDeadlineMs = member.randomElectionDeadlineMs();
        return follower;
    }

    void becomeFollower(long term, Optional<NodeId> leader, String cause) {
        if (member.role instanceof Role.Leader oldLeader) {
            reads.rejectAll(oldLeader, leader);
        }
        // A timeout that is under way goes on: candidates that cannot win must not keep this member from trying.
        long deadlineMs = member.role instanceof Role.Follower follower
                ? follower.electionDeadlineMs
                : member.randomElectionDeadlineMs();
        if (term > member.term()) {
            member.hard = member.hard.withTerm(term);
        }
        member.role = new Role.Follower(leader, deadlineMs, member.nowMs);
        member.roleChanged(cause);
    }

    private void becomeCandidate(boolean leadershipTransfer, String cause) {
        member.hard = member.hard.withTerm(member.term() + 1).withVote(member.self());
        member.role = new Role.Candidate(member.randomElectionDeadlineMs(), leadershipTransfer);
        member.roleChanged(cause);
    }

    private void maybeWin(Role.Candidate candidate) {
        if (candidate.grantedBy.contains(member.self())
                && member.configuration().isMajority(candidate.grantedBy::contains)) {
            becomeLeader("votes of " + candidate.grantedBy);
        }
    }

    private void becomeLeader(String cause) {
        Role.Leader leader = new Role.Leader(member.log.lastIndex() + 1);
        leader.follow(member.configuration(), member.self(), member.log.lastIndex(), member.nowMs);
        for (long index = member.commitIndex + 1; index <= member.log.lastIndex(); index++) {
            leader.uncommittedBytes += RaftLog.sizeOf(member.log.entryAt(index));
        }
        member.role = leader;
        member.roleChanged(cause);
        // §8: only an entry of its own tells a new leader what is committed.
        member.append(leader, EntryKind.LEADER_START, ProposalId.NONE, Bytes.EMPTY);
    }
}
