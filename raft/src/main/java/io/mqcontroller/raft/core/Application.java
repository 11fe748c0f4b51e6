package io.mqcontroller.raft.core;

import java.util.List;
import java.util.Optional;

/** What reaches the state machine, and the snapshots that are taken of it (§7). */
final class Application {
    /** The log grows to this many times the threshold before a snapshot on its way to a follower is sacrificed. */
    private static final int PATIENCE = 4;

    private final Member member;
    /** Bytes of entries applied since the last snapshot was begun. */
    private long bytesSinceSnapshot;

    private long notBeforeMs = Long.MIN_VALUE;

    Application(Member member) {
        this.member = member;
    }

    void restoreAtStart() {
        member.snapshot.ifPresent(snapshot -> member.effects.add(new Effect.RestoreStateMachine(snapshot)));
    }

    /**
     * Hands on what is committed, and durable here: after a restart this member must be able to get back to every state it
     * has shown.
     */
    void applyCommitted() {
        long through = Math.min(member.commitIndex, member.disk.durableIndex());
        if (through > member.appliedIndex) {
            List<Entry> entries = member.log.slice(member.appliedIndex + 1, through);
            List<Long> duplicates = member.sessions.record(entries);
            member.effects.add(new Effect.Apply(entries, duplicates));
            for (Entry entry : entries) {
                bytesSinceSnapshot += RaftLog.sizeOf(entry);
            }
            member.appliedIndex = through;
        }
        if (member.role instanceof Role.Leader leader && !leader.ready && member.appliedIndex >= leader.startIndex) {
            leader.ready = true;
            member.effects.add(new Effect.LeaderReady(member.term()));
        }
    }

    void maybeTakeSnapshot() {
        boolean due = isDueAfter(1) && (isDueAfter(PATIENCE) || !isBeingSent());
        boolean possible = !member.snapshotIsBeingTaken
                && !member.snapshotIsInstalling
                && member.appliedIndex > member.snapshotIndex()
                && knowsConfiguration()
                && member.nowMs >= notBeforeMs;
        if (due && possible) {
            member.snapshotIsBeingTaken = true;
            bytesSinceSnapshot = 0;
            member.effects.add(new Effect.TakeSnapshot(
                    member.log.positionAt(member.appliedIndex),
                    member.log.chainAt(member.appliedIndex),
                    CoreSnapshot.write(member.sessions, member.configurations.at(member.appliedIndex))));
        }
    }

    /** One that joins has not come to it yet: a snapshot without would lose it to whoever gets that. */
    private boolean knowsConfiguration() {
        return !member.configurations
                .at(member.appliedIndex)
                .getValue()
                .members()
                .isEmpty();
    }

    private boolean isDueAfter(int thresholds) {
        return member.appliedIndex - member.snapshotIndex() >= thresholds * member.settings.snapshotThresholdEntries()
                || bytesSinceSnapshot >= thresholds * member.settings.snapshotThresholdBytes();
    }

    /**
     * A new snapshot replaces the old one, and a follower that receives the old one has to begin anew: under load without end,
     * if that takes longer than the next snapshot.
     */
    private boolean isBeingSent() {
        return member.role instanceof Role.Leader leader
                && leader.followers.values().stream()
                        .anyMatch(
                                follower -> follower.takesSnapshot(member.nowMs, member.settings.electionTimeoutMs()));
    }

    void onSnapshotTaken(SnapshotMetadata taken) {
        member.snapshotIsBeingTaken = false;
        member.snapshot = Optional.of(taken);
        member.configurations.forgetBefore(taken.last().index());
        long through = taken.last().index() - member.settings.retainedEntries();
        if (through > member.log.base().index()) {
            member.log.compactThrough(through);
            member.effects.add(new Effect.CompactLog(through));
        }
    }

    /** Tried again after a while: what stood in the way may still be there. */
    void onSnapshotFailed() {
        member.snapshotIsBeingTaken = false;
        bytesSinceSnapshot = member.settings.snapshotThresholdBytes();
        notBeforeMs = member.nowMs + member.settings.electionTimeoutMs();
    }
}
