package io.mqcontroller.raft.core;

import java.util.List;
import java.util.Optional;

/** The leader's side of the log: proposals, AppendEntries (§5.3), the commit rule (§5.4.2). */
final class Replication {
    private final Member member;
    private final SnapshotSender snapshots;
    private final Recovery recovery;

    Replication(Member member, SnapshotSender snapshots, Recovery recovery) {
        this.member = member;
        this.snapshots = snapshots;
        this.recovery = recovery;
    }

    void onProposed(Event.Proposed proposed) {
        Optional<Rejection> rejection = reasonToReject(proposed.command());
        if (rejection.isPresent()) {
            member.effects.add(new Effect.ProposalRejected(proposed.id(), rejection.get(), member.knownLeader()));
        } else {
            member.append((Role.Leader) member.role, EntryKind.COMMAND, proposed.id(), proposed.command());
        }
    }

    private Optional<Rejection> reasonToReject(Bytes command) {
        if (!(member.role instanceof Role.Leader leader)) {
            return Optional.of(Rejection.NOT_LEADER);
        } else if (leader.handover.isPresent()) {
            return Optional.of(Rejection.TRANSFERRING);
        } else if (member.diskWatch.isFull()) {
            return Optional.of(Rejection.DISK_FULL);
        } else if (command.size() > member.settings.maxEntryBytes()) {
            return Optional.of(Rejection.TOO_LARGE);
        } else if (isTooMuch(leader.uncommittedBytes, command) || isTooMuch(member.disk.waitingBytes(), command)) {
            return Optional.of(Rejection.OVERLOADED);
        }
        return Optional.empty();
    }

    /** Of what is not committed, or not written here: the others' disks may be faster than the leader's. */
    private boolean isTooMuch(long waitingBytes, Bytes command) {
        return waitingBytes > 0 && waitingBytes + command.size() > member.settings.maxUncommittedBytes();
    }

    void onAppendReply(Role.Leader leader, NodeId from, Message.AppendReply reply) {
        Progress follower = leader.followers.get(from);
        if (follower == null) {
            return;
        }
        recovery.onHeard(leader, follower, reply.health(), reply.round());
        if (reply.success()) {
            onMatched(follower, reply.matchIndex());
            recovery.maybeConfirm(follower);
        } else if (follower.mode() != Progress.Mode.SNAPSHOT) {
            onConflict(follower, reply.conflict());
        }
    }

    private void onMatched(Progress follower, long matchIndex) {
        if (matchIndex > member.log.lastIndex()) {
            throw new LogDamagedException("member " + follower.id() + " holds entries up to " + matchIndex
                    + " of the leader's log, which ends at " + member.log.last());
        }
        follower.onMatched(matchIndex, member.log.lastIndex(), member.nowMs);
        boolean entriesWillDo = follower.mode() != Progress.Mode.SNAPSHOT
                || matchIndex >= member.log.base().index();
        if (follower.mode() != Progress.Mode.REPLICATE && entriesWillDo) {
            follower.becomeReplicating();
        }
    }

    /**
     * §5.3: goes back a whole term at a time. Late and repeated answers are told by pointing at no earlier place than the one
     * that is tried already.
     */
    private void onConflict(Progress follower, LogPosition conflict) {
        long next = conflict.index();
        long lastOfConflictTerm = conflict.term() == 0 ? 0 : member.log.lastIndexOfTerm(conflict.term());
        if (lastOfConflictTerm + 1 < follower.nextIndex()) {
            next = Math.max(next, lastOfConflictTerm + 1);
        }
        next = Math.max(next, follower.matchIndex() + 1);
        if (next < follower.nextIndex()) {
            follower.becomeProbing(next);
        }
    }

    /**
     * §5.4.2: an entry of an earlier term counts as committed only through one of this term. The leader's own copy counts
     * once it is durable, like everybody's.
     */
    void advanceCommit(Role.Leader leader) {
        long index = member.configuration()
                .indexReachedByMajority(id -> id.equals(member.self())
                        ? member.disk.durableIndex()
                        : leader.followers.get(id).acknowledgedIndex());
        if (index <= member.commitIndex || member.log.termAt(index) != member.term()) {
            return;
        }
        for (Entry entry : member.log.slice(member.commitIndex + 1, index)) {
            leader.uncommittedBytes -= RaftLog.sizeOf(entry);
        }
        member.commitThrough(index);
    }

    /** Sends each follower what it may get now: entries, a snapshot, or a sign of life if one is due. */
    void sendToFollowers(Role.Leader leader) {
        for (Progress follower : leader.followers.values()) {
            if (follower.mode() != Progress.Mode.SNAPSHOT
                    && follower.nextIndex() <= member.log.base().index()) {
                snapshots.begin(follower);
            }
            sendEntries(leader, follower);
            boolean roundIsNew = follower.sentRound() < leader.round;
            if (roundIsNew || follower.isHeartbeatDue(member.nowMs, member.settings.heartbeatIntervalMs())) {
                sendAppend(leader, follower, previousForHeartbeat(follower), List.of());
            }
            snapshots.repeatIfSilent(follower);
        }
    }

    private void sendEntries(Role.Leader leader, Progress follower) {
        RaftSettings settings = member.settings;
        while (follower.nextIndex() <= member.log.lastIndex()
                && follower.maySendEntries(settings.maxInflightAppends())) {
            long next = follower.nextIndex();
            List<Entry> entries =
                    member.log.sliceWithin(next, settings.maxEntriesPerAppend(), settings.maxBytesPerAppend());
            sendAppend(leader, follower, next - 1, entries);
            follower.onEntriesSent(next + entries.size() - 1);
        }
    }

    /**
     * Behind everything sent: so that its answer shows whether something was lost on the way. To one that gets a snapshot,
     * where this log begins: so that it is noticed if the follower has come so far by itself.
     */
    private long previousForHeartbeat(Progress follower) {
        return follower.mode() == Progress.Mode.SNAPSHOT ? member.log.base().index() : follower.nextIndex() - 1;
    }

    private void sendAppend(Role.Leader leader, Progress follower, long previous, List<Entry> entries) {
        RaftLog log = member.log;
        member.effects.send(
                follower.id(),
                new Message.AppendEntries(
                        member.term(),
                        log.positionAt(previous),
                        log.chainAt(previous),
                        entries,
                        member.commitIndex,
                        leader.round));
        follower.onSent(member.nowMs, leader.round);
    }
}
