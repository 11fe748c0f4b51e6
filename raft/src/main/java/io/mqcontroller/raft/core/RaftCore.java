package io.mqcontroller.raft.core;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The protocol; see the package. This class only tells the parts what happened, in order. */
public final class RaftCore {
    private final Member member;
    private final ReadIndex reads;
    private final Election election;
    private final Recovery recovery;
    private final SnapshotSender snapshotSender;
    private final SnapshotReceiver snapshotReceiver;
    private final Replication replication;
    private final Following following;
    private final LeadershipTransfer transfer;
    private final Membership membership;
    private final Application application;
    private final Invariants invariants;
    private boolean started;

    /**
     * A member as its store remembers it, a follower. The first step starts its election timer, restores the snapshot if there
     * is one, and applies what was known to be committed; a sole member leads at once.
     *
     * @param random the only source of chance; seeded by the caller
     * @throws LogDamagedException if the store's parts do not fit together
     */
    public RaftCore(RaftSettings settings, RecoveredState recovered, RandomGenerator random) {
        member = new Member(settings, recovered, random);
        reads = new ReadIndex(member);
        election = new Election(member, reads);
        recovery = new Recovery(member);
        snapshotSender = new SnapshotSender(member, recovery);
        snapshotReceiver = new SnapshotReceiver(member, election);
        replication = new Replication(member, snapshotSender, recovery);
        following = new Following(member, election);
        transfer = new LeadershipTransfer(member, election);
        membership = new Membership(member, transfer);
        application = new Application(member);
        invariants = new Invariants(member);
    }

    /** Takes in one event: a batch of one. */
    public List<Effect> step(long nowMs, Event event) {
        return step(nowMs, List.of(event));
    }

    /**
     * Takes in what has happened, in order. All of it together leads to one {@link Effect.Persist} at most, which comes first,
     * and to one AppendEntries per follower as long as its limits allow: so the more waits, the less each costs.
     *
     * @param nowMs monotonic time in ms, never less than at the call before
     * @return what must happen now, in this order
     * @throws LogDamagedException if something durable was lost or changed, here or on the leader: this member must stop
     * @throws IllegalStateException if an invariant is broken: this member must stop
     */
    public List<Effect> step(long nowMs, List<Event> batch) {
        member.nowMs = nowMs;
        if (!started) {
            started = true;
            application.restoreAtStart();
            election.start();
        }
        for (Event event : batch) {
            onEvent(event);
        }
        finishBatch();
        invariants.check();
        Optional<Effect.Persist> write = member.disk.flush(member.hardStateNow());
        write.ifPresent(persist -> member.diskWatch.onHanded(persist.sequence(), nowMs));
        return member.effects.take(write);
    }

    private void onEvent(Event event) {
        if (event instanceof Event.Received received) {
            onReceived(received.from(), received.message());
        } else if (event instanceof Event.Proposed proposed) {
            replication.onProposed(proposed);
        } else if (event instanceof Event.ReadRequested read) {
            reads.onReadRequested(read.readId());
        } else if (event instanceof Event.Persisted persisted) {
            onPersisted(persisted);
        } else if (event instanceof Event.Tick) {
            election.onTick();
        } else if (event instanceof Event.TransferLeadership request) {
            transfer.onRequested(request);
        } else if (event instanceof Event.DiskFull || event instanceof Event.DiskHasRoom) {
            member.diskWatch.onFull(event instanceof Event.DiskFull);
        } else if (event instanceof Event.ChangeMembership request) {
            membership.onRequested(request);
        } else {
            onSnapshotEvent(event);
        }
    }

    private void onSnapshotEvent(Event event) {
        if (event instanceof Event.SnapshotTaken taken) {
            application.onSnapshotTaken(taken.snapshot());
        } else if (event instanceof Event.SnapshotFailed) {
            application.onSnapshotFailed();
        } else if (event instanceof Event.SnapshotChunkRead read) {
            if (member.role instanceof Role.Leader leader) {
                snapshotSender.onChunkRead(leader, read);
            }
        } else if (event instanceof Event.SnapshotChunkUnavailable unavailable) {
            if (member.role instanceof Role.Leader leader) {
                snapshotSender.onChunkUnavailable(leader, unavailable);
            }
        } else if (event instanceof Event.SnapshotChunkWritten written) {
            snapshotReceiver.onChunkWritten(written);
        } else if (event instanceof Event.SnapshotInstalled installed) {
            snapshotReceiver.onInstalled(installed);
        } else if (event instanceof Event.SnapshotRefused refused) {
            snapshotReceiver.onRefused(refused);
        } else {
            throw new AssertionError("unhandled " + event);
        }
    }

    private void onPersisted(Event.Persisted persisted) {
        member.disk.onPersisted(persisted.sequence());
        member.diskWatch.onPersisted(persisted.sequence(), member.nowMs);
        member.disk.releaseHeld(member.term(), member.effects);
        election.onPersisted();
    }

    private void onReceived(NodeId from, Message message) {
        if (from.equals(member.self()) || isUnaskedAnswer(from, message) || election.ignores(from, message)) {
            return;
        }
        if (message.term() > member.term() && bindsToItsTerm(message)) {
            boolean fromLeader = message instanceof Message.AppendEntries || message instanceof Message.InstallSnapshot;
            Optional<NodeId> leader = fromLeader ? Optional.of(from) : Optional.empty();
            election.becomeFollower(message.term(), leader, "term " + message.term() + " seen from " + from);
        }
        if (message.term() < member.term() && !(message instanceof Message.PreVote)) {
            onOutdated(from, message);
        } else {
            onMessage(from, message);
        }
    }

    /**
     * Requests are heard from everybody: this member's log may lag behind the configuration that their sender belongs to
     * (thesis §4.1). But nobody else than a member was asked anything.
     */
    private boolean isUnaskedAnswer(NodeId from, Message message) {
        boolean answers = message instanceof Message.AppendReply
                || message instanceof Message.InstallSnapshotReply
                || message instanceof Message.VoteReply
                || message instanceof Message.PreVoteReply;
        return answers && !member.configuration().isMember(from);
    }

    /** §5.1. What only asks about, or allows, a term that has not begun binds nobody. */
    private static boolean bindsToItsTerm(Message message) {
        return !(message instanceof Message.PreVote)
                && !(message instanceof Message.PreVoteReply reply && reply.granted());
    }

    /** Tells the sender of a term that is over (§5.1). Answers to what this member asked in such a term are of no use. */
    private void onOutdated(NodeId from, Message message) {
        if (message instanceof Message.AppendEntries || message instanceof Message.InstallSnapshot) {
            member.sendDurably(
                    from, new Message.AppendReply(member.term(), false, 0, LogPosition.ZERO, 0, member.storeHealth()));
        } else if (message instanceof Message.RequestVote) {
            member.sendDurably(from, new Message.VoteReply(member.term(), false));
        }
    }

    private void onMessage(NodeId from, Message message) {
        if (message instanceof Message.AppendEntries request) {
            following.onAppendEntries(from, request);
        } else if (message instanceof Message.AppendReply reply) {
            if (member.role instanceof Role.Leader leader) {
                replication.onAppendReply(leader, from, reply);
            }
        } else if (message instanceof Message.PreVote request) {
            election.onPreVote(from, request);
        } else if (message instanceof Message.PreVoteReply reply) {
            election.onPreVoteReply(from, reply);
        } else if (message instanceof Message.RequestVote request) {
            election.onRequestVote(from, request);
        } else if (message instanceof Message.VoteReply reply) {
            election.onVoteReply(from, reply);
        } else if (message instanceof Message.TimeoutNow) {
            election.onTimeoutNow(from);
        } else if (message instanceof Message.RecoveryConfirmed confirmed) {
            recovery.onConfirmed(from, confirmed);
        } else if (message instanceof Message.InstallSnapshot request) {
            snapshotReceiver.onInstallSnapshot(from, request);
        } else if (message instanceof Message.InstallSnapshotReply reply) {
            if (member.role instanceof Role.Leader leader) {
                snapshotSender.onReply(leader, from, reply);
            }
        } else {
            throw new AssertionError("unhandled " + message);
        }
    }

    /** What follows from all that came in: first what others wait for, then what the state machine may see. */
    private void finishBatch() {
        if (member.role instanceof Role.Leader leader) {
            replication.advanceCommit(leader);
            membership.advance(leader);
        }
        membership.announce();
        if (member.role instanceof Role.Leader leader) {
            reads.advanceRounds(leader);
            replication.sendToFollowers(leader);
            transfer.maybeLeaveLeadership(leader);
            transfer.advance(leader);
        } else {
            following.reply();
        }
        application.applyCommitted();
        if (member.role instanceof Role.Leader leader) {
            reads.serve(leader);
        }
        application.maybeTakeSnapshot();
    }

    /** The member as it is now. */
    public RaftStatus status() {
        Optional<Role.Leader> leader =
                member.role instanceof Role.Leader leading ? Optional.of(leading) : Optional.empty();
        return new RaftStatus(
                member.self(),
                member.role.name(),
                leader.map(leading -> leading.ready).orElse(false),
                member.term(),
                member.knownLeader(),
                member.commitIndex,
                member.appliedIndex,
                member.log.last(),
                member.disk.durableIndex(),
                member.snapshot.map(SnapshotMetadata::last).orElse(LogPosition.ZERO),
                leader.map(leading -> leading.uncommittedBytes).orElse(0L),
                leader.map(leading -> leading.followers.values().stream()
                                .map(follower -> follower.status(member.log.lastIndex(), member.nowMs))
                                .toList())
                        .orElse(List.of()),
                member.storeHealth(),
                member.configuration(),
                member.configurations.currentIndex());
    }
}
