package io.mqcontroller.raft.core;

import static io.mqcontroller.raft.core.TestMember.A;
import static io.mqcontroller.raft.core.TestMember.B;
import static io.mqcontroller.raft.core.TestMember.C;
import static io.mqcontroller.raft.core.TestMember.ELECTION_TIMEOUT_MS;
import static io.mqcontroller.raft.core.TestMember.acknowledge;
import static io.mqcontroller.raft.core.TestMember.append;
import static io.mqcontroller.raft.core.TestMember.of;
import static io.mqcontroller.raft.core.TestMember.proposal;
import static io.mqcontroller.raft.core.TestMember.sameTerm;
import static io.mqcontroller.raft.core.TestMember.sentTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DiskWatchTest {
    private static final long IN_TIME_MS = ELECTION_TIMEOUT_MS / 2;
    private static final StoreHealth IMPAIRED = new StoreHealth(0, true);

    private static Message.AppendReply impairedAt(long matchIndex) {
        return new Message.AppendReply(1, true, matchIndex, LogPosition.ZERO, 0, IMPAIRED);
    }

    /** Time goes on while both followers answer. */
    private static void passHearing(TestMember member, long ms) {
        for (long passed = 0; passed < ms; passed += 100) {
            long index = member.core.status().last().index();
            member.receive(B, acknowledge(1, index, 0));
            member.receive(C, acknowledge(1, index, 0));
            member.tickAfter(100);
        }
    }

    private static Optional<Rejection> refusal(List<Effect> effects) {
        return of(effects, Effect.ProposalRejected.class)
                .map(Effect.ProposalRejected::rejection)
                .findFirst();
    }

    // ---- slow

    @Test
    void leaderWhoseWriteHangsHandsLeadershipOn() {
        TestMember member = TestMember.ofThree().lead(B, C);
        member.step(proposal(1));
        passHearing(member, 2 * ELECTION_TIMEOUT_MS - 100);
        assertEquals(
                0,
                member.effects(Effect.Send.class)
                        .filter(s -> s.message() instanceof Message.TimeoutNow)
                        .count());
        passHearing(member, 200);
        assertEquals(
                1, sentTo(member.effects, B, Message.TimeoutNow.class).limit(1).count());
    }

    @Test
    void leaderWhoseWritesAllTakeLongHandsLeadershipOn() {
        TestMember member = TestMember.ofThree().lead(B, C);
        for (int i = 1; i <= 4; i++) {
            member.step(proposal(i));
            passHearing(member, IN_TIME_MS + 100);
            member.sync();
        }
        assertTrue(member.core.status().health().impaired());
        assertTrue(member.sentTo(B, Message.TimeoutNow.class).count() > 0);
    }

    @Test
    void oneSlowWriteAmongOthersIsNothing() {
        TestMember member = TestMember.ofThree().lead(B, C);
        for (int i = 1; i <= 8; i++) {
            member.step(proposal(i));
            passHearing(member, i % 2 == 0 ? IN_TIME_MS : 3 * IN_TIME_MS);
            member.sync();
        }
        assertFalse(member.core.status().health().impaired());
        assertEquals(0, member.sentTo(B, Message.TimeoutNow.class).count());
    }

    @Test
    void slowDiskWithNothingToWriteIsForgottenAfterAWhile() {
        TestMember member = TestMember.ofThree().lead(B, C);
        member.step(proposal(1));
        passHearing(member, 3 * ELECTION_TIMEOUT_MS);
        member.sync();
        assertTrue(member.core.status().health().impaired());
        passHearing(member, 10 * ELECTION_TIMEOUT_MS);
        assertFalse(member.core.status().health().impaired());
    }

    @Test
    void writesThatWaitedForRoomDoNotMakeADiskSlow() {
        TestMember member = TestMember.ofThree().lead(B, C);
        member.step(proposal(1));
        member.step(new Event.DiskFull());
        passHearing(member, 3 * ELECTION_TIMEOUT_MS);
        member.sync();
        member.step(new Event.DiskHasRoom());
        assertFalse(member.core.status().health().impaired());
    }

    @Test
    void slowLeaderDoesNotHandOnToAnotherSlowMember() {
        TestMember member = TestMember.ofThree().lead(B, C);
        member.step(proposal(1));
        for (int i = 0; i < 25; i++) {
            member.receive(B, impairedAt(2));
            member.receive(C, impairedAt(2));
            member.tickAfter(100);
        }
        assertEquals(0, member.sentTo(B, Message.TimeoutNow.class).count());
        assertEquals(0, member.sentTo(C, Message.TimeoutNow.class).count());
        assertEquals(Optional.empty(), refusal(member.step(proposal(2))));
    }

    @Test
    void healthyMemberIsPreferredToOneThatIsFurther() {
        TestMember member = TestMember.ofThree().lead(B, C);
        member.step(proposal(1));
        member.receive(B, impairedAt(2));
        member.receive(C, acknowledge(1, 1, 0));
        member.step(new Event.TransferLeadership(Optional.empty()));
        assertEquals(
                1,
                sentTo(member.receive(C, acknowledge(1, 2, 0)), C, Message.TimeoutNow.class)
                        .count());
    }

    @Test
    void slowFollowerDoesNotHoldUpTheCommit() {
        TestMember member = TestMember.ofThree().lead(B, C);
        for (int i = 1; i <= 20; i++) {
            member.step(proposal(i));
            member.sync();
            member.receive(B, impairedAt(1));
            member.receive(C, acknowledge(1, i + 1, 0));
            assertEquals(i + 1, member.core.status().commitIndex());
        }
    }

    @Test
    void followerSaysThatItsDiskIsSlow() {
        TestMember member = TestMember.ofThree();
        List<Entry> log = sameTerm(2, 1);
        member.receive(B, append(1, log.subList(0, 1), 0, 0, 0));
        member.sync();
        member.receive(B, append(1, log, 1, 0, 0));
        member.tickAfter(2 * ELECTION_TIMEOUT_MS);
        List<Effect> effects = member.receive(B, append(1, log, 2, 0, 1));
        assertEquals(
                IMPAIRED,
                sentTo(effects, B, Message.AppendReply.class)
                        .findFirst()
                        .orElseThrow()
                        .health());
    }

    @Test
    void whatWaitsForTheLeadersOwnDiskIsBoundedThoughTheOthersCommitIt() {
        TestMember member = TestMember.ofThree().lead(B, C);
        Bytes command = Bytes.wrap(new byte[900]);
        Optional<Rejection> refusal = Optional.empty();
        long sequence = 0;
        while (refusal.isEmpty() && sequence < 100) {
            refusal = refusal(member.step(new Event.Proposed(new ProposalId(1, ++sequence), command)));
            member.acknowledgeAll(B, C);
        }
        assertEquals(Optional.of(Rejection.OVERLOADED), refusal);
        assertEquals(member.core.status().last().index(), member.core.status().commitIndex());
        member.sync();
        assertEquals(Optional.empty(), refusal(member.step(new Event.Proposed(new ProposalId(1, 101), command))));
    }

    // ---- full

    @Test
    void leaderWhoseDiskIsFullHandsLeadershipOnAtOnce() {
        TestMember member = TestMember.ofThree().lead(B, C);
        List<Effect> effects = member.step(new Event.DiskFull());
        assertEquals(1, sentTo(effects, B, Message.TimeoutNow.class).count());
        assertEquals(Optional.of(Rejection.TRANSFERRING), refusal(member.step(proposal(1))));
    }

    @Test
    void leaderThatFindsNobodyWithRoomRefusesWritesByNameAndServesReads() {
        TestMember member = TestMember.ofThree().lead(B, C);
        member.receive(B, impairedAt(1));
        member.receive(C, impairedAt(1));
        member.step(new Event.DiskFull());
        assertEquals(Optional.of(Rejection.DISK_FULL), refusal(member.step(proposal(1))));
        member.step(new Event.ReadRequested(1));
        member.acknowledgeAll(B, C);
        assertEquals(1, member.effects(Effect.ReadReady.class).count());
        member.step(new Event.DiskHasRoom());
        assertEquals(Optional.empty(), refusal(member.step(proposal(2))));
    }

    @Test
    void soleMemberWhoseDiskIsFullGoesOnLeading() {
        TestMember member = TestMember.sole();
        member.step(new Event.Tick());
        member.sync();
        member.sync();
        member.step(new Event.DiskFull());
        member.tickAfter(5 * ELECTION_TIMEOUT_MS);
        assertEquals(Optional.of(Rejection.DISK_FULL), refusal(member.step(proposal(1))));
        assertEquals(Optional.of(A), member.core.status().leader());
    }

    @Test
    void memberWhoseDiskIsFullLetsOthersCampaignFirst() {
        TestMember member = TestMember.ofThree();
        member.step(new Event.DiskFull());
        member.receive(B, append(1, List.of(), 0, 0, 0));
        member.tickAfter(2 * ELECTION_TIMEOUT_MS);
        assertEquals(RoleName.FOLLOWER, member.core.status().role());
        member.tickAfter(2 * ELECTION_TIMEOUT_MS);
        assertEquals(RoleName.PRE_CANDIDATE, member.core.status().role());
    }
}
