package io.mqcontroller.raft.core;

import java.util.List;
import java.util.Optional;

/** The follower's side of the log: takes AppendEntries in (§5.3) and acknowledges what is durable. */
final class Following {
    private final Member member;
    private final Election election;

    Following(Member member, Election election) {
        this.member = member;
        this.election = election;
    }

    void onAppendEntries(NodeId from, Message.AppendEntries request) {
        Role.Follower follower = election.followLeader(from);
        boolean roundIsNew = request.round() > follower.round;
        follower.round = Math.max(follower.round, request.round());
        if (member.snapshotIsInstalling) {
            // The log is being replaced: it takes nothing now, but the leader must know that somebody is here.
            refuse(from, follower, new LogPosition(0, member.commitIndex + 1));
            return;
        }
        Optional<LogPosition> conflict = conflictAt(request.previous(), request.previousChain());
        if (conflict.isPresent()) {
            refuse(from, follower, conflict.get());
            return;
        }
        long verifiedBefore = follower.verifiedIndex;
        long verified = takeIn(request);
        follower.verifiedIndex = Math.max(verifiedBefore, verified);
        member.commitThrough(Math.min(request.commitIndex(), verified));
        // What is new here is answered when it is durable. The rest waits for nothing.
        boolean nothingNew = request.entries().isEmpty() || follower.verifiedIndex == verifiedBefore;
        follower.replyDue |= roundIsNew || nothingNew;
    }

    /** Answers the leader if there is something to say. Once a batch: one answer acknowledges all that came in it. */
    void reply() {
        if (!(member.role instanceof Role.Follower follower)
                || follower.leader.isEmpty()
                || !member.disk.isDurable(member.disk.promiseSequence(member.hard))) {
            return;
        }
        long matchIndex = Math.min(follower.verifiedIndex, member.disk.durableIndex());
        if (follower.replyDue || matchIndex > follower.ackedIndex) {
            follower.replyDue = false;
            follower.ackedIndex = Math.max(follower.ackedIndex, matchIndex);
            member.effects.send(
                    follower.leader.get(),
                    new Message.AppendReply(
                            member.term(), true, matchIndex, LogPosition.ZERO, follower.round, member.storeHealth()));
        }
    }

    private void refuse(NodeId leader, Role.Follower follower, LogPosition conflict) {
        member.sendDurably(
                leader,
                new Message.AppendReply(member.term(), false, 0, conflict, follower.round, member.storeHealth()));
    }

    /** Where the leader should go on, if this log is not the leader's at {@code previous}. */
    private Optional<LogPosition> conflictAt(LogPosition previous, long previousChain) {
        RaftLog log = member.log;
        long index = previous.index();
        if (index < log.base().index()) {
            // Compacted, hence committed, hence the same everywhere.
            return Optional.empty();
        }
        if (index > log.lastIndex()) {
            return Optional.of(new LogPosition(0, log.lastIndex() + 1));
        }
        long term = log.termAt(index);
        if (term == previous.term()) {
            if (log.chainAt(index) != previousChain) {
                throw new LogDamagedException("the entry " + previous
                        + " stands behind another past here than on the leader: one of the two logs is damaged");
            }
            return Optional.empty();
        }
        if (index <= member.commitIndex) {
            throw new LogDamagedException(
                    "the committed entry " + log.positionAt(index) + " is " + previous + " on the leader");
        }
        long first = Math.max(log.firstIndexOfTermAt(index), member.commitIndex + 1);
        return Optional.of(new LogPosition(term, first));
    }

    /** Takes what is new; returns up to where this log is the leader's now. */
    private long takeIn(Message.AppendEntries request) {
        RaftLog log = member.log;
        long verified = Math.max(request.previous().index(), log.base().index());
        List<Entry> entries = request.entries();
        for (Entry entry : entries) {
            if (entry.index() <= log.base().index()) {
                continue;
            }
            boolean fits = entry.index() == verified + 1
                    && entry.index() <= log.lastIndex() + 1
                    && entry.isIntactAfter(log.chainAt(verified));
            if (!fits) {
                // Damaged on its way: not taken, so the leader sends it again.
                return verified;
            }
            if (!isHere(entry)) {
                makeRoomFor(entry);
                member.append(entry);
            }
            verified = entry.index();
        }
        return verified;
    }

    private boolean isHere(Entry entry) {
        RaftLog log = member.log;
        if (entry.index() > log.lastIndex() || log.termAt(entry.index()) != entry.term()) {
            return false;
        }
        if (log.chainAt(entry.index()) != entry.chain()) {
            throw new LogDamagedException("the entry " + entry.position() + " differs from the leader's");
        }
        return true;
    }

    /** Another entry in this place was never committed: it gives way, with all behind it. */
    private void makeRoomFor(Entry entry) {
        RaftLog log = member.log;
        if (entry.index() <= member.commitIndex) {
            throw new LogDamagedException("the committed entry " + log.positionAt(entry.index()) + " is "
                    + entry.position() + " on the leader");
        }
        if (entry.index() <= log.lastIndex()) {
            member.truncateFrom(entry.index());
        }
    }
}
