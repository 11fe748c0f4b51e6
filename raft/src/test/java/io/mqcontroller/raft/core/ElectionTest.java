package io.mqcontroller.raft.core;

import static io.mqcontroller.raft.core.TestMember.A;
import static io.mqcontroller.raft.core.TestMember.B;
import static io.mqcontroller.raft.core.TestMember.C;
import static io.mqcontroller.raft.core.TestMember.of;
import static io.mqcontroller.raft.core.TestMember.sentTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
}
