package io.mqcontroller.raft.core;

import java.util.Optional;

/** The follower's side of InstallSnapshot (§7): stores the chunks in order, then lets the snapshot replace log and state. */
final class SnapshotReceiver {
    private final Member member;
    private final Election election;
    private Optional<Incoming> incoming = Optional.empty();

    /** A snapshot that has been received up to {@code nextOffset}. */
    private static final class Incoming {
        private final SnapshotMetadata snapshot;
        private long nextOffset;
        /** A chunk is being written: nothing else is taken before it is done. */
        private boolean writing;

        Incoming(SnapshotMetadata snapshot) {
            this.snapshot = snapshot;
        }
    }

    SnapshotReceiver(Member member, Election election) {
        this.member = member;
        this.election = election;
    }

    void onInstallSnapshot(NodeId from, Message.InstallSnapshot request) {
        Role.Follower follower = election.followLeader(from);
        follower.round = Math.max(follower.round, request.round());
        if (incoming.isPresent() && incoming.get().writing) {
            // The leader repeats what is not answered.
            return;
        }
        if (holdsAllOf(request.snapshot())) {
            member.commitThrough(request.snapshot().last().index());
            // What is committed is the leader's log, too (§5.4.3).
            follower.verifiedIndex = Math.max(follower.verifiedIndex, member.commitIndex);
            follower.replyDue = true;
            incoming = Optional.empty();
            return;
        }
        if (incoming.isEmpty() || !incoming.get().snapshot.equals(request.snapshot())) {
            incoming = Optional.of(new Incoming(request.snapshot()));
        }
        takeIn(incoming.get(), request);
    }

    private boolean holdsAllOf(SnapshotMetadata snapshot) {
        LogPosition last = snapshot.last();
        if (last.index() <= member.commitIndex) {
            return true;
        }
        if (!member.log.holds(last)) {
            return false;
        }
        if (member.log.chainAt(last.index()) != snapshot.chain()) {
            throw new LogDamagedException(
                    "the entry " + last + " differs from the one that the leader's snapshot covers");
        }
        return true;
    }

    private void takeIn(Incoming receiving, Message.InstallSnapshot request) {
        if (request.offset() != receiving.nextOffset) {
            reply(receiving.snapshot, receiving.nextOffset, false);
            return;
        }
        boolean damaged = SnapshotSender.checksumOf(request.chunk()) != request.chunkChecksum();
        // Of two snapshots that are written at once the older one could win.
        boolean mustWait = request.last() && member.snapshotIsBeingTaken;
        if (damaged || mustWait) {
            return;
        }
        receiving.writing = true;
        member.snapshotIsInstalling = request.last();
        member.effects.add(
                new Effect.WriteSnapshotChunk(request.snapshot(), request.offset(), request.chunk(), request.last()));
    }

    void onChunkWritten(Event.SnapshotChunkWritten written) {
        Incoming receiving = receivingOrThrow(written.snapshot());
        receiving.writing = false;
        receiving.nextOffset = written.nextOffset();
        reply(receiving.snapshot, receiving.nextOffset, false);
    }

    /** Store and log stand at the snapshot's end now, whatever else has happened meanwhile. */
    void onInstalled(Event.SnapshotInstalled installed) {
        SnapshotMetadata snapshot = installed.snapshot();
        receivingOrThrow(snapshot.last());
        incoming = Optional.empty();
        member.snapshotIsInstalling = false;
        member.snapshot = Optional.of(snapshot);
        member.log.resetTo(snapshot.last(), snapshot.chain());
        member.disk.onLogReplaced();
        member.commitThrough(snapshot.last().index());
        member.appliedIndex = snapshot.last().index();
        CoreSnapshot ofCore = CoreSnapshot.read(installed.sessions());
        member.sessions.restore(ofCore.sessions());
        member.configurations.onSnapshot(ofCore.configuration());
        member.effects.add(new Effect.RestoreStateMachine(snapshot));
        if (member.role instanceof Role.Follower follower) {
            follower.verifiedIndex =
                    Math.max(follower.verifiedIndex, snapshot.last().index());
        }
        reply(snapshot, snapshot.sizeBytes(), true);
    }

    void onRefused(Event.SnapshotRefused refused) {
        Incoming receiving = receivingOrThrow(refused.snapshot());
        incoming = Optional.empty();
        member.snapshotIsInstalling = false;
        reply(receiving.snapshot, 0, false);
    }

    private Incoming receivingOrThrow(LogPosition snapshot) {
        return incoming.filter(receiving ->
                        receiving.writing && receiving.snapshot.last().equals(snapshot))
                .orElseThrow(() ->
                        new IllegalStateException("no chunk of a snapshot at " + snapshot + " was being written"));
    }

    private void reply(SnapshotMetadata snapshot, long nextOffset, boolean installed) {
        if (member.role instanceof Role.Follower follower && follower.leader.isPresent()) {
            member.sendDurably(
                    follower.leader.get(),
                    new Message.InstallSnapshotReply(
                            member.term(),
                            snapshot.last(),
                            nextOffset,
                            installed,
                            follower.round,
                            member.storeHealth()));
        }
    }
}
