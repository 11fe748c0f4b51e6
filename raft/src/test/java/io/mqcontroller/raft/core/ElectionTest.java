package io.mqcontroller.raft.core;

import static io.mqcontroller.raft.core.TestMember.A;
import static io.mqcontroller.raft.core.TestMember.B;
import static io.mqcontroller.raft.core.TestMember.C;
import static io.mqcontroller.raft.core.TestMember.of;
import static io.mqcontroller.raft.core.TestMember.sentTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ElectionTest {
    private static final LogPosition NOTHING = LogPosition.ZERO;

    @Test
    void soleMemberLeadsWithItsFirstTick() {
        TestMember member = TestMember.sole();
        member.step(new Event.Tick());
        member.sync();
        assertEquals(RoleName.LEADER, member.core.status().role());
        assertEquals(1, member.term());
        member.sync();
        assertTrue(member.core.status().ready());
        assertEquals(1, member.effects(Effect.LeaderReady.class).count());
    }

    @Test
    void followerAsksForPreVotesWithoutRaisingItsTerm() {
        TestMember member = TestMember.ofThree();
        member.step(new Event.Tick());
        member.timeOut();
        assertEquals(RoleName.PRE_CANDIDATE, member.core.status().role());
        assertEquals(0, member.term());
        assertEquals(
                List.of(new Message.PreVote(1, NOTHING)),
                member.sentTo(B, Message.PreVote.class).toList());
        assertEquals(0, member.effects(Effect.Persist.class).count());
    }

    @Test
    void candidateAsksForVotesOnlyWhenItsOwnIsDurable() {
        TestMember member = TestMember.ofThree();
        member.step(new Event.Tick());
        member.timeOut();
        List<Effect> effects = member.receive(B, new Message.PreVoteReply(1, true));
        assertEquals(RoleName.CANDIDATE, member.core.status().role());
        assertEquals(
                Optional.of(new HardState(1, Optional.of(A), 0)),
                of(effects, Effect.Persist.class).findFirst().orElseThrow().hardState());
        assertEquals(0, sentTo(effects, B, Message.RequestVote.class).count());
        effects = member.sync();
        assertEquals(
                List.of(new Message.RequestVote(1, NOTHING, false)),
                sentTo(effects, B, Message.RequestVote.class).toList());
        assertEquals(1, sentTo(effects, C, Message.RequestVote.class).count());
    }

    @Test
    void candidateWithAMajorityLeadsAndSendsItsFirstEntryAtOnce() {
        TestMember member = TestMember.ofThree();
        member.elect(B);
        assertEquals(RoleName.LEADER, member.core.status().role());
        List<Entry> sent = member.sentTo(C, Message.AppendEntries.class)
                .findFirst()
                .orElseThrow()
                .entries();
        assertEquals(1, sent.size());
        assertEquals(EntryKind.LEADER_START, sent.get(0).kind());
    }

    @Test
    void preVotesOfAnotherTermDoNotCount() {
        TestMember member = TestMember.ofThree();
        member.step(new Event.Tick());
        member.timeOut();
        member.receive(B, new Message.PreVoteReply(2, true));
        assertEquals(RoleName.PRE_CANDIDATE, member.core.status().role());
    }

    @Test
    void refusedPreVoteOfAHigherTermRaisesTheTerm() {
        TestMember member = TestMember.ofThree();
        member.step(new Event.Tick());
        member.timeOut();
        member.receive(B, new Message.PreVoteReply(5, false));
        assertEquals(RoleName.FOLLOWER, member.core.status().role());
        assertEquals(5, member.term());
    }

    @Test
    void preVoteIsGrantedWithoutADurablePromise() {
        TestMember member = TestMember.ofThree();
        List<Effect> effects = member.receive(B, new Message.PreVote(4, NOTHING));
        assertEquals(
                List.of(new Message.PreVoteReply(4, true)),
                sentTo(effects, B, Message.PreVoteReply.class).toList());
        assertEquals(0, member.term());
        assertEquals(0, of(effects, Effect.Persist.class).count());
    }

    @Test
    void preVoteIsRefusedWhileTheLeaderIsHeard() {
        TestMember member = TestMember.ofThree();
        member.receive(B, TestMember.append(3, List.of(), 0, 0, 0));
        member.sync();
        member.nowMs += TestMember.ELECTION_TIMEOUT_MS - 1;
        assertEquals(new Message.PreVoteReply(3, false), onlyPreVoteReply(member, new Message.PreVote(4, NOTHING)));
        member.nowMs += 1;
        assertEquals(new Message.PreVoteReply(4, true), onlyPreVoteReply(member, new Message.PreVote(4, NOTHING)));
    }

    @Test
    void preVoteOfThisOrAnOlderTermIsRefusedWithTheTermInForce() {
        TestMember member = TestMember.ofThreeWithLog(3, 0);
        assertEquals(new Message.PreVoteReply(3, false), onlyPreVoteReply(member, new Message.PreVote(3, NOTHING)));
        assertEquals(new Message.PreVoteReply(3, false), onlyPreVoteReply(member, new Message.PreVote(2, NOTHING)));
    }

    @Test
    void preVoteIsRefusedToOneWhoseLogIsBehind() {
        TestMember member = TestMember.ofThreeWithLog(3, 0, 1, 2);
        assertEquals(
                new Message.PreVoteReply(3, false),
                onlyPreVoteReply(member, new Message.PreVote(4, new LogPosition(2, 1))));
        assertEquals(
                new Message.PreVoteReply(4, true),
                onlyPreVoteReply(member, new Message.PreVote(4, new LogPosition(2, 2))));
    }

    @Test
    void leaderRefusesPreVotes() {
        TestMember member = TestMember.ofThree().lead(B);
        assertEquals(
                new Message.PreVoteReply(1, false),
                onlyPreVoteReply(member, new Message.PreVote(2, new LogPosition(9, 9))));
    }

    private static Message.PreVoteReply onlyPreVoteReply(TestMember member, Message.PreVote request) {
        List<Message.PreVoteReply> replies = sentTo(member.receive(C, request), C, Message.PreVoteReply.class)
                .toList();
        assertEquals(1, replies.size());
        return replies.get(0);
    }

    @Test
    void voteLeavesOnlyWhenItIsDurable() {
        TestMember member = TestMember.ofThree();
        List<Effect> effects = member.receive(B, new Message.RequestVote(2, NOTHING, false));
        assertEquals(
                Optional.of(new HardState(2, Optional.of(B), 0)),
                of(effects, Effect.Persist.class).findFirst().orElseThrow().hardState());
        assertEquals(0, sentTo(effects, B, Message.VoteReply.class).count());
        assertEquals(
                List.of(new Message.VoteReply(2, true)),
                sentTo(member.sync(), B, Message.VoteReply.class).toList());
    }

    @Test
    void voteThatWaitsForTheDiskIsDroppedWhenTheTermMovesOn() {
        TestMember member = TestMember.ofThree();
        member.receive(B, new Message.RequestVote(2, NOTHING, false));
        member.receive(C, new Message.RequestVote(3, NOTHING, false));
        List<Effect> effects = member.sync();
        assertEquals(0, sentTo(effects, B, Message.VoteReply.class).count());
        assertEquals(
                List.of(new Message.VoteReply(3, true)),
                sentTo(effects, C, Message.VoteReply.class).toList());
    }

    @Test
    void secondCandidateOfATermGetsNoVoteAndTheFirstGetsItAgain() {
        TestMember member = TestMember.ofThree();
        member.receive(B, new Message.RequestVote(2, NOTHING, false));
        member.sync();
        List<Effect> effects = member.receive(C, new Message.RequestVote(2, NOTHING, false));
        assertEquals(
                List.of(new Message.VoteReply(2, false)),
                sentTo(effects, C, Message.VoteReply.class).toList());
        effects = member.receive(B, new Message.RequestVote(2, NOTHING, false));
        assertEquals(
                List.of(new Message.VoteReply(2, true)),
                sentTo(effects, B, Message.VoteReply.class).toList());
    }

    @Test
    void voteIsRememberedAcrossARestart() {
        HardState hard = new HardState(2, Optional.of(B), 0);
        TestMember member = TestMember.with(
                TestMember.settings(A, B, C), new RecoveredState(hard, Optional.empty(), Bytes.EMPTY, List.of()));
        List<Effect> effects = member.receive(C, new Message.RequestVote(2, NOTHING, false));
        assertEquals(
                List.of(new Message.VoteReply(2, false)),
                sentTo(effects, C, Message.VoteReply.class).toList());
    }

    @Test
    void followerRefusesVoteWhenItsLogIsNewer() {
        TestMember member = TestMember.ofThreeWithLog(2, 0, 1, 2);
        member.receive(B, new Message.RequestVote(3, new LogPosition(1, 7), false));
        List<Effect> effects = member.sync();
        assertEquals(3, member.term());
        assertEquals(
                List.of(new Message.VoteReply(3, false)),
                sentTo(effects, B, Message.VoteReply.class).toList());
    }

    @Test
    void voteOfAnOlderTermIsRefusedWithTheTermInForce() {
        TestMember member = TestMember.ofThreeWithLog(3, 0);
        List<Effect> effects = member.receive(B, new Message.RequestVote(2, NOTHING, false));
        assertEquals(
                List.of(new Message.VoteReply(3, false)),
                sentTo(effects, B, Message.VoteReply.class).toList());
    }

    @Test
    void memberThatHearsALeaderIgnoresCandidatesUnlessTheLeaderAskedForThem() {
        TestMember member = TestMember.ofThree();
        member.receive(B, TestMember.append(3, List.of(), 0, 0, 0));
        member.sync();
        assertEquals(List.of(), member.receive(C, new Message.RequestVote(4, NOTHING, false)));
        assertEquals(3, member.term());
        member.receive(C, new Message.RequestVote(4, NOTHING, true));
        assertEquals(4, member.term());
        assertEquals(1, sentTo(member.sync(), C, Message.VoteReply.class).count());
    }

    @Test
    void leaderIgnoresCandidatesUnlessItHandsOver() {
        TestMember member = TestMember.ofThree().lead(B);
        member.receive(C, new Message.RequestVote(2, new LogPosition(9, 9), false));
        assertEquals(RoleName.LEADER, member.core.status().role());
        member.receive(C, new Message.RequestVote(2, new LogPosition(9, 9), true));
        assertEquals(RoleName.FOLLOWER, member.core.status().role());
        assertEquals(2, member.term());
    }

    @Test
    void votesOfAnOlderTermDoNotCount() {
        TestMember member = TestMember.ofThree();
        member.step(new Event.Tick());
        member.timeOut();
        member.receive(B, new Message.PreVoteReply(1, true));
        member.sync();
        member.timeOut();
        member.receive(B, new Message.PreVoteReply(2, true));
        member.sync();
        assertEquals(2, member.term());
        member.receive(B, new Message.VoteReply(1, true));
        assertEquals(RoleName.CANDIDATE, member.core.status().role());
        member.receive(C, new Message.VoteReply(2, false));
        assertEquals(RoleName.CANDIDATE, member.core.status().role());
        member.receive(B, new Message.VoteReply(2, true));
        assertEquals(RoleName.LEADER, member.core.status().role());
    }

    @Test
    void oneVoterOfFiveCountsOnce() {
        TestMember member = TestMember.ofFive();
        member.step(new Event.Tick());
        member.timeOut();
        member.receive(B, new Message.PreVoteReply(1, true));
        member.receive(B, new Message.PreVoteReply(1, true));
        assertEquals(RoleName.PRE_CANDIDATE, member.core.status().role());
        member.receive(C, new Message.PreVoteReply(1, true));
        member.sync();
        member.receive(B, new Message.VoteReply(1, true));
        member.receive(B, new Message.VoteReply(1, true));
        assertEquals(RoleName.CANDIDATE, member.core.status().role());
        member.receive(C, new Message.VoteReply(1, true));
        assertEquals(RoleName.LEADER, member.core.status().role());
    }

    @Test
    void candidateFollowsTheLeaderOfItsTerm() {
        TestMember member = TestMember.ofThree();
        member.step(new Event.Tick());
        member.timeOut();
        member.receive(B, new Message.PreVoteReply(1, true));
        member.sync();
        member.receive(C, TestMember.append(1, List.of(), 0, 0, 0));
        assertEquals(RoleName.FOLLOWER, member.core.status().role());
        assertEquals(Optional.of(C), member.core.status().leader());
        member.receive(B, new Message.VoteReply(1, true));
        assertEquals(RoleName.FOLLOWER, member.core.status().role());
    }

    @Test
    void leaderThatHearsNoMajorityStepsDownInItsTerm() {
        TestMember member = TestMember.ofFive().lead(B, C);
        member.nowMs += 600;
        member.acknowledgeAll(B);
        member.tickAfter(600);
        assertEquals(RoleName.FOLLOWER, member.core.status().role());
        assertEquals(1, member.term());
        assertEquals(Optional.empty(), member.core.status().leader());
    }

    @Test
    void leaderThatHearsAMajorityGoesOn() {
        TestMember member = TestMember.ofFive().lead(B, C);
        for (int i = 0; i < 5; i++) {
            member.nowMs += 600;
            member.acknowledgeAll(B, C);
            member.tickAfter(300);
        }
        assertEquals(RoleName.LEADER, member.core.status().role());
    }

    @Test
    void leaderStepsDownForAReplyOfAHigherTerm() {
        TestMember member = TestMember.ofThree().lead(B);
        member.receive(C, new Message.AppendReply(4, false, 0, NOTHING, 0));
        assertEquals(RoleName.FOLLOWER, member.core.status().role());
        assertEquals(4, member.term());
    }

    @Test
    void secondLeaderOfATermIsFatal() {
        TestMember member = TestMember.ofThree().lead(B);
        assertThrows(LogDamagedException.class, () -> member.receive(C, TestMember.append(1, List.of(), 0, 0, 0)));
    }

    @Test
    void nobodyButMembersWasAskedAnything() {
        TestMember member = TestMember.ofThree();
        member.step(new Event.Tick());
        assertEquals(List.of(), member.receive(TestMember.D, new Message.VoteReply(9, false)));
        assertEquals(List.of(), member.receive(TestMember.D, new Message.PreVoteReply(9, false)));
        assertEquals(List.of(), member.receive(TestMember.D, TestMember.acknowledge(9, 0, 0)));
        assertEquals(List.of(), member.receive(A, TestMember.append(9, List.of(), 0, 0, 0)));
        assertEquals(0, member.term());
    }

    /** Its log may lag behind the configuration that the candidate belongs to. */
    @Test
    void aStrangerGetsTheVoteThatItsLogDeserves() {
        TestMember member = TestMember.ofThree();
        member.receive(TestMember.D, new Message.RequestVote(9, new LogPosition(8, 9), false));
        assertEquals(
                List.of(new Message.VoteReply(9, true)),
                TestMember.sentTo(member.sync(), TestMember.D, Message.VoteReply.class)
                        .toList());
    }

    @Test
    void roleChangesNameTheirCause() {
        TestMember member = TestMember.ofThree().elect(B);
        List<RoleName> roles = member.effects(Effect.RoleChanged.class)
                .map(Effect.RoleChanged::role)
                .toList();
        assertEquals(List.of(RoleName.FOLLOWER, RoleName.PRE_CANDIDATE, RoleName.CANDIDATE, RoleName.LEADER), roles);
        assertTrue(member.effects(Effect.RoleChanged.class)
                .noneMatch(change -> change.cause().isBlank()));
    }

    @Test
    void termRisesThatALeaderOfAnOlderTermHears() {
        TestMember member = TestMember.ofThreeWithLog(5, 0);
        List<Effect> effects = member.receive(B, TestMember.append(4, List.of(), 0, 0, 0));
        assertEquals(
                List.of(new Message.AppendReply(5, false, 0, NOTHING, 0)),
                sentTo(effects, B, Message.AppendReply.class).toList());
        assertEquals(Optional.empty(), member.core.status().leader());
    }

    @Test
    void membersThatDidNotAnswerAreAskedAgainWithTheHeartbeatInterval() {
        TestMember member = TestMember.ofFive();
        member.step(new Event.Tick());
        member.timeOut();
        member.receive(B, new Message.PreVoteReply(1, true));
        assertEquals(List.of(), member.tickAfter(99));
        List<Effect> effects = member.tickAfter(1);
        assertEquals(0, sentTo(effects, B, Message.PreVote.class).count());
        assertEquals(1, sentTo(effects, C, Message.PreVote.class).count());
        member.receive(C, new Message.PreVoteReply(1, true));
        assertEquals(List.of(), member.tickAfter(100));
        member.sync();
        member.receive(B, new Message.VoteReply(1, true));
        effects = member.tickAfter(100);
        assertEquals(0, sentTo(effects, B, Message.RequestVote.class).count());
        assertEquals(1, sentTo(effects, C, Message.RequestVote.class).count());
    }

    @Test
    void earlierWriteThatIsDoneDoesNotMakeTheVoteDurable() {
        TestMember member = TestMember.ofThree();
        member.receive(B, TestMember.append(3, TestMember.log(3), 0, 0, 0));
        member.receive(B, new Message.TimeoutNow(3));
        List<Effect> effects = member.step(new Event.Persisted(1));
        assertEquals(0, sentTo(effects, C, Message.RequestVote.class).count());
        effects = member.step(new Event.Persisted(2));
        assertEquals(1, sentTo(effects, C, Message.RequestVote.class).count());
    }
}
