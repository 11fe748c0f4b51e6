package io.mqcontroller.raft.core;

import static io.mqcontroller.raft.core.TestMember.B;
import static io.mqcontroller.raft.core.TestMember.C;
import static io.mqcontroller.raft.core.TestMember.acknowledge;
import static io.mqcontroller.raft.core.TestMember.of;
import static io.mqcontroller.raft.core.TestMember.proposal;
import static io.mqcontroller.raft.core.TestMember.sentTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplicationTest {
    private static List<Message.AppendEntries> appends(List<Effect> effects, NodeId to) {
        return sentTo(effects, to, Message.AppendEntries.class).toList();
    }

    private static List<Long> indexes(Message.AppendEntries append) {
        return append.entries().stream().map(Entry::index).toList();
    }

    private static Message.AppendReply conflict(long term, long conflictTerm, long index) {
        return new Message.AppendReply(term, false, 0, new LogPosition(conflictTerm, index), 0);
    }

    @Test
    void oneBatchOfProposalsLeavesAsOneWriteAndOneMessagePerFollower() {
        TestMember member = TestMember.ofThree().lead(B, C);
        List<Effect> effects = member.step(proposal(1), proposal(2), proposal(3));
        assertTrue(effects.get(0) instanceof Effect.Persist);
        assertEquals(1, of(effects, Effect.Persist.class).count());
        for (NodeId follower : List.of(B, C)) {
            List<Message.AppendEntries> sent = appends(effects, follower);
            assertEquals(1, sent.size());
            assertEquals(List.of(2L, 3L, 4L), indexes(sent.get(0)));
            assertEquals(new LogPosition(1, 1), sent.get(0).previous());
        }
    }

    @Test
    void appendsAreCutByCountAndHeldBackByTheWindow() {
        TestMember member = TestMember.ofThree().lead(B, C);
        Event[] proposals = new Event[11];
        for (int i = 0; i < proposals.length; i++) {
            proposals[i] = proposal(i + 1);
        }
        List<Message.AppendEntries> sent = appends(member.step(proposals), B);
        assertEquals(
                List.of(List.of(2L, 3L, 4L, 5L), List.of(6L, 7L, 8L, 9L)),
                sent.stream().map(ReplicationTest::indexes).toList());
        sent = appends(member.receive(B, acknowledge(1, 5, 0)), B);
        assertEquals(
                List.of(List.of(10L, 11L, 12L)),
                sent.stream().map(ReplicationTest::indexes).toList());
    }

    @Test
    void appendsAreCutByBytesButCarryOneEntryAtLeast() {
        RaftLog log = new RaftLog(LogPosition.ZERO, Entry.CHAIN_START);
        TestMember.sameTerm(5, 1).forEach(log::append);
        int size = RaftLog.sizeOf(log.entryAt(1));
        assertEquals(2, log.sliceWithin(1, 10, 2 * size).size());
        assertEquals(1, log.sliceWithin(1, 10, 1).size());
        assertEquals(3, log.sliceWithin(3, 10, 1000 * size).size());
        assertEquals(0, log.sliceWithin(6, 10, 1000).size());
    }

    @Test
    void leaderCountsItselfOnlyForWhatIsDurable() {
        TestMember member = TestMember.ofThree().lead(B);
        member.step(proposal(1));
        member.receive(B, acknowledge(1, 2, 0));
        assertEquals(1, member.core.status().commitIndex());
        member.sync();
        assertEquals(2, member.core.status().commitIndex());
        assertEquals(2, member.applied.get(member.applied.size() - 1).index());
    }

    @Test
    void majorityOfOthersCommitsButIsAppliedOnlyWhenDurableHere() {
        TestMember member = TestMember.ofThree().lead(B, C);
        member.step(proposal(1));
        member.receive(B, acknowledge(1, 2, 0));
        member.receive(C, acknowledge(1, 2, 0));
        assertEquals(2, member.core.status().commitIndex());
        assertEquals(1, member.core.status().appliedIndex());
        member.sync();
        assertEquals(2, member.core.status().appliedIndex());
    }

    @Test
    void entriesOfEarlierTermsAreCommittedOnlyThroughOneOfThisTerm() {
        TestMember member = TestMember.ofThreeWithLog(2, 0, 1, 2);
        member.elect(B);
        member.receive(B, acknowledge(3, 2, 0));
        assertEquals(0, member.core.status().commitIndex());
        assertEquals(0, member.effects(Effect.LeaderReady.class).count());
        member.sync();
        member.receive(B, acknowledge(3, 3, 0));
        assertEquals(3, member.core.status().commitIndex());
        assertEquals(1, member.effects(Effect.LeaderReady.class).count());
        assertEquals(3, member.applied.size());
    }

    @Test
    void acknowledgementsOfAnOlderTermDoNotCount() {
        TestMember member = TestMember.ofThreeWithLog(2, 0, 1, 2);
        member.elect(B);
        member.sync();
        member.receive(B, acknowledge(2, 3, 0));
        assertEquals(0, member.core.status().commitIndex());
    }

    @Test
    void followerAheadOfItsLeaderIsFatal() {
        TestMember member = TestMember.ofThree().lead(B);
        assertThrows(LogDamagedException.class, () -> member.receive(C, acknowledge(1, 99, 0)));
    }

    @Test
    void conflictGoesBackToTheEndOfTheCommonTerm() {
        TestMember member = TestMember.ofThreeWithLog(6, 0, 1, 1, 4, 4, 5, 5, 6, 6);
        member.elect(B);
        List<Effect> effects = member.receive(C, conflict(7, 4, 3));
        assertEquals(new LogPosition(4, 4), appends(effects, C).get(0).previous());
    }

    @Test
    void conflictWithATermThatTheLeaderLacksSkipsThatTerm() {
        TestMember member = TestMember.ofThreeWithLog(6, 0, 1, 1, 4, 4, 5, 5, 6, 6);
        member.elect(B);
        List<Effect> effects = member.receive(C, conflict(7, 3, 3));
        assertEquals(new LogPosition(1, 2), appends(effects, C).get(0).previous());
        effects = member.receive(C, conflict(7, 0, 1));
        assertEquals(LogPosition.ZERO, appends(effects, C).get(0).previous());
        assertEquals(List.of(1L, 2L, 3L, 4L), indexes(appends(effects, C).get(0)));
    }

    @Test
    void repeatedConflictChangesNothing() {
        TestMember member = TestMember.ofThreeWithLog(6, 0, 1, 1, 4, 4, 5, 5, 6, 6);
        member.elect(B);
        member.receive(C, conflict(7, 3, 3));
        assertEquals(List.of(), appends(member.receive(C, conflict(7, 3, 3)), C));
    }

    @Test
    void conflictNeverGoesBehindWhatIsKnownToMatch() {
        TestMember member = TestMember.ofThree().lead(B, C);
        member.step(proposal(1), proposal(2));
        member.receive(C, acknowledge(1, 2, 0));
        List<Effect> effects = member.receive(C, conflict(1, 0, 1));
        assertEquals(new LogPosition(1, 2), appends(effects, C).get(0).previous());
    }

    @Test
    void probeWaitsForItsAnswerAndThenTheWindowOpens() {
        TestMember member = TestMember.ofThree();
        member.elect(B);
        assertEquals(List.of(), appends(member.step(proposal(1)), C));
        List<Effect> effects = member.receive(C, acknowledge(1, 1, 0));
        assertEquals(List.of(2L), indexes(appends(effects, C).get(0)));
        assertEquals(List.of(3L), indexes(appends(member.step(proposal(2)), C).get(0)));
    }

    @Test
    void lostAppendIsFoundByTheNextHeartbeat() {
        TestMember member = TestMember.ofThree().lead(B, C);
        member.step(proposal(1));
        List<Effect> effects = member.tickAfter(100);
        Message.AppendEntries heartbeat = appends(effects, C).get(0);
        assertEquals(List.of(), heartbeat.entries());
        assertEquals(2, heartbeat.previous().index());
        effects = member.receive(C, conflict(1, 0, 2));
        assertEquals(List.of(2L), indexes(appends(effects, C).get(0)));
    }

    @Test
    void heartbeatIsSentOnlyWhenNothingElseWas() {
        TestMember member = TestMember.ofThree().lead(B, C);
        member.tickAfter(100);
        member.nowMs += 60;
        member.step(proposal(1));
        assertEquals(List.of(), appends(member.tickAfter(60), B));
        assertEquals(1, appends(member.tickAfter(40), B).size());
    }

    @Test
    void commitIndexTravelsWithEveryAppend() {
        TestMember member = TestMember.ofThree().lead(B, C);
        assertEquals(1, appends(member.step(proposal(1)), B).get(0).commitIndex());
    }

    @Test
    void tooLargeAndTooManyProposalsAreRefusedByName() {
        TestMember member = TestMember.ofThree().lead(B, C);
        List<Effect> effects = member.step(new Event.Proposed(new ProposalId(1, 1), Bytes.wrap(new byte[1001])));
        assertEquals(Rejection.TOO_LARGE, onlyRejection(effects));
        for (int i = 0; i < 9; i++) {
            effects = member.step(new Event.Proposed(new ProposalId(1, 2 + i), Bytes.wrap(new byte[1000])));
            assertEquals(0, of(effects, Effect.ProposalRejected.class).count());
        }
        effects = member.step(new Event.Proposed(new ProposalId(1, 20), Bytes.wrap(new byte[1000])));
        assertEquals(Rejection.OVERLOADED, onlyRejection(effects));
        member.sync();
        member.acknowledgeAll(B);
        assertEquals(0, member.core.status().uncommittedBytes());
        effects = member.step(new Event.Proposed(new ProposalId(1, 20), Bytes.wrap(new byte[1000])));
        assertEquals(0, of(effects, Effect.ProposalRejected.class).count());
    }

    private static Rejection onlyRejection(List<Effect> effects) {
        return of(effects, Effect.ProposalRejected.class)
                .findFirst()
                .orElseThrow()
                .rejection();
    }

    @Test
    void uncommittedBytesOfInheritedEntriesAreCounted() {
        TestMember member = TestMember.ofThreeWithLog(2, 1, 1, 2, 2);
        member.elect(B);
        long inherited = 2L * RaftLog.sizeOf(TestMember.log(1).get(0));
        assertTrue(member.core.status().uncommittedBytes() > inherited);
        member.sync();
        member.receive(B, acknowledge(3, 4, 0));
        assertEquals(0, member.core.status().uncommittedBytes());
    }

    @Test
    void commandProposedTwiceIsAppliedOnceAndAnsweredTwice() {
        TestMember member = TestMember.sole();
        member.step(new Event.Tick());
        member.sync();
        member.sync();
        member.step(proposal(1), proposal(2), proposal(1));
        Effect.Apply apply = of(member.sync(), Effect.Apply.class).findFirst().orElseThrow();
        assertEquals(3, apply.entries().size());
        assertEquals(List.of(4L), apply.duplicates());
    }

    @Test
    void aFollowerIsBehindSinceWhatItHoldsWasTheWholeLog() {
        TestMember member = TestMember.ofThree().lead(B, C);
        member.step(proposal(1));
        member.nowMs += 40;
        member.step(proposal(2));
        member.receive(B, acknowledge(1, 2, 0));
        assertEquals(40, lagMsOf(member, B), "since a moment at which the whole log was no more than it holds");
        member.nowMs += 25;
        member.receive(B, acknowledge(1, 3, 0));
        assertEquals(0, lagMsOf(member, B));
        assertEquals(65, lagMsOf(member, C));

        member.nowMs += 500;
        member.step(proposal(3));
        assertEquals(500, lagMsOf(member, B), "it was last seen complete half a second ago");
        assertEquals(565, lagMsOf(member, C));
    }

    @Test
    void aFollowerThatAlwaysLacksTheNewestEntriesIsNotEverFurtherBehind() {
        TestMember member = TestMember.ofThree().lead(B, C);
        for (int i = 1; i <= 50; i++) {
            member.step(proposal(i));
            member.nowMs += 10;
            member.receive(B, acknowledge(1, i, 0));
            assertTrue(lagMsOf(member, B) <= 30, "after " + i + ": " + lagMsOf(member, B));
        }
        assertEquals(500, lagMsOf(member, C));
    }

    private static long lagMsOf(TestMember member, NodeId follower) {
        return member.core.status().followers().stream()
                .filter(status -> status.id().equals(follower))
                .findFirst()
                .orElseThrow()
                .lagMs();
    }

    @Test
    void statusTellsHowFarEachFollowerIs() {
        TestMember member = TestMember.ofThree().lead(B);
        List<RaftStatus.FollowerStatus> followers = member.core.status().followers();
        assertEquals(1, followers.get(0).matchIndex());
        assertEquals(member.nowMs, followers.get(0).lastHeardMs());
        assertEquals(0, followers.get(1).matchIndex());
        assertEquals(Long.MIN_VALUE, followers.get(1).lastHeardMs());
        assertEquals(0, followers.get(0).lagMs());
        assertFalse(followers.get(1).receivingSnapshot());
        assertEquals(Optional.of(TestMember.A), member.core.status().leader());
        assertTrue(member.core.status().ready());
    }
}
