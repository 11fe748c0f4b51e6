package io.mqcontroller.raft.core;

import static io.mqcontroller.raft.core.TestMember.A;
import static io.mqcontroller.raft.core.TestMember.B;
import static io.mqcontroller.raft.core.TestMember.C;
import static io.mqcontroller.raft.core.TestMember.D;
import static io.mqcontroller.raft.core.TestMember.of;
import static io.mqcontroller.raft.core.TestMember.sentTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReadLeaseTest {
    private static final long LEASE_MS = 800;
    private static final long HEARTBEAT_MS = 100;

    private long lastReadId;

    private static TestMember ofThree() {
        return TestMember.with(TestMember.settingsWithLease(LEASE_MS, A, B, C), RecoveredState.EMPTY);
    }

    /** Leads, and a majority has answered the newest round. */
    private static TestMember leaderWithLease() {
        TestMember member = ofThree().lead(B);
        member.tickAfter(HEARTBEAT_MS);
        member.acknowledgeAll(B);
        return member;
    }

    private boolean isServedAtOnce(TestMember member) {
        return of(member.step(new Event.ReadRequested(++lastReadId)), Effect.ReadReady.class)
                        .count()
                == 1;
    }

    private static long appendsTo(NodeId to, List<Effect> effects) {
        return sentTo(effects, to, Message.AppendEntries.class).count();
    }

    @Test
    void readUnderALeaseAsksNobody() {
        TestMember member = leaderWithLease();
        List<Effect> effects = member.step(new Event.ReadRequested(1));
        assertEquals(
                List.of(new Effect.ReadReady(1, 1)),
                of(effects, Effect.ReadReady.class).toList());
        assertEquals(0, appendsTo(B, effects));
    }

    /** The others may elect somebody else an election timeout after they took the round in, which was later. */
    @Test
    void leaseCountsFromTheSendingOfTheRoundNotFromItsAnswer() {
        TestMember member = ofThree().lead(B);
        member.acknowledgeAll(B);
        member.tickAfter(HEARTBEAT_MS);
        member.nowMs += 300;
        member.acknowledgeAll(B);
        member.nowMs += LEASE_MS - 300 - 1;
        assertTrue(isServedAtOnce(member));
        member.nowMs += 1;
        assertEquals(false, isServedAtOnce(member));
    }

    @Test
    void answersOfAMinorityOfFiveGiveNoLease() {
        TestMember member = TestMember.with(
                        TestMember.settingsWithLease(LEASE_MS, A, B, C, D, TestMember.E), RecoveredState.EMPTY)
                .lead(B, C);
        member.tickAfter(LEASE_MS);
        member.acknowledgeAll(B);
        assertEquals(false, isServedAtOnce(member));
        member.acknowledgeAll(C);
        assertTrue(isServedAtOnce(member));
    }

    @Test
    void noLeaseWhileMembersChange() {
        TestMember member = leaderWithLease();
        member.step(new Event.ChangeMembership(1, new MembershipChange.Remove(C)));
        assertEquals(false, isServedAtOnce(member));
        member.acknowledgeAll(B);
        assertEquals(false, isServedAtOnce(member));
    }

    /** The election that it asks for does not wait for anybody's timeout, not even when the handover was given up. */
    @Test
    void leaseIsForfeitedForTheTermWhenSomebodyIsToldToTakeOver() {
        TestMember member = leaderWithLease();
        member.step(new Event.TransferLeadership(Optional.of(B)));
        assertEquals(1, member.sentTo(B, Message.TimeoutNow.class).count());
        assertEquals(false, isServedAtOnce(member));
        for (int i = 0; i < 12; i++) {
            member.tickAfter(HEARTBEAT_MS);
            member.acknowledgeAll(B, C);
        }
        assertEquals(RoleName.LEADER, member.core.status().role());
        assertEquals(false, isServedAtOnce(member));
    }

    /** It may have answered a leader's round in its last life. */
    @Test
    void whoHasJustStartedHelpsToElectNobodyForAnElectionTimeout() {
        TestMember member = ofThree();
        member.step(new Event.Tick());
        member.nowMs += TestMember.ELECTION_TIMEOUT_MS - 1;
        member.receive(C, new Message.RequestVote(2, LogPosition.ZERO, false));
        assertEquals(0, member.term());
        member.nowMs += 1;
        member.receive(C, new Message.RequestVote(2, LogPosition.ZERO, false));
        member.sync();
        assertEquals(
                List.of(new Message.VoteReply(2, true)),
                member.sentTo(C, Message.VoteReply.class).toList());
    }
}
