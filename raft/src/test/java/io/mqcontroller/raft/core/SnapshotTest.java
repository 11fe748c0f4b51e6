package io.mqcontroller.raft.core;

import static io.mqcontroller.raft.core.TestMember.A;
import static io.mqcontroller.raft.core.TestMember.B;
import static io.mqcontroller.raft.core.TestMember.C;
import static io.mqcontroller.raft.core.TestMember.acknowledge;
import static io.mqcontroller.raft.core.TestMember.append;
import static io.mqcontroller.raft.core.TestMember.of;
import static io.mqcontroller.raft.core.TestMember.proposal;
import static io.mqcontroller.raft.core.TestMember.sameTerm;
import static io.mqcontroller.raft.core.TestMember.sentTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SnapshotTest {
    private static final Bytes CHUNK = Bytes.utf8("0123456789abcdef");

    private static SnapshotMetadata metadata(Effect.TakeSnapshot taken) {
        return new SnapshotMetadata(taken.position(), taken.chain(), 40, 7);
    }

    private static SnapshotMetadata snapshotOf(List<Entry> log) {
        Entry last = log.get(log.size() - 1);
        return new SnapshotMetadata(last.position(), last.chain(), 40, 7);
    }

    private static Optional<Effect.TakeSnapshot> taken(List<Effect> effects) {
        return of(effects, Effect.TakeSnapshot.class).findFirst();
    }

    /** A leader that takes a snapshot each 5 entries and keeps 2 behind it; its log has been compacted through index 3. */
    private static TestMember compactedLeader() {
        TestMember member = TestMember.with(TestMember.settings(5, 2, A, B, C), RecoveredState.EMPTY)
                .lead(B);
        member.step(proposal(1), proposal(2), proposal(3), proposal(4));
        member.sync();
        List<Effect> effects = member.receive(B, acknowledge(1, 5, 0));
        SnapshotMetadata snapshot = metadata(taken(effects).orElseThrow());
        member.step(new Event.SnapshotTaken(snapshot));
        return member;
    }

    private static SnapshotMetadata snapshotOf(TestMember member) {
        return metadata(member.effects(Effect.TakeSnapshot.class).findFirst().orElseThrow());
    }

    /** {@link #compactedLeader}; C has never answered, so what it needs next is gone, and the first chunk is asked for. */
    private static TestMember leaderThatSendsASnapshot() {
        TestMember member = compactedLeader();
        assertEquals(
                List.of(new Effect.ReadSnapshotChunk(C, snapshotOf(member), 0, 16)),
                member.effects(Effect.ReadSnapshotChunk.class).toList());
        return member;
    }

    private static Message.InstallSnapshotReply reply(SnapshotMetadata snapshot, long nextOffset, boolean installed) {
        return new Message.InstallSnapshotReply(1, snapshot.last(), nextOffset, installed, 0);
    }

    @Test
    void snapshotIsTakenAfterTheThresholdAndTheLogCompactedBehindIt() {
        TestMember member = compactedLeader();
        assertEquals(new LogPosition(1, 5), member.core.status().snapshot());
        assertEquals(
                List.of(new Effect.CompactLog(3)),
                member.effects(Effect.CompactLog.class).toList());
    }

    @Test
    void snapshotIsAskedForAfterTheApplyThatItCovers() {
        TestMember member = compactedLeader();
        List<Effect> effects = member.effects;
        int apply = effects.indexOf(
                member.effects(Effect.Apply.class).reduce((a, b) -> b).orElseThrow());
        int take = effects.indexOf(
                member.effects(Effect.TakeSnapshot.class).findFirst().orElseThrow());
        assertTrue(apply < take);
    }

    @Test
    void onlyOneSnapshotIsTakenAtATimeAndAFailedOneIsTriedAgainLater() {
        TestMember member = TestMember.with(TestMember.settings(2, 0, A), RecoveredState.EMPTY);
        member.step(new Event.Tick());
        member.sync();
        member.step(proposal(1));
        Effect.TakeSnapshot first = taken(member.sync()).orElseThrow();
        member.step(proposal(2), proposal(3), proposal(4));
        assertEquals(Optional.empty(), taken(member.sync()));
        assertEquals(Optional.empty(), taken(member.step(new Event.SnapshotFailed(first.position()))));
        assertEquals(Optional.empty(), taken(member.tickAfter(10)));
        Effect.TakeSnapshot second =
                taken(member.tickAfter(TestMember.ELECTION_TIMEOUT_MS)).orElseThrow();
        assertEquals(5, second.position().index());
    }

    @Test
    void snapshotIsTakenAfterManyBytesAsWell() {
        RaftSettings settings = new RaftSettings(
                A,
                TestMember.settings(A).bootstrap(),
                1000,
                100,
                10,
                4,
                1 << 20,
                2,
                10_000,
                1000,
                1000,
                600,
                0,
                16,
                10,
                0);
        TestMember member = TestMember.with(settings, RecoveredState.EMPTY);
        member.step(new Event.Tick());
        member.sync();
        member.step(new Event.Proposed(new ProposalId(1, 1), Bytes.wrap(new byte[300])));
        assertEquals(Optional.empty(), taken(member.sync()));
        member.step(new Event.Proposed(new ProposalId(1, 2), Bytes.wrap(new byte[300])));
        assertEquals(3, taken(member.sync()).orElseThrow().position().index());
    }

    @Test
    void followerWhoseNextEntryIsGoneGetsTheSnapshotChunkByChunk() {
        TestMember member = leaderThatSendsASnapshot();
        SnapshotMetadata snapshot = snapshotOf(member);
        List<Effect> effects = member.step(new Event.SnapshotChunkRead(C, snapshot, 0, CHUNK, false));
        Message.InstallSnapshot sent =
                sentTo(effects, C, Message.InstallSnapshot.class).findFirst().orElseThrow();
        assertEquals(SnapshotSender.checksumOf(CHUNK), sent.chunkChecksum());
        assertEquals(CHUNK, sent.chunk());
        effects = member.receive(C, reply(snapshot, 16, false));
        assertEquals(
                List.of(new Effect.ReadSnapshotChunk(C, snapshot, 16, 16)),
                of(effects, Effect.ReadSnapshotChunk.class).toList());
        effects = member.receive(C, reply(snapshot, 40, true));
        assertEquals(5, member.core.status().followers().get(1).matchIndex());
        effects = member.step(proposal(5));
        Message.AppendEntries rest =
                sentTo(effects, C, Message.AppendEntries.class).findFirst().orElseThrow();
        assertEquals(new LogPosition(1, 5), rest.previous());
    }

    @Test
    void lateAnswerDoesNotDoubleTheStreamOfChunks() {
        TestMember member = leaderThatSendsASnapshot();
        SnapshotMetadata snapshot = snapshotOf(member);
        member.receive(C, reply(snapshot, 16, false));
        assertEquals(List.of(), member.receive(C, reply(snapshot, 16, false)));
    }

    @Test
    void chunkIsReadAgainAfterSilence() {
        TestMember member = leaderThatSendsASnapshot();
        assertEquals(
                0, of(member.tickAfter(200), Effect.ReadSnapshotChunk.class).count());
        member.acknowledgeAll(B);
        assertEquals(
                1, of(member.tickAfter(100), Effect.ReadSnapshotChunk.class).count());
    }

    @Test
    void followerThatGetsASnapshotIsHeardAndConfirmsReads() {
        TestMember member = leaderThatSendsASnapshot();
        List<Effect> effects = member.step(new Event.ReadRequested(1));
        Message.AppendEntries heartbeat =
                sentTo(effects, C, Message.AppendEntries.class).findFirst().orElseThrow();
        assertEquals(3, heartbeat.previous().index());
        Message.AppendReply refusal = new Message.AppendReply(1, false, 0, new LogPosition(0, 1), heartbeat.round());
        effects = member.receive(C, refusal);
        assertEquals(1, of(effects, Effect.ReadReady.class).count());
        assertTrue(member.core.status().followers().get(1).receivingSnapshot());
    }

    @Test
    void followerThatCaughtUpByItselfGetsEntriesAgain() {
        TestMember member = leaderThatSendsASnapshot();
        List<Effect> effects = member.receive(C, acknowledge(1, 4, 0));
        Message.AppendEntries sent =
                sentTo(effects, C, Message.AppendEntries.class).findFirst().orElseThrow();
        assertEquals(new LogPosition(1, 4), sent.previous());
    }

    @Test
    void snapshotThatIsGoneIsReplacedByTheNewest() {
        TestMember member = leaderThatSendsASnapshot();
        SnapshotMetadata old = snapshotOf(member);
        for (int i = 5; i < 10; i++) {
            member.step(proposal(i));
        }
        member.sync();
        Effect.TakeSnapshot taken =
                taken(member.receive(B, acknowledge(1, 10, 0))).orElseThrow();
        member.step(new Event.SnapshotTaken(metadata(taken)));
        List<Effect> effects = member.step(new Event.SnapshotChunkUnavailable(C, old));
        assertEquals(
                List.of(new Effect.ReadSnapshotChunk(C, metadata(taken), 0, 16)),
                of(effects, Effect.ReadSnapshotChunk.class).toList());
    }

    @Test
    void snapshotThatAFollowerReceivesIsNotReplacedBeforeTheLogIsFourTimesAsLong() {
        TestMember member = leaderThatSendsASnapshot();
        SnapshotMetadata old = snapshotOf(member);
        member.receive(C, reply(old, 16, false));
        for (int i = 5; i < 24; i++) {
            member.step(proposal(i));
        }
        member.sync();
        assertEquals(Optional.empty(), taken(member.receive(B, acknowledge(1, 24, 0))));
        member.step(proposal(24));
        member.sync();
        assertEquals(
                25,
                taken(member.receive(B, acknowledge(1, 25, 0)))
                        .orElseThrow()
                        .position()
                        .index());
    }

    @Test
    void snapshotThatWasReceivedIsReplacedByTheNextThatIsDue() {
        TestMember member = leaderThatSendsASnapshot();
        SnapshotMetadata old = snapshotOf(member);
        for (int i = 5; i < 10; i++) {
            member.step(proposal(i));
        }
        member.sync();
        member.receive(C, reply(old, 16, false));
        assertEquals(Optional.empty(), taken(member.receive(B, acknowledge(1, 10, 0))));
        assertEquals(
                10,
                taken(member.receive(C, reply(old, 40, true)))
                        .orElseThrow()
                        .position()
                        .index());
    }

    @Test
    void chunksAreIgnoredByOneThatLeadsNoMore() {
        TestMember member = leaderThatSendsASnapshot();
        SnapshotMetadata snapshot = snapshotOf(member);
        member.receive(B, new Message.AppendReply(9, false, 0, LogPosition.ZERO, 0));
        assertEquals(List.of(), member.step(new Event.SnapshotChunkRead(C, snapshot, 0, CHUNK, false)));
        assertEquals(List.of(), member.step(new Event.SnapshotChunkUnavailable(C, snapshot)));
    }

    private static Message.InstallSnapshot chunk(long term, SnapshotMetadata snapshot, long offset, boolean last) {
        return new Message.InstallSnapshot(term, snapshot, offset, CHUNK, SnapshotSender.checksumOf(CHUNK), last, 0);
    }

    /** A member whose log conflicts with the snapshot of {@code leaderLog}; the first chunk is written. */
    private static TestMember receiver(SnapshotMetadata snapshot) {
        TestMember member = TestMember.ofThreeWithLog(2, 1, 1, 2, 2);
        member.receive(B, chunk(3, snapshot, 0, false));
        member.sync();
        return member;
    }

    private static List<Message.InstallSnapshotReply> replies(List<Effect> effects) {
        return sentTo(effects, B, Message.InstallSnapshotReply.class).toList();
    }

    private static Message.InstallSnapshotReply wants(SnapshotMetadata snapshot, long nextOffset) {
        return new Message.InstallSnapshotReply(3, snapshot.last(), nextOffset, false, 0);
    }

    @Test
    void chunksAreStoredInOrderAndTheSnapshotReplacesLogAndState() {
        List<Entry> leaderLog = sameTerm(8, 3);
        SnapshotMetadata snapshot = snapshotOf(leaderLog);
        TestMember member = receiver(snapshot);
        List<Effect> effects = member.step(new Event.SnapshotChunkWritten(snapshot.last(), 16));
        assertEquals(List.of(wants(snapshot, 16)), replies(effects));
        assertEquals(List.of(wants(snapshot, 16)), replies(member.receive(B, chunk(3, snapshot, 32, true))));
        effects = member.receive(B, chunk(3, snapshot, 16, true));
        assertEquals(
                List.of(new Effect.WriteSnapshotChunk(snapshot, 16, CHUNK, true)),
                of(effects, Effect.WriteSnapshotChunk.class).toList());
        effects = member.step(new Event.SnapshotInstalled(snapshot, Bytes.EMPTY));
        assertEquals(
                List.of(new Effect.RestoreStateMachine(snapshot)),
                of(effects, Effect.RestoreStateMachine.class).toList());
        assertEquals(List.of(new Message.InstallSnapshotReply(3, snapshot.last(), 40, true, 0)), replies(effects));
        RaftStatus status = member.core.status();
        assertEquals(snapshot.last(), status.last());
        assertEquals(8, status.durableIndex());
        assertEquals(8, status.appliedIndex());
        assertEquals(8, status.commitIndex());
        assertEquals(snapshot.last(), status.snapshot());
        List<Entry> longer = sameTerm(9, 3);
        member.receive(B, append(3, longer, 8, 9, 0));
        member.sync();
        assertEquals(9, member.core.status().appliedIndex());
    }

    @Test
    void whatTheStoreHadKeptIsNotAskedForAgain() {
        SnapshotMetadata snapshot = snapshotOf(sameTerm(8, 3));
        TestMember member = receiver(snapshot);
        List<Effect> effects = member.step(new Event.SnapshotChunkWritten(snapshot.last(), 32));
        assertEquals(List.of(wants(snapshot, 32)), replies(effects));
        effects = member.receive(B, chunk(3, snapshot, 32, true));
        assertEquals(
                List.of(new Effect.WriteSnapshotChunk(snapshot, 32, CHUNK, true)),
                of(effects, Effect.WriteSnapshotChunk.class).toList());
    }

    @Test
    void anotherLeaderWithTheSameSnapshotGoesOnWhereTheFirstOneWas() {
        SnapshotMetadata snapshot = snapshotOf(sameTerm(8, 3));
        TestMember member = receiver(snapshot);
        member.step(new Event.SnapshotChunkWritten(snapshot.last(), 16));
        member.receive(C, chunk(4, snapshot, 0, false));
        assertEquals(
                List.of(new Message.InstallSnapshotReply(4, snapshot.last(), 16, false, 0)),
                sentTo(member.sync(), C, Message.InstallSnapshotReply.class).toList());
    }

    @Test
    void whileTheSnapshotIsInstalledTheLogStaysAndNoElectionBegins() {
        SnapshotMetadata snapshot = snapshotOf(sameTerm(8, 3));
        TestMember member = TestMember.ofThreeWithLog(2, 1, 1, 2, 2);
        member.receive(B, chunk(3, snapshot, 0, true));
        member.sync();
        List<Effect> effects = member.receive(B, append(3, TestMember.log(1, 3, 3), 1, 0, 4));
        assertEquals(
                List.of(new Message.AppendReply(3, false, 0, new LogPosition(0, 2), 4)),
                sentTo(effects, B, Message.AppendReply.class).toList());
        assertEquals(new LogPosition(2, 3), member.core.status().last());
        member.timeOut();
        member.receive(B, new Message.TimeoutNow(3));
        assertEquals(RoleName.FOLLOWER, member.core.status().role());
        member.step(new Event.SnapshotInstalled(snapshot, Bytes.EMPTY));
        member.timeOut();
        assertEquals(RoleName.PRE_CANDIDATE, member.core.status().role());
    }

    @Test
    void snapshotThatTheLogAlreadyCoversIsAnsweredWithTheLog() {
        List<Entry> log = TestMember.log(1, 2, 2);
        TestMember member = TestMember.ofThreeWithLog(2, 1, 1, 2, 2);
        member.receive(B, chunk(3, snapshotOf(log.subList(0, 2)), 0, true));
        assertEquals(0, member.effects(Effect.WriteSnapshotChunk.class).count());
        assertEquals(2, member.core.status().commitIndex());
        assertEquals(3, member.core.status().last().index());
        List<Effect> effects = member.sync();
        assertEquals(
                List.of(acknowledge(3, 2, 0)),
                sentTo(effects, B, Message.AppendReply.class).toList());
    }

    @Test
    void snapshotOfAnotherPastIsDamage() {
        TestMember member = TestMember.ofThreeWithLog(2, 1, 1, 2, 2);
        SnapshotMetadata snapshot = new SnapshotMetadata(new LogPosition(2, 3), 99, 40, 7);
        assertThrows(LogDamagedException.class, () -> member.receive(B, chunk(3, snapshot, 0, true)));
    }

    @Test
    void damagedChunkIsNotStored() {
        SnapshotMetadata snapshot = snapshotOf(sameTerm(8, 3));
        TestMember member = TestMember.ofThree();
        member.receive(B, new Message.InstallSnapshot(3, snapshot, 0, CHUNK, 1, false, 0));
        assertEquals(0, member.effects(Effect.WriteSnapshotChunk.class).count());
    }

    @Test
    void chunkThatComesWhileAnotherIsWrittenIsLeftToTheRepetition() {
        SnapshotMetadata snapshot = snapshotOf(sameTerm(8, 3));
        TestMember member = receiver(snapshot);
        assertEquals(List.of(), member.receive(B, chunk(3, snapshot, 0, false)));
    }

    @Test
    void refusedSnapshotIsAskedForFromTheStart() {
        SnapshotMetadata snapshot = snapshotOf(sameTerm(8, 3));
        TestMember member = receiver(snapshot);
        member.step(new Event.SnapshotChunkWritten(snapshot.last(), 16));
        member.receive(B, chunk(3, snapshot, 16, true));
        List<Effect> effects = member.step(new Event.SnapshotRefused(snapshot.last()));
        assertEquals(List.of(wants(snapshot, 0)), replies(effects));
        effects = member.receive(B, append(3, TestMember.log(1, 3), 1, 0, 0));
        assertEquals(new LogPosition(3, 2), member.core.status().last());
    }

    @Test
    void snapshotFromANewLeaderBeginsAnew() {
        SnapshotMetadata snapshot = snapshotOf(sameTerm(8, 3));
        TestMember member = receiver(snapshot);
        member.step(new Event.SnapshotChunkWritten(snapshot.last(), 16));
        SnapshotMetadata other = new SnapshotMetadata(snapshot.last(), snapshot.chain(), 41, 8);
        List<Effect> effects = member.receive(C, chunk(4, other, 0, false));
        assertEquals(1, of(effects, Effect.WriteSnapshotChunk.class).count());
    }

    @Test
    void lastChunkWaitsForTheOwnSnapshot() {
        TestMember member = TestMember.with(TestMember.settings(2, 0, A, B, C), RecoveredState.EMPTY);
        List<Entry> log = TestMember.log(1, 1);
        member.receive(B, append(1, log, 0, 2, 0));
        Effect.TakeSnapshot taken = taken(member.sync()).orElseThrow();
        SnapshotMetadata received = snapshotOf(sameTerm(8, 1));
        member.receive(B, chunk(1, received, 0, true));
        assertEquals(0, member.effects(Effect.WriteSnapshotChunk.class).count());
        member.step(new Event.SnapshotTaken(metadata(taken)));
        member.receive(B, chunk(1, received, 0, true));
        assertEquals(1, member.effects(Effect.WriteSnapshotChunk.class).count());
    }

    @Test
    void restartedMemberRestoresItsSnapshotAndGoesOnBehindIt() {
        List<Entry> log = TestMember.log(1, 1, 1, 2);
        SnapshotMetadata snapshot = snapshotOf(log.subList(0, 2));
        for (List<Entry> stored : List.of(log, log.subList(1, 4), log.subList(2, 4))) {
            TestMember member = TestMember.with(
                    TestMember.settings(A, B, C),
                    new RecoveredState(
                            new HardState(2, Optional.empty(), 3), Optional.of(snapshot), Bytes.EMPTY, stored));
            List<Effect> effects = member.step(new Event.Tick());
            assertEquals(new Effect.RestoreStateMachine(snapshot), effects.get(0));
            assertEquals(log.subList(2, 3), member.applied);
            assertEquals(new LogPosition(2, 4), member.core.status().last());
        }
    }

    @Test
    void storeWhoseLogDoesNotMeetItsSnapshotIsDamaged() {
        List<Entry> log = TestMember.log(1, 1, 1, 2);
        SnapshotMetadata snapshot = new SnapshotMetadata(new LogPosition(1, 2), 4711, 40, 7);
        for (List<Entry> stored : List.of(log, log.subList(2, 4), log.subList(3, 4))) {
            RecoveredState recovered =
                    new RecoveredState(HardState.INITIAL, Optional.of(snapshot), Bytes.EMPTY, stored);
            assertThrows(LogDamagedException.class, () -> TestMember.with(TestMember.settings(A, B, C), recovered));
        }
    }

    @Test
    void sessionsTravelWithTheSnapshot() {
        TestMember leader = TestMember.with(TestMember.settings(2, 0, A), RecoveredState.EMPTY);
        leader.step(new Event.Tick());
        leader.sync();
        leader.step(proposal(1));
        Effect.TakeSnapshot taken = taken(leader.sync()).orElseThrow();
        SnapshotMetadata snapshot = metadata(taken);
        Entry retry = Entry.create(
                snapshot.chain(), new LogPosition(1, 3), EntryKind.COMMAND, new ProposalId(1, 1), Bytes.EMPTY);
        TestMember restarted = TestMember.with(
                TestMember.settings(A, B, C),
                new RecoveredState(
                        new HardState(1, Optional.empty(), 3),
                        Optional.of(snapshot),
                        taken.sessions(),
                        List.of(retry)));
        List<Effect> effects = restarted.step(new Event.Tick());
        assertEquals(
                List.of(3L),
                of(effects, Effect.Apply.class).findFirst().orElseThrow().duplicates());
    }
}
