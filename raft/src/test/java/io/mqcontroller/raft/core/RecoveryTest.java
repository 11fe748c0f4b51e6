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
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecoveryTest {
    private static final StoreHealth LOST = new StoreHealth(7, false);
    private static final List<Entry> LOG = sameTerm(3, 2);

    private static Message.AppendReply recoveringAt(long term, long matchIndex, long round) {
        return new Message.AppendReply(term, true, matchIndex, LogPosition.ZERO, round, LOST);
    }

    private static Message.AppendReply emptyAgain(long term) {
        return new Message.AppendReply(term, false, 0, new LogPosition(0, 1), 0, LOST);
    }

    /** Lost its store, and has the log of the leader B again, as far as it is committed. */
    private static TestMember filledAgain() {
        TestMember member = TestMember.ofThreeThatLostItsStore();
        member.receive(B, append(2, LOG, 0, 3, 1));
        member.sync();
        return member;
    }

    private static long confirmations(List<Effect> effects) {
        return sentTo(effects, C, Message.RecoveryConfirmed.class).count();
    }

    // ---- the member that lost its store

    @Test
    void memberThatLostItsStoreNeverCampaigns() {
        TestMember member = filledAgain();
        member.timeOut().timeOut();
        member.receive(B, new Message.TimeoutNow(2));
        assertEquals(RoleName.FOLLOWER, member.core.status().role());
        assertEquals(0, member.sentTo(C, Message.PreVote.class).count());
    }

    @Test
    void soleMemberThatLostItsStoreDoesNotLead() {
        TestMember member = TestMember.with(
                TestMember.settings(A),
                new RecoveredState(HardState.afterLoss(7), Optional.empty(), Bytes.EMPTY, List.of()));
        member.step(new Event.Tick());
        member.timeOut();
        assertEquals(RoleName.FOLLOWER, member.core.status().role());
    }

    @Test
    void memberThatLostItsStoreVotesForNobody() {
        TestMember member = filledAgain().timeOut();
        LogPosition newer = new LogPosition(9, 90);
        List<Effect> effects = member.receive(C, new Message.PreVote(10, newer));
        assertEquals(
                List.of(new Message.PreVoteReply(2, false)),
                sentTo(effects, C, Message.PreVoteReply.class).toList());
        member.receive(C, new Message.RequestVote(10, newer, true));
        effects = member.sync();
        assertEquals(
                List.of(new Message.VoteReply(10, false)),
                sentTo(effects, C, Message.VoteReply.class).toList());
    }

    @Test
    void memberThatLostItsStoreSaysSoInEachAnswer() {
        TestMember member = filledAgain();
        assertEquals(
                List.of(recoveringAt(2, 3, 1)),
                member.sentTo(B, Message.AppendReply.class).toList());
        member.receive(B, append(2, LOG.subList(0, 0), 0, 3, 2));
        member.receive(B, new Message.AppendEntries(2, new LogPosition(2, 9), 1, List.of(), 3, 3));
        assertTrue(member.sentTo(B, Message.AppendReply.class)
                .allMatch(reply -> reply.health().equals(LOST)));
    }

    @Test
    void confirmedMemberIsWholeAgainWhenThatIsDurableAndHasVotedForTheLeader() {
        TestMember member = filledAgain();
        List<Effect> effects = member.receive(B, new Message.RecoveryConfirmed(2, 7, 3));
        assertEquals(
                Optional.of(new HardState(2, Optional.of(B), 3)),
                of(effects, Effect.Persist.class).findFirst().orElseThrow().hardState());
        assertEquals(0, sentTo(effects, B, Message.AppendReply.class).count());
        assertEquals(
                List.of(acknowledge(2, 3, 1)),
                sentTo(member.sync(), B, Message.AppendReply.class).toList());
        member.timeOut();
        assertEquals(RoleName.PRE_CANDIDATE, member.core.status().role());
    }

    @Test
    void confirmationOfAnotherLossIsIgnored() {
        TestMember member = filledAgain();
        member.receive(B, new Message.RecoveryConfirmed(2, 6, 3));
        assertTrue(member.core.status().health().recovering());
    }

    @Test
    void confirmationOfAnOlderTermIsIgnored() {
        TestMember member = filledAgain();
        member.receive(C, append(3, LOG, 3, 3, 1));
        member.sync();
        member.receive(B, new Message.RecoveryConfirmed(2, 7, 3));
        assertTrue(member.core.status().health().recovering());
    }

    @Test
    void confirmationOfMoreThanIsDurableHereIsIgnored() {
        TestMember member = TestMember.ofThreeThatLostItsStore();
        member.receive(B, append(2, LOG, 0, 3, 1));
        member.receive(B, new Message.RecoveryConfirmed(2, 7, 3));
        assertTrue(member.core.status().health().recovering());
    }

    // ---- its leader

    @Test
    void leaderDoesNotCountAMemberThatLostItsStoreForTheCommit() {
        TestMember member = TestMember.ofThree().lead(B);
        member.step(proposal(1));
        member.sync();
        member.receive(C, recoveringAt(1, 2, 0));
        assertEquals(1, member.core.status().commitIndex());
    }

    @Test
    void whatWasAcknowledgedBeforeTheLossStillCounts() {
        TestMember member = TestMember.ofThree().lead(B);
        member.step(proposal(1));
        member.receive(C, acknowledge(1, 2, 0));
        member.receive(C, emptyAgain(1));
        member.sync();
        assertEquals(2, member.core.status().commitIndex());
    }

    @Test
    void leaderDoesNotCountAMemberThatLostItsStoreForAConfirmationRound() {
        TestMember member = TestMember.ofThree().lead(B);
        member.step(new Event.ReadRequested(1));
        long round = member.sentTo(C, Message.AppendEntries.class)
                .reduce((a, b) -> b)
                .orElseThrow()
                .round();
        member.receive(C, recoveringAt(1, 1, round));
        assertEquals(0, member.effects(Effect.ReadReady.class).count());
        member.receive(B, acknowledge(1, 1, round));
        assertEquals(1, member.effects(Effect.ReadReady.class).count());
    }

    @Test
    void leaderThatHearsOnlyMembersThatLostTheirStoresStepsDown() {
        TestMember member = TestMember.ofThree().lead(B);
        for (int i = 0; i < 10; i++) {
            member.receive(C, recoveringAt(1, 1, 0));
            member.tickAfter(100);
        }
        assertEquals(RoleName.FOLLOWER, member.core.status().role());
    }

    @Test
    void leaderFillsAMemberThatLostItsStoreFromTheBeginning() {
        TestMember member = TestMember.ofThree().lead(B, C);
        List<Effect> effects = member.receive(C, emptyAgain(1));
        Message.AppendEntries sent =
                sentTo(effects, C, Message.AppendEntries.class).findFirst().orElseThrow();
        assertEquals(LogPosition.ZERO, sent.previous());
        assertEquals(2, sent.entries().size());
    }

    @Test
    void leaderConfirmsWhenAnEntryMadeAfterTheLossIsCommittedWithoutThatMemberAndHeldByIt() {
        TestMember member = TestMember.ofThree().lead(B, C);
        member.receive(C, emptyAgain(1));
        assertEquals(new LogPosition(1, 2), member.core.status().last());
        member.sync();
        assertEquals(0, confirmations(member.receive(C, recoveringAt(1, 2, 0))));
        member.receive(B, acknowledge(1, 2, 0));
        List<Effect> effects = member.receive(C, recoveringAt(1, 2, 0));
        assertEquals(
                List.of(new Message.RecoveryConfirmed(1, 7, 2)),
                sentTo(effects, C, Message.RecoveryConfirmed.class).toList());
    }

    @Test
    void leaderMakesOneEntryForALossAndAnotherForTheNext() {
        TestMember member = TestMember.ofThree().lead(B, C);
        member.receive(C, emptyAgain(1));
        member.receive(C, emptyAgain(1));
        assertEquals(2, member.core.status().last().index());
        member.receive(C, new Message.AppendReply(1, false, 0, new LogPosition(0, 1), 0, new StoreHealth(8, false)));
        assertEquals(3, member.core.status().last().index());
    }

    @Test
    void lateAcknowledgementFromBeforeTheLossDoesNotKeepTheMemberFromBeingFilled() {
        TestMember member = TestMember.ofThree().lead(B, C);
        member.receive(C, emptyAgain(1));
        member.receive(C, acknowledge(1, 1, 0));
        List<Effect> effects = member.receive(C, emptyAgain(1));
        assertEquals(2, member.core.status().last().index());
        assertEquals(
                LogPosition.ZERO,
                sentTo(effects, C, Message.AppendEntries.class)
                        .findFirst()
                        .orElseThrow()
                        .previous());
    }

    @Test
    void leadershipIsNotHandedToAMemberThatLostItsStore() {
        TestMember member = TestMember.ofThree().lead(B, C);
        member.receive(C, recoveringAt(1, 1, 0));
        member.sync();
        member.receive(B, acknowledge(1, 2, 0));
        member.receive(C, recoveringAt(1, 2, 0));
        List<Effect> effects = member.step(new Event.TransferLeadership(Optional.empty()));
        assertEquals(1, sentTo(effects, B, Message.TimeoutNow.class).count());
    }
}
