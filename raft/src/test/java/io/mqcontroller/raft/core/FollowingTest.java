package io.mqcontroller.raft.core;

import static io.mqcontroller.raft.core.TestMember.B;
import static io.mqcontroller.raft.core.TestMember.C;
import static io.mqcontroller.raft.core.TestMember.acknowledge;
import static io.mqcontroller.raft.core.TestMember.append;
import static io.mqcontroller.raft.core.TestMember.log;
import static io.mqcontroller.raft.core.TestMember.of;
import static io.mqcontroller.raft.core.TestMember.sentTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class FollowingTest {
    private static List<Message.AppendReply> replies(List<Effect> effects) {
        return sentTo(effects, B, Message.AppendReply.class).toList();
    }

    private static Message.AppendReply conflict(long term, long conflictTerm, long index) {
        return new Message.AppendReply(term, false, 0, new LogPosition(conflictTerm, index), 0);
    }

    @Test
    void entriesAreAcknowledgedWhenTheyAreDurable() {
        TestMember member = TestMember.ofThree();
        List<Entry> log = log(1, 1, 1);
        List<Effect> effects = member.receive(B, append(1, log, 0, 0, 0));
        Effect.Persist persist = of(effects, Effect.Persist.class).findFirst().orElseThrow();
        assertEquals(log, persist.append());
        assertEquals(Optional.of(new HardState(1, Optional.empty(), 0)), persist.hardState());
        assertEquals(List.of(), replies(effects));
        assertEquals(List.of(acknowledge(1, 3, 0)), replies(member.sync()));
    }

    @Test
    void heartbeatIsAnsweredAtOnceWithWhatIsDurable() {
        TestMember member = TestMember.ofThree();
        List<Entry> log = log(1, 1, 1);
        member.receive(B, append(1, log.subList(0, 1), 0, 0, 0));
        member.sync();
        member.receive(B, append(1, log, 1, 0, 0));
        assertEquals(List.of(acknowledge(1, 1, 0)), replies(member.receive(B, append(1, log, 3, 0, 0))));
        assertEquals(List.of(acknowledge(1, 3, 0)), replies(member.sync()));
    }

    @Test
    void newRoundIsAnsweredAtOnceEvenWithEntries() {
        TestMember member = TestMember.ofThree();
        List<Entry> log = log(1, 1);
        member.receive(B, append(1, log.subList(0, 1), 0, 0, 0));
        member.sync();
        assertEquals(List.of(acknowledge(1, 1, 7)), replies(member.receive(B, append(1, log, 1, 0, 7))));
        assertEquals(List.of(acknowledge(1, 2, 7)), replies(member.sync()));
    }

    @Test
    void nothingIsAnsweredBeforeTheTermIsDurable() {
        TestMember member = TestMember.ofThree();
        assertEquals(List.of(), replies(member.receive(B, append(1, List.of(), 0, 0, 3))));
        assertEquals(List.of(acknowledge(1, 0, 3)), replies(member.sync()));
    }

    @Test
    void acknowledgementIsDroppedWhenTheTermMovedOn() {
        TestMember member = TestMember.ofThree();
        member.receive(B, append(1, log(1, 1), 0, 0, 0));
        member.receive(C, append(2, List.of(), 0, 0, 0));
        List<Effect> effects = member.sync();
        assertEquals(List.of(), replies(effects));
        assertEquals(
                List.of(acknowledge(2, 0, 0)),
                sentTo(effects, C, Message.AppendReply.class).toList());
    }

    @Test
    void entriesSentAgainAreAcknowledgedAgain() {
        TestMember member = TestMember.ofThree();
        List<Entry> log = log(1, 1);
        member.receive(B, append(1, log, 0, 0, 0));
        member.sync();
        List<Effect> effects = member.receive(B, append(1, log, 0, 0, 0));
        assertEquals(List.of(acknowledge(1, 2, 0)), replies(effects));
        assertEquals(0, of(effects, Effect.Persist.class).count());
    }

    @Test
    void entriesAfterAGapAreRefusedWithTheEndOfTheLog() {
        TestMember member = TestMember.ofThreeWithLog(1, 0, 1, 1);
        assertEquals(
                List.of(conflict(1, 0, 3)), replies(member.receive(B, append(1, TestMember.sameTerm(5, 1), 4, 0, 0))));
    }

    @Test
    void otherTermAtTheSamePlaceIsRefusedWithTheStartOfThatTerm() {
        TestMember member = TestMember.ofThreeWithLog(5, 0, 1, 2, 2, 2);
        assertEquals(List.of(conflict(5, 2, 2)), replies(member.receive(B, append(5, log(1, 3, 3, 3, 5), 4, 0, 0))));
    }

    @Test
    void conflictHintNeverPointsBehindWhatIsCommitted() {
        TestMember member = TestMember.ofThreeWithLog(5, 3, 1, 2, 2, 2);
        List<Entry> leaderLog = log(1, 2, 2, 3, 5);
        assertEquals(List.of(conflict(5, 2, 4)), replies(member.receive(B, append(5, leaderLog, 4, 0, 0))));
    }

    @Test
    void uncommittedEntriesGiveWayToTheLeaders() {
        TestMember member = TestMember.ofThreeWithLog(3, 1, 1, 2, 2, 2);
        List<Entry> leaderLog = log(1, 2, 3);
        List<Effect> effects = member.receive(B, append(3, leaderLog, 2, 0, 0));
        Effect.Persist persist = of(effects, Effect.Persist.class).findFirst().orElseThrow();
        assertEquals(OptionalLong.of(3), persist.truncateFrom());
        assertEquals(leaderLog.subList(2, 3), persist.append());
        assertEquals(new LogPosition(3, 3), member.core.status().last());
        assertEquals(2, member.core.status().durableIndex());
        assertEquals(List.of(acknowledge(3, 3, 0)), replies(member.sync()));
    }

    @Test
    void shorterMessageDoesNotCutTheLog() {
        TestMember member = TestMember.ofThree();
        List<Entry> log = log(1, 1, 1);
        member.receive(B, append(1, log, 0, 0, 0));
        member.receive(B, append(1, log.subList(0, 1), 0, 0, 0));
        assertEquals(3, member.core.status().last().index());
    }

    @Test
    void truncatedEntriesDoNotCountAsDurableWhenTheirWriteIsDone() {
        TestMember member = TestMember.ofThree();
        member.receive(B, append(1, log(1, 1, 1), 0, 0, 0));
        member.receive(C, append(2, log(1, 2), 1, 0, 0));
        member.step(new Event.Persisted(1));
        assertEquals(1, member.core.status().durableIndex());
        List<Effect> effects = member.sync();
        assertEquals(2, member.core.status().durableIndex());
        assertEquals(
                List.of(acknowledge(2, 2, 0)),
                sentTo(effects, C, Message.AppendReply.class).toList());
    }

    @Test
    void whatOneBatchAppendsAndTruncatesIsWrittenOnce() {
        TestMember member = TestMember.ofThree();
        List<Effect> effects = member.step(
                new Event.Received(B, append(1, log(1, 1, 1), 0, 0, 0)),
                new Event.Received(C, append(2, log(1, 2), 1, 0, 0)));
        List<Effect.Persist> persists = of(effects, Effect.Persist.class).toList();
        assertEquals(1, persists.size());
        assertEquals(OptionalLong.empty(), persists.get(0).truncateFrom());
        assertEquals(log(1, 2), persists.get(0).append());
    }

    @Test
    void committedEntriesAreAppliedWhenTheyAreDurable() {
        TestMember member = TestMember.ofThree();
        List<Entry> log = log(1, 1, 1);
        member.receive(B, append(1, log, 0, 2, 0));
        assertEquals(2, member.core.status().commitIndex());
        assertEquals(List.of(), member.applied);
        member.sync();
        assertEquals(log.subList(0, 2), member.applied);
    }

    @Test
    void commitIndexOfTheLeaderCountsOnlyForWhatThisMessageVerified() {
        TestMember member = TestMember.ofThreeWithLog(2, 0, 1, 1, 1);
        member.receive(B, append(2, log(1, 2), 1, 2, 0));
        assertEquals(2, member.core.status().commitIndex());
        TestMember other = TestMember.ofThreeWithLog(2, 0, 1, 1, 1);
        other.receive(B, append(2, log(1, 2).subList(0, 1), 1, 2, 0));
        assertEquals(1, other.core.status().commitIndex());
    }

    @Test
    void commitIndexIsWrittenAlongButCausesNoWrite() {
        TestMember member = TestMember.ofThree();
        List<Entry> log = log(1, 1);
        member.receive(B, append(1, log.subList(0, 1), 0, 0, 0));
        List<Effect> effects = member.receive(B, append(1, log.subList(0, 1), 1, 1, 0));
        assertEquals(0, of(effects, Effect.Persist.class).count());
        effects = member.receive(B, append(1, log, 1, 1, 0));
        assertEquals(
                Optional.of(new HardState(1, Optional.empty(), 1)),
                of(effects, Effect.Persist.class).findFirst().orElseThrow().hardState());
    }

    @Test
    void restartedMemberAppliesAtOnceWhatItKnewToBeCommitted() {
        TestMember member = TestMember.ofThreeWithLog(1, 2, 1, 1, 1);
        member.step(new Event.Tick());
        assertEquals(log(1, 1), member.applied);
    }

    @Test
    void storeThatLostCommittedEntriesIsDamaged() {
        assertThrows(LogDamagedException.class, () -> TestMember.ofThreeWithLog(1, 3, 1, 1));
    }

    @Test
    void storeWithAGapIsDamaged() {
        List<Entry> log = new ArrayList<>(log(1, 1, 1));
        log.remove(1);
        RecoveredState recovered =
                new RecoveredState(new HardState(1, Optional.empty(), 0), Optional.empty(), Bytes.EMPTY, log);
        assertThrows(
                LogDamagedException.class, () -> TestMember.with(TestMember.settings(B, C, TestMember.A), recovered));
    }

    @Test
    void samePositionBehindAnotherPastIsDamage() {
        TestMember member = TestMember.ofThreeWithLog(2, 0, 1, 1, 1);
        Message.AppendEntries request = new Message.AppendEntries(2, new LogPosition(1, 3), 12345, List.of(), 0, 0);
        assertThrows(LogDamagedException.class, () -> member.receive(B, request));
    }

    @Test
    void sameEntryWithAnotherContentIsDamage() {
        TestMember member = TestMember.ofThreeWithLog(2, 0, 1, 1);
        Entry other = Entry.create(
                Entry.CHAIN_START, new LogPosition(1, 1), EntryKind.COMMAND, new ProposalId(3, 3), Bytes.utf8("other"));
        assertThrows(LogDamagedException.class, () -> member.receive(B, append(2, List.of(other), 0, 0, 0)));
    }

    @Test
    void leaderThatContradictsWhatIsCommittedIsDamage() {
        TestMember member = TestMember.ofThreeWithLog(2, 2, 1, 1);
        assertThrows(LogDamagedException.class, () -> member.receive(B, append(2, log(1, 2), 1, 0, 0)));
        TestMember other = TestMember.ofThreeWithLog(2, 2, 1, 1);
        assertThrows(LogDamagedException.class, () -> other.receive(B, append(2, log(1, 2), 2, 0, 0)));
    }

    @Test
    void entryDamagedOnItsWayIsNotTaken() {
        TestMember member = TestMember.ofThree();
        List<Entry> log = new ArrayList<>(log(1, 1));
        Entry sound = log.get(1);
        log.set(
                1,
                new Entry(
                        1, 2, sound.kind(), sound.proposal(), Bytes.utf8("flipped"), sound.checksum(), sound.chain()));
        member.receive(B, append(1, log, 0, 0, 0));
        assertEquals(1, member.core.status().last().index());
        assertEquals(List.of(acknowledge(1, 1, 0)), replies(member.sync()));
    }

    @Test
    void proposalsAndReadsAreTurnedAwayWithTheLeadersName() {
        TestMember member = TestMember.ofThree();
        member.receive(B, append(1, List.of(), 0, 0, 0));
        List<Effect> effects = member.step(TestMember.proposal(1), new Event.ReadRequested(5));
        assertTrue(effects.contains(
                new Effect.ProposalRejected(new ProposalId(1, 1), Rejection.NOT_LEADER, Optional.of(B))));
        assertTrue(effects.contains(new Effect.ReadRejected(5, Optional.of(B))));
    }
}
