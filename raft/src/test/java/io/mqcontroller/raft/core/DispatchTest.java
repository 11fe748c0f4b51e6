package io.mqcontroller.raft.core;

import static io.mqcontroller.raft.core.TestMember.B;
import static io.mqcontroller.raft.core.TestMember.C;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A new event or message must not fall through unnoticed: every one there is reaches a member in every role. */
class DispatchTest {
    private static final SnapshotMetadata SNAPSHOT = new SnapshotMetadata(new LogPosition(9, 90), 1, 40, 7);

    private static final List<Supplier<TestMember>> ROLES = List.of(
            () -> TestMember.ofThree(),
            () -> TestMember.ofThree().timeOut(),
            () -> {
                TestMember candidate = TestMember.ofThree().timeOut();
                candidate.receive(B, new Message.PreVoteReply(1, true));
                return candidate;
            },
            () -> TestMember.ofThree().lead(B),
            TestMember::ofThreeThatLostItsStore);

    private static List<Message> messages(long term) {
        return List.of(
                new Message.PreVote(term, LogPosition.ZERO),
                new Message.PreVoteReply(term, true),
                new Message.PreVoteReply(term, false),
                new Message.RequestVote(term, LogPosition.ZERO, false),
                new Message.RequestVote(term, LogPosition.ZERO, true),
                new Message.VoteReply(term, false),
                TestMember.append(term, List.of(), 0, 0, 1),
                TestMember.acknowledge(term, 0, 1),
                new Message.AppendReply(term, false, 0, new LogPosition(0, 1), 1),
                new Message.InstallSnapshot(term, SNAPSHOT, 0, Bytes.EMPTY, 0, false, 1),
                new Message.InstallSnapshotReply(term, SNAPSHOT.last(), 3, false, 1),
                new Message.RecoveryConfirmed(term, 7, 0),
                new Message.TimeoutNow(term));
    }

    private static List<Event> events() {
        return List.of(
                new Event.Tick(),
                new Event.Received(C, new Message.TimeoutNow(1)),
                new Event.Proposed(new ProposalId(1, 1), Bytes.EMPTY),
                new Event.ReadRequested(1),
                new Event.Persisted(0),
                new Event.DiskFull(),
                new Event.DiskHasRoom(),
                new Event.SnapshotFailed(SNAPSHOT.last()),
                new Event.SnapshotChunkRead(C, SNAPSHOT, 0, Bytes.EMPTY, false),
                new Event.SnapshotChunkUnavailable(C, SNAPSHOT),
                new Event.TransferLeadership(Optional.empty()),
                new Event.ChangeMembership(1, new MembershipChange.Remove(C)));
    }

    @Test
    void everyMessageIsHandledInEveryRole() {
        SortedSet<String> seen = new TreeSet<>();
        for (Supplier<TestMember> role : ROLES) {
            for (long term = 0; term <= 3; term++) {
                for (Message message : messages(term)) {
                    TestMember member = role.get();
                    // A second leader of a term is fatal by right; LogDamagedException is tested elsewhere.
                    boolean rival = member.core.status().role() == RoleName.LEADER
                            && term == member.term()
                            && (message instanceof Message.AppendEntries || message instanceof Message.InstallSnapshot);
                    if (!rival) {
                        member.receive(C, message);
                    }
                    seen.add(message.getClass().getSimpleName());
                }
            }
        }
        assertEquals(names(Message.class), seen);
    }

    @Test
    void everyEventIsHandledInEveryRole() {
        SortedSet<String> seen = new TreeSet<>();
        for (Supplier<TestMember> role : ROLES) {
            for (Event event : events()) {
                role.get().step(event);
                seen.add(event.getClass().getSimpleName());
            }
        }
        // These are legal only as answers to what the core asked for: SnapshotTest asks.
        seen.addAll(List.of("SnapshotTaken", "SnapshotChunkWritten", "SnapshotInstalled", "SnapshotRefused"));
        assertEquals(names(Event.class), seen);
    }

    @Test
    void sameEventsGiveTheSameEffects() {
        List<List<Effect>> runs = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            TestMember member = TestMember.ofThree().lead(B, C);
            member.step(TestMember.proposal(1), new Event.ReadRequested(1));
            member.timeOut();
            runs.add(member.effects);
        }
        assertEquals(runs.get(0), runs.get(1));
    }

    private static SortedSet<String> names(Class<?> sealed) {
        SortedSet<String> names = new TreeSet<>();
        Arrays.stream(sealed.getPermittedSubclasses()).forEach(type -> names.add(type.getSimpleName()));
        return names;
    }
}
