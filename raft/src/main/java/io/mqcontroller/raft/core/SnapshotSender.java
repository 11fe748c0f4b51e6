package io.mqcontroller.raft.core;

import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The leader's side of InstallSnapshot (§7): for a follower whose next entry was compacted away. One chunk at a time is on its
 * way to each; what is not answered is sent again.
 */
final class SnapshotSender {
    /** A chunk waits for two disks, so silence means something only after a few heartbeats. */
    private static final int SILENT_HEARTBEATS = 3;

    private final Member member;
    private final Recovery recovery;

    SnapshotSender(Member member, Recovery recovery) {
        this.member = member;
        this.recovery = recovery;
    }

    static int checksumOf(Bytes chunk) {
        CRC32C crc = new CRC32C();
        chunk.updateChecksum(crc);
        return (int) crc.getValue();
    }

    void begin(Progress follower) {
        // The log was compacted, which only a snapshot allows.
        follower.becomeReceivingSnapshot(new SnapshotTransmission(member.snapshot.orElseThrow()));
        readChunk(follower);
    }

    private void readChunk(Progress follower) {
        SnapshotTransmission transmission = follower.transmission();
        transmission.onAsked(member.nowMs);
        member.effects.add(new Effect.ReadSnapshotChunk(
                follower.id(), transmission.snapshot(), transmission.offset(), member.settings.snapshotChunkBytes()));
    }

    void onChunkRead(Role.Leader leader, Event.SnapshotChunkRead read) {
        Optional<SnapshotTransmission> wanted = transmissionOf(leader, read.to(), read.snapshot());
        if (wanted.isEmpty() || wanted.get().offset() != read.offset()) {
            return;
        }
        member.effects.send(
                read.to(),
                new Message.InstallSnapshot(
                        member.term(),
                        read.snapshot(),
                        read.offset(),
                        read.chunk(),
                        checksumOf(read.chunk()),
                        read.last(),
                        leader.round));
    }

    void onChunkUnavailable(Role.Leader leader, Event.SnapshotChunkUnavailable gone) {
        Optional<SnapshotTransmission> wanted = transmissionOf(leader, gone.to(), gone.snapshot());
        if (wanted.isEmpty()) {
            return;
        }
        if (member.snapshotIndex() > gone.snapshot().last().index()) {
            begin(leader.followers.get(gone.to()));
        } else {
            // The store is ahead of what was reported; asked again when the silence has lasted.
            wanted.get().moveTo(0);
        }
    }

    private static Optional<SnapshotTransmission> transmissionOf(
            Role.Leader leader, NodeId to, SnapshotMetadata snapshot) {
        return Optional.ofNullable(leader.followers.get(to))
                .map(Progress::transmission)
                .filter(transmission -> transmission.snapshot().equals(snapshot));
    }

    void onReply(Role.Leader leader, NodeId from, Message.InstallSnapshotReply reply) {
        Progress follower = leader.followers.get(from);
        if (follower == null) {
            return;
        }
        recovery.onHeard(leader, follower, reply.health(), reply.round());
        if (reply.installed()) {
            onInstalled(follower, reply.snapshot().index());
            return;
        }
        SnapshotTransmission transmission = follower.transmission();
        boolean isCurrent = transmission != null
                && transmission.snapshot().last().equals(reply.snapshot())
                && reply.nextOffset() <= transmission.snapshot().sizeBytes();
        // An answer that asks for the chunk that is on its way already is a late one; answering it would double the
        // stream.
        if (isCurrent && reply.nextOffset() != transmission.offset()) {
            transmission.moveTo(reply.nextOffset());
            readChunk(follower);
        }
    }

    private void onInstalled(Progress follower, long index) {
        follower.onMatched(index, member.log.lastIndex(), member.nowMs);
        if (follower.mode() != Progress.Mode.SNAPSHOT) {
            return;
        }
        if (index >= member.log.base().index()) {
            follower.becomeReplicating();
        } else if (follower.transmission().snapshot().last().index() <= index) {
            begin(follower);
        }
    }

    void repeatIfSilent(Progress follower) {
        long silenceMs = SILENT_HEARTBEATS * member.settings.heartbeatIntervalMs();
        if (follower.mode() == Progress.Mode.SNAPSHOT && follower.transmission().isSilentFor(member.nowMs, silenceMs)) {
            readChunk(follower);
        }
    }
}
