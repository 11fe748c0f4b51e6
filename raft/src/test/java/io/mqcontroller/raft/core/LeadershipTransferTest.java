package io.mqcontroller.raft.core;

import static io.mqcontroller.raft.core.TestMember.A;
import static io.mqcontroller.raft.core.TestMember.B;
import static io.mqcontroller.raft.core.TestMember.C;
import static io.mqcontroller.raft.core.TestMember.acknowledge;
import static io.mqcontroller.raft.core.TestMember.of;
import static io.mqcontroller.raft.core.TestMember.proposal;
import static io.mqcontroller.raft.core.TestMember.sentTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LeadershipTransferTest {
    private static long timeoutNows(List<Effect> effects, NodeId to) {
        return sentTo(effects, to, Message.TimeoutNow.class).count();
    }

    private static Event to(NodeId target) {
        return new Event.TransferLeadership(Optional.of(target));
    }

    @Test
    void targetIsToldWhenItHasCaughtUp() {
        TestMember member = TestMember.ofThree().lead(B, C);
        member.step(proposal(1));
        assertEquals(0, timeoutNows(member.step(to(C)), C));
        assertEquals(0, timeoutNows(member.receive(B, acknowledge(1, 2, 0)), C));
        assertEquals(1, timeoutNows(member.receive(C, acknowledge(1, 2, 0)), C));
    }

    @Test
    void withoutATargetTheMostUpToDateFollowerIsChosen() {
        TestMember member = TestMember.ofThree().lead(B, C);
        member.step(proposal(1));
        member.receive(C, acknowledge(1, 2, 0));
        assertEquals(1, timeoutNows(member.step(new Event.TransferLeadership(Optional.empty())), C));
    }

    @Test
    void proposalsAreRefusedMeanwhile() {
        TestMember member = TestMember.ofThree().lead(B, C);
        member.step(to(B));
        List<Effect> effects = member.step(proposal(1));
        assertEquals(
                List.of(new Effect.ProposalRejected(new ProposalId(1, 1), Rejection.TRANSFERRING, Optional.of(A))),
                of(effects, Effect.ProposalRejected.class).toList());
    }

    @Test
    void lostTimeoutNowIsRepeatedAndTheTransferGivenUpAfterAnElectionTimeout() {
        TestMember member = TestMember.ofThree().lead(B, C);
        assertEquals(1, timeoutNows(member.step(to(B)), B));
        assertEquals(0, timeoutNows(member.tickAfter(50), B));
        assertEquals(1, timeoutNows(member.tickAfter(50), B));
        member.nowMs += 500;
        member.acknowledgeAll(B, C);
        List<Effect> effects = member.tickAfter(400);
        assertEquals(0, timeoutNows(effects, B));
        effects = member.step(proposal(1));
        assertEquals(0, of(effects, Effect.ProposalRejected.class).count());
    }

    @Test
    void strangersAndTheLeaderItselfAreNoTargets() {
        TestMember member = TestMember.ofThree().lead(B, C);
        member.step(to(A), to(new NodeId("stranger")));
        assertEquals(
                0, of(member.step(proposal(1)), Effect.ProposalRejected.class).count());
    }

    @Test
    void nothingHappensOnAFollowerOrASoleMember() {
        TestMember follower = TestMember.ofThree();
        follower.step(new Event.Tick());
        assertEquals(List.of(), follower.step(to(B)));
        TestMember sole = TestMember.sole();
        sole.step(new Event.Tick());
        sole.sync();
        sole.step(new Event.TransferLeadership(Optional.empty()));
        assertEquals(
                0, of(sole.step(proposal(1)), Effect.ProposalRejected.class).count());
    }

    @Test
    void targetStartsAnElectionAtOnceThatEverybodyAnswers() {
        TestMember member = TestMember.ofThree();
        member.receive(B, TestMember.append(3, List.of(), 0, 0, 0));
        member.sync();
        member.receive(B, new Message.TimeoutNow(3));
        assertEquals(RoleName.CANDIDATE, member.core.status().role());
        assertEquals(4, member.term());
        assertEquals(
                List.of(new Message.RequestVote(4, LogPosition.ZERO, true)),
                sentTo(member.sync(), C, Message.RequestVote.class).toList());
    }

    @Test
    void timeoutNowOfAnotherThanTheLeaderOrOfAnOlderTermIsIgnored() {
        TestMember member = TestMember.ofThree();
        member.receive(B, TestMember.append(3, List.of(), 0, 0, 0));
        member.sync();
        member.receive(C, new Message.TimeoutNow(3));
        member.receive(B, new Message.TimeoutNow(2));
        assertEquals(RoleName.FOLLOWER, member.core.status().role());
    }
}
