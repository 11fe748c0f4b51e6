package io.mqcontroller.raft.core;

import static io.mqcontroller.raft.core.TestMember.B;
import static io.mqcontroller.raft.core.TestMember.C;
import static io.mqcontroller.raft.core.TestMember.D;
import static io.mqcontroller.raft.core.TestMember.acknowledge;
import static io.mqcontroller.raft.core.TestMember.of;
import static io.mqcontroller.raft.core.TestMember.proposal;
import static io.mqcontroller.raft.core.TestMember.sentTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReadIndexTest {
    private static List<Effect.ReadReady> ready(List<Effect> effects) {
        return of(effects, Effect.ReadReady.class).toList();
    }

    private static long roundOf(List<Effect> effects) {
        return sentTo(effects, B, Message.AppendEntries.class)
                .findFirst()
                .orElseThrow()
                .round();
    }

    @Test
    void readIsServedWhenAMajorityHasAnsweredARoundThatBeganAfterIt() {
        TestMember member = TestMember.ofThree().lead(B);
        List<Effect> effects = member.step(new Event.ReadRequested(1));
        long round = roundOf(effects);
        assertEquals(List.of(), ready(effects));
        assertEquals(List.of(), ready(member.receive(B, acknowledge(1, 1, round - 1))));
        assertEquals(List.of(new Effect.ReadReady(1, 1)), ready(member.receive(B, acknowledge(1, 1, round))));
    }

    /** Else each answer leads to the next round at once, and the network is full of them. */
    @Test
    void roundsForALeaseAreAHeartbeatApartHoweverFastTheyAreAnswered() {
        RaftSettings settings = RaftSettings.defaults(TestMember.A, List.of(TestMember.A, B, C), 1_000);
        TestMember member = TestMember.with(
                        settings.withReadLease(settings.electionTimeoutMs() / 2), RecoveredState.EMPTY)
                .lead(B, C);
        member.nowMs += settings.heartbeatIntervalMs();
        long round = roundOf(member.step(new Event.Tick()));
        assertEquals(
                0,
                sentTo(member.receive(B, acknowledge(1, 1, round)), B, Message.AppendEntries.class)
                        .count());
        assertEquals(
                0,
                sentTo(member.step(new Event.Tick()), B, Message.AppendEntries.class)
                        .count());
        member.nowMs += settings.heartbeatIntervalMs();
        assertEquals(round + 1, roundOf(member.step(new Event.Tick())));
    }

    @Test
    void refusingFollowerConfirmsLeadershipAsWell() {
        TestMember member = TestMember.ofThree().lead(B);
        long round = roundOf(member.step(new Event.ReadRequested(1)));
        Message.AppendReply refusal = new Message.AppendReply(1, false, 0, new LogPosition(0, 1), round);
        assertEquals(1, ready(member.receive(C, refusal)).size());
    }

    @Test
    void majorityOfFiveMustAnswer() {
        TestMember member = TestMember.ofFive().lead(B, C);
        long round = roundOf(member.step(new Event.ReadRequested(1)));
        assertEquals(0, ready(member.receive(B, acknowledge(1, 1, round))).size());
        assertEquals(0, ready(member.receive(B, acknowledge(1, 1, round))).size());
        assertEquals(1, ready(member.receive(D, acknowledge(1, 0, round))).size());
    }

    @Test
    void readsThatWaitShareTheNextRound() {
        TestMember member = TestMember.ofThree().lead(B);
        long first = roundOf(member.step(new Event.ReadRequested(1)));
        assertEquals(
                0,
                sentTo(member.step(new Event.ReadRequested(2)), B, Message.AppendEntries.class)
                        .count());
        member.step(new Event.ReadRequested(3));
        List<Effect> effects = member.receive(B, acknowledge(1, 1, first));
        assertEquals(List.of(new Effect.ReadReady(1, 1)), ready(effects));
        long second = roundOf(effects);
        effects = member.receive(B, acknowledge(1, 1, second));
        assertEquals(List.of(new Effect.ReadReady(2, 1), new Effect.ReadReady(3, 1)), ready(effects));
    }

    @Test
    void lostRoundIsRepeatedByTheHeartbeat() {
        TestMember member = TestMember.ofThree().lead(B);
        long round = roundOf(member.step(new Event.ReadRequested(1)));
        assertEquals(round, roundOf(member.tickAfter(100)));
    }

    @Test
    void readsOfANewLeaderWaitForItsFirstEntry() {
        TestMember member = TestMember.ofThreeWithLog(1, 0, 1);
        member.elect(B);
        member.step(new Event.ReadRequested(1));
        member.receive(B, acknowledge(2, 1, 0));
        assertEquals(0, member.effects(Effect.ReadReady.class).count());
        member.sync();
        long round = roundOf(member.receive(B, acknowledge(2, 2, 0)));
        List<Effect> effects = member.receive(B, acknowledge(2, 2, round));
        assertEquals(List.of(new Effect.ReadReady(1, 2)), ready(effects));
    }

    @Test
    void readWaitsForTheStateMachine() {
        TestMember member = TestMember.ofThree().lead(B, C);
        member.step(proposal(1));
        member.receive(B, acknowledge(1, 2, 0));
        member.receive(C, acknowledge(1, 2, 0));
        long round = roundOf(member.step(new Event.ReadRequested(1)));
        assertEquals(List.of(), ready(member.receive(B, acknowledge(1, 2, round))));
        List<Effect> effects = member.sync();
        assertEquals(List.of(new Effect.ReadReady(1, 2)), ready(effects));
        assertEquals(
                1,
                of(effects.subList(0, effects.indexOf(new Effect.ReadReady(1, 2))), Effect.Apply.class)
                        .count());
    }

    @Test
    void soleMemberNeedsNoRound() {
        TestMember member = TestMember.sole();
        member.step(new Event.Tick());
        member.sync();
        member.sync();
        assertEquals(List.of(new Effect.ReadReady(1, 1)), ready(member.step(new Event.ReadRequested(1))));
    }

    @Test
    void deposedLeaderTurnsAllItsReadsAway() {
        TestMember member = TestMember.ofThree().lead(B);
        member.step(new Event.ReadRequested(1));
        member.step(new Event.ReadRequested(2));
        List<Effect> effects = member.receive(C, TestMember.append(2, List.of(), 0, 0, 0));
        assertEquals(
                List.of(new Effect.ReadRejected(1, Optional.of(C)), new Effect.ReadRejected(2, Optional.of(C))),
                of(effects, Effect.ReadRejected.class).toList());
    }

    @Test
    void leaderThatIsCutOffServesNoReadAndTurnsItAwayAtLast() {
        TestMember member = TestMember.ofThree().lead(B);
        member.step(new Event.ReadRequested(1));
        List<Effect> effects = member.tickAfter(TestMember.ELECTION_TIMEOUT_MS);
        assertEquals(
                List.of(new Effect.ReadRejected(1, Optional.empty())),
                of(effects, Effect.ReadRejected.class).toList());
        assertEquals(0, member.effects(Effect.ReadReady.class).count());
    }
}
