package io.mqcontroller.raft.core;

import static io.mqcontroller.raft.core.TestMember.A;
import static io.mqcontroller.raft.core.TestMember.B;
import static io.mqcontroller.raft.core.TestMember.C;
import static io.mqcontroller.raft.core.TestMember.D;
import static io.mqcontroller.raft.core.TestMember.acknowledge;
import static io.mqcontroller.raft.core.TestMember.of;
import static io.mqcontroller.raft.core.TestMember.proposal;
import static io.mqcontroller.raft.core.TestMember.sentTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class MembershipTest {
    private static final long STORE_OF_D = 77;
    private static final ConfiguredMember NEW = new ConfiguredMember(D, "d:9878", STORE_OF_D);
    private static final Configuration ABC = Configuration.ofVoters(List.of(A, B, C));
    private static final MembershipChange ADD = new MembershipChange.AddLearner(NEW);
    private static final MembershipChange PROMOTE = new MembershipChange.Promote(D);

    private static Configuration configuration(TestMember member) {
        return member.core.status().configuration();
    }

    private static long last(TestMember member) {
        return member.core.status().last().index();
    }

    private static List<Effect> ask(TestMember member, MembershipChange change) {
        return member.step(new Event.ChangeMembership(5, change));
    }

    private static List<MembershipRejection> rejections(List<Effect> effects) {
        return of(effects, Effect.MembershipChangeRejected.class)
                .map(Effect.MembershipChangeRejected::rejection)
                .toList();
    }

    private static void assertRejected(MembershipRejection reason, TestMember member, MembershipChange change) {
        long before = last(member);
        assertEquals(List.of(reason), rejections(ask(member, change)));
        assertEquals(before, last(member));
    }

    /** All that was appended so far is durable here and on these. */
    private static void settle(TestMember member, NodeId... others) {
        member.sync();
        for (NodeId other : others) {
            member.receive(other, acknowledge(member.term(), last(member), 0));
        }
    }

    /** Leads a, b, c, with d as a learner that holds everything. */
    private static TestMember leaderWithLearner() {
        TestMember member = TestMember.ofThree().lead(B, C);
        ask(member, ADD);
        settle(member, B, D);
        member.effects.clear();
        return member;
    }

    private static Entry configurationEntry(Entry previous, long term, Configuration configuration) {
        return Entry.create(
                previous.chain(),
                new LogPosition(term, previous.index() + 1),
                EntryKind.CONFIGURATION,
                ProposalId.NONE,
                ConfigurationFormat.write(configuration));
    }

    @Test
    void aLearnerGetsTheLogAtOnceAndDoesNotCount() {
        TestMember member = TestMember.ofThree().lead(B, C);
        List<Effect> effects = ask(member, ADD);
        Effect.ConfigurationChanged changed =
                of(effects, Effect.ConfigurationChanged.class).findFirst().orElseThrow();
        assertEquals(ABC.withLearner(NEW), changed.configuration());
        assertEquals(1, sentTo(effects, D, Message.AppendEntries.class).count());
        member.sync();
        assertEquals(
                List.of(),
                of(member.receive(D, acknowledge(1, 2, 0)), Effect.MembershipChanged.class)
                        .toList());
        assertEquals(
                List.of(new Effect.MembershipChanged(5, ABC.withLearner(NEW))),
                of(member.receive(B, acknowledge(1, 2, 0)), Effect.MembershipChanged.class)
                        .toList());
    }

    @Test
    void aPromotionGoesThroughAJointConfiguration() {
        TestMember member = leaderWithLearner();
        ask(member, PROMOTE);
        assertTrue(configuration(member).isJoint());
        member.sync();
        member.receive(D, acknowledge(1, 3, 0));
        assertTrue(configuration(member).isJoint());
        List<Effect> effects = member.receive(B, acknowledge(1, 3, 0));
        assertFalse(configuration(member).isJoint());
        assertEquals(new TreeSet<>(List.of(A, B, C, D)), configuration(member).voters());
        assertEquals(0, of(effects, Effect.MembershipChanged.class).count());
        member.sync();
        member.receive(D, acknowledge(1, 4, 0));
        effects = member.receive(B, acknowledge(1, 4, 0));
        assertEquals(1, of(effects, Effect.MembershipChanged.class).count());
    }

    @Test
    void whileJointBothMajoritiesAreNeeded() {
        TestMember member = leaderWithLearner();
        ask(member, new MembershipChange.Replace(C, D));
        settle(member, D);
        assertEquals(2, member.core.status().commitIndex());
        settle(member, C);
        assertEquals(3, member.core.status().commitIndex());
    }

    @Test
    void whoWasReplacedGetsNothingMoreAndCountsNoMore() {
        TestMember member = leaderWithLearner();
        ask(member, new MembershipChange.Replace(C, D));
        settle(member, B);
        assertEquals(new TreeSet<>(List.of(A, B, D)), configuration(member).voters());
        assertEquals(new TreeSet<>(List.of(C)), configuration(member).removed());
        settle(member, C);
        assertEquals(3, member.core.status().commitIndex());
        assertEquals(
                0, sentTo(member.tickAfter(200), C, Message.AppendEntries.class).count());
    }

    @Test
    void oneChangeAtATime() {
        TestMember member = TestMember.ofThree().lead(B, C);
        ask(member, ADD);
        assertRejected(MembershipRejection.CHANGE_UNDER_WAY, member, new MembershipChange.Remove(C));
        settle(member, B);
        ask(member, new MembershipChange.Remove(C));
        settle(member, B);
        assertRejected(MembershipRejection.CHANGE_UNDER_WAY, member, PROMOTE);
        settle(member, B);
        assertEquals(List.of(), rejections(ask(member, new MembershipChange.Remove(D))));
    }

    /** A configuration of an older term could still decide beside the new one. */
    @Test
    void nothingIsBegunBeforeAnEntryOfTheOwnTermIsCommitted() {
        TestMember member = TestMember.ofThree().elect(B);
        assertRejected(MembershipRejection.NOT_READY, member, ADD);
    }

    @Test
    void refusalsNameTheReason() {
        TestMember member = leaderWithLearner();
        NodeId stranger = new NodeId("stranger");
        assertRejected(MembershipRejection.ALREADY_MEMBER, member, ADD);
        assertRejected(MembershipRejection.UNKNOWN_MEMBER, member, new MembershipChange.Promote(stranger));
        assertRejected(MembershipRejection.UNKNOWN_MEMBER, member, new MembershipChange.Remove(stranger));
        assertRejected(MembershipRejection.UNKNOWN_MEMBER, member, new MembershipChange.Replace(stranger, D));
        assertRejected(MembershipRejection.UNKNOWN_MEMBER, member, new MembershipChange.Replace(C, stranger));
        assertRejected(MembershipRejection.ALREADY_VOTER, member, new MembershipChange.Promote(C));
        assertRejected(MembershipRejection.ALREADY_VOTER, member, new MembershipChange.Replace(C, B));
        assertRejected(MembershipRejection.NOT_A_VOTER, member, new MembershipChange.Replace(D, D));
        member.step(new Event.TransferLeadership(Optional.of(B)));
        assertRejected(MembershipRejection.TRANSFERRING, member, new MembershipChange.Remove(C));
        TestMember follower = TestMember.ofThree();
        assertRejected(MembershipRejection.NOT_LEADER, follower, ADD);
        TestMember sole = TestMember.sole();
        sole.step(new Event.Tick());
        sole.sync();
        sole.sync();
        assertRejected(MembershipRejection.LAST_VOTER, sole, new MembershipChange.Remove(A));
    }

    @Test
    void anIdIsNeverUsedAgain() {
        TestMember member = leaderWithLearner();
        ask(member, new MembershipChange.Remove(D));
        settle(member, B);
        assertRejected(MembershipRejection.ID_WAS_USED, member, ADD);
    }

    @Test
    void aLearnerIsPromotedOnlyWhenItHasCaughtUp() {
        TestMember member = TestMember.ofThree().lead(B, C);
        ask(member, ADD);
        settle(member, B);
        assertRejected(MembershipRejection.NOT_CAUGHT_UP, member, PROMOTE);
        for (int i = 1; i <= 5; i++) {
            member.step(proposal(i));
        }
        settle(member, B);
        member.receive(D, acknowledge(1, 2, 0));
        assertRejected(MembershipRejection.NOT_CAUGHT_UP, member, PROMOTE);
        member.receive(D, acknowledge(1, 3, 0));
        member.nowMs += TestMember.ELECTION_TIMEOUT_MS;
        assertRejected(MembershipRejection.NOT_CAUGHT_UP, member, PROMOTE);
        settle(member, B);
        member.receive(D, acknowledge(1, 4, 0));
        assertEquals(List.of(), rejections(ask(member, PROMOTE)));
    }

    /** Otherwise it does not know that its vote is needed when the leader is gone, and nobody can tell it. */
    @Test
    void aLearnerIsPromotedOnlyWhenItHoldsTheConfigurationThatNamesIt() {
        TestMember member = TestMember.ofThree().lead(B, C);
        ask(member, ADD);
        settle(member, B);
        member.receive(D, acknowledge(1, 1, 0));
        assertRejected(MembershipRejection.NOT_CAUGHT_UP, member, PROMOTE);
        member.receive(D, acknowledge(1, 2, 0));
        assertEquals(List.of(), rejections(ask(member, PROMOTE)));
    }

    /** Until it holds again what it may have acknowledged no majority counts it, so it would only make majorities larger. */
    @Test
    void aLearnerThatLostItsStoreIsNotPromotedBeforeItIsWholeAgain() {
        TestMember member = leaderWithLearner();
        StoreHealth lost = new StoreHealth(7, false);
        member.receive(D, new Message.AppendReply(1, true, last(member), LogPosition.ZERO, 0, lost));
        settle(member, B);
        member.receive(D, new Message.AppendReply(1, true, last(member), LogPosition.ZERO, 0, lost));
        assertRejected(MembershipRejection.NOT_CAUGHT_UP, member, PROMOTE);
        settle(member, D);
        assertEquals(List.of(), rejections(ask(member, PROMOTE)));
    }

    /** It would need the member that recovers, which counts for nothing before an entry is committed without it. */
    @Test
    void nobodyIsRemovedWhenTooFewOfThoseWhoStayAreSound() {
        TestMember member = leaderWithLearner();
        member.receive(C, new Message.AppendReply(1, true, 1, LogPosition.ZERO, 0, new StoreHealth(7, false)));
        settle(member, B, D);
        assertRejected(MembershipRejection.MAJORITY_AT_RISK, member, new MembershipChange.Remove(B));
        assertEquals(List.of(), rejections(ask(member, new MembershipChange.Replace(C, D))));
    }

    @Test
    void nobodyIsRemovedWhenTooFewOfThoseWhoStayAnswer() {
        TestMember member = leaderWithLearner();
        member.nowMs += TestMember.ELECTION_TIMEOUT_MS;
        settle(member, B);
        assertRejected(MembershipRejection.MAJORITY_AT_RISK, member, new MembershipChange.Remove(B));
        assertEquals(List.of(), rejections(ask(member, new MembershipChange.Remove(C))));
    }

    /** Who was not heard at all may have lost its store, and then the change could never be committed. */
    @Test
    void whoHasNotAnsweredThisLeaderYetIsNotTakenForSound() {
        TestMember member = TestMember.ofThree().lead(B);
        assertRejected(MembershipRejection.NOT_READY, member, new MembershipChange.Remove(B));
        member.nowMs += TestMember.ELECTION_TIMEOUT_MS;
        settle(member, B);
        assertRejected(MembershipRejection.MAJORITY_AT_RISK, member, new MembershipChange.Remove(B));
        settle(member, C);
        assertEquals(List.of(), rejections(ask(member, new MembershipChange.Remove(B))));
    }

    @Test
    void aRemovedLeaderDoesNotCountItselfAndHandsOver() {
        TestMember member = TestMember.ofThree().lead(B, C);
        ask(member, new MembershipChange.Remove(A));
        settle(member, B, C);
        assertEquals(3, last(member));
        settle(member, B, C);
        assertEquals(3, member.core.status().commitIndex());
        assertEquals(1, member.sentTo(B, Message.TimeoutNow.class).count());
        assertEquals(
                Rejection.TRANSFERRING,
                of(member.step(proposal(1)), Effect.ProposalRejected.class)
                        .findFirst()
                        .orElseThrow()
                        .rejection());
        member.tickAfter(500);
        member.acknowledgeAll(B, C);
        member.tickAfter(500);
        member.tickAfter(10);
        assertEquals(RoleName.FOLLOWER, member.core.status().role());
        member.timeOut();
        assertEquals(RoleName.FOLLOWER, member.core.status().role());
    }

    @Test
    void theNewConfigurationNeedsBothThatStay() {
        TestMember member = TestMember.ofThree().lead(B, C);
        ask(member, new MembershipChange.Remove(A));
        settle(member, B);
        assertEquals(2, last(member));
        settle(member, C);
        assertEquals(3, last(member));
        settle(member, B);
        assertEquals(2, member.core.status().commitIndex());
        settle(member, C);
        assertEquals(3, member.core.status().commitIndex());
    }

    /** Thesis §4.2.2: nobody with an older log could win without it. */
    @Test
    void whoAloneHoldsAConfigurationWithoutItselfStillAsksForVotes() {
        List<Entry> log = new ArrayList<>(TestMember.sameTerm(1, 1));
        Configuration joint = ABC.jointWith(new TreeSet<>(List.of(B, C)));
        log.add(configurationEntry(log.get(0), 1, joint));
        log.add(configurationEntry(log.get(1), 1, joint.withoutOutgoing()));
        HardState hard = new HardState(1, Optional.empty(), 2);
        TestMember member = TestMember.with(
                TestMember.settings(A, B, C), new RecoveredState(hard, Optional.empty(), Bytes.EMPTY, log));
        member.elect(B, C);
        assertEquals(3, member.core.status().configurationIndex());
    }

    @Test
    void aNewLeaderEndsTheJointConfigurationInItsLog() {
        List<Entry> log = new ArrayList<>(TestMember.sameTerm(1, 1));
        Configuration joint = ABC.jointWith(new TreeSet<>(List.of(A, B)));
        log.add(configurationEntry(log.get(0), 1, joint));
        HardState hard = new HardState(1, Optional.empty(), 1);
        TestMember member = TestMember.with(
                TestMember.settings(A, B, C), new RecoveredState(hard, Optional.empty(), Bytes.EMPTY, log));
        member.elect(B);
        settle(member);
        assertTrue(configuration(member).isJoint());
        settle(member, B);
        assertEquals(joint.withoutOutgoing(), configuration(member));
    }

    @Test
    void whatIsCutOffTheLogTakesItsConfigurationWithIt() {
        TestMember member = TestMember.ofThree();
        List<Entry> log = new ArrayList<>(TestMember.sameTerm(1, 1));
        log.add(configurationEntry(log.get(0), 1, ABC.withLearner(NEW)));
        member.receive(B, TestMember.append(1, log, 0, 1, 0));
        assertTrue(configuration(member).isMember(D));
        List<Effect> effects = member.receive(C, TestMember.append(2, TestMember.log(1, 2), 1, 1, 0));
        assertEquals(ABC, configuration(member));
        assertEquals(
                List.of(new Effect.ConfigurationChanged(ABC, 0)),
                of(effects, Effect.ConfigurationChanged.class).toList());
    }

    @Test
    void aJoiningMemberTakesNoPartBeforeItIsNamedWithItsStore() {
        RecoveredState joining =
                new RecoveredState(HardState.INITIAL, Optional.empty(), Bytes.EMPTY, List.of(), STORE_OF_D);
        TestMember member = TestMember.with(TestMember.settings(D, A, B, C), joining);
        member.step(new Event.Tick());
        member.timeOut();
        assertEquals(RoleName.FOLLOWER, member.core.status().role());
        member.receive(B, new Message.RequestVote(3, new LogPosition(2, 2), false));
        assertTrue(member.sync().stream().noneMatch(effect -> effect.toString().contains("granted=true")));

        List<Entry> log = new ArrayList<>(TestMember.sameTerm(1, 1));
        Configuration another = ABC.withLearner(new ConfiguredMember(D, "d:1", STORE_OF_D + 1));
        log.add(configurationEntry(log.get(0), 4, another));
        member.receive(B, TestMember.append(4, log, 0, 2, 0));
        member.sync();
        member.receive(C, new Message.RequestVote(5, new LogPosition(4, 2), true));
        assertTrue(member.sync().stream().noneMatch(effect -> effect.toString().contains("granted=true")));
    }

    /** An election may depend on a member that does not know yet that it votes. */
    @Test
    void aLearnerVotesButDoesNotAskForVotes() {
        RecoveredState joining =
                new RecoveredState(HardState.INITIAL, Optional.empty(), Bytes.EMPTY, List.of(), STORE_OF_D);
        TestMember member = TestMember.with(TestMember.settings(D), joining);
        List<Entry> log = new ArrayList<>(TestMember.sameTerm(1, 1));
        log.add(configurationEntry(log.get(0), 1, ABC.withLearner(NEW)));
        member.receive(B, TestMember.append(1, log, 0, 2, 0));
        member.sync();
        member.timeOut();
        assertEquals(RoleName.FOLLOWER, member.core.status().role());
        member.receive(C, new Message.RequestVote(2, new LogPosition(1, 2), false));
        assertEquals(
                List.of(new Message.VoteReply(2, true)),
                sentTo(member.sync(), C, Message.VoteReply.class).toList());
    }

    @Test
    void aRemovedMemberIsNotListenedToWhenItAsksForVotes() {
        TestMember member = leaderWithLearner();
        ask(member, new MembershipChange.Remove(C));
        settle(member, B);
        settle(member, B);
        assertEquals(List.of(), member.receive(C, new Message.RequestVote(9, new LogPosition(9, 9), true)));
        assertEquals(List.of(), member.receive(C, new Message.PreVote(9, new LogPosition(9, 9))));
    }

    @Test
    void snapshotsCarryTheConfiguration() {
        TestMember member = TestMember.with(TestMember.settings(3, 0, A, B, C), RecoveredState.EMPTY)
                .lead(B, C);
        ask(member, ADD);
        settle(member, B);
        member.step(proposal(1));
        settle(member, B);
        Effect.TakeSnapshot taken =
                member.effects(Effect.TakeSnapshot.class).findFirst().orElseThrow();
        SnapshotMetadata snapshot = new SnapshotMetadata(taken.position(), taken.chain(), 40, 7);
        RecoveredState recovered = new RecoveredState(
                new HardState(1, Optional.empty(), 3), Optional.of(snapshot), taken.sessions(), List.of());
        TestMember again = TestMember.with(TestMember.settings(A, B, C), recovered);
        assertEquals(ABC.withLearner(NEW), configuration(again));
        assertEquals(2, again.core.status().configurationIndex());
    }

    /** Members of a version that knows no configurations can read it. */
    @Test
    void snapshotsUnderTheFirstConfigurationKeepTheirFormat() {
        TestMember member = TestMember.with(TestMember.settings(2, 0, A, B, C), RecoveredState.EMPTY)
                .lead(B, C);
        member.step(proposal(1));
        settle(member, B);
        Bytes sessions = member.effects(Effect.TakeSnapshot.class)
                .findFirst()
                .orElseThrow()
                .sessions();
        assertEquals(1, sessions.toByteArray()[0]);
    }

    @Test
    void aStoreMadeWithTheClusterBelongsToOneOfItsFirstMembers() {
        RaftSettings settings = RaftSettings.defaults(D, List.of(A, B), 1000);
        assertThrows(IllegalArgumentException.class, () -> TestMember.with(settings, RecoveredState.EMPTY));
    }
}
