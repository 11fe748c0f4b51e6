package io.mqcontroller.raft.simulation.invariant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Configuration;
import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.EntryKind;
import io.mqcontroller.raft.core.HardState;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.Message;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.ProposalId;
import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.core.RoleName;
import io.mqcontroller.raft.core.StoreHealth;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** By hand, what the mutants of the simulation reach only by chance. */
class InvariantsTest {
    private final StubMember one = new StubMember("n0");
    private final StubMember other = new StubMember("n1");
    private final StubMember third = new StubMember("n2");
    private final List<StubMember> members = List.of(one, other, third);
    private final Invariants invariants = Invariants.of(members, Set.of());

    @Test
    void onePastForEachEntry() {
        Entry first = entry(Entry.CHAIN_START, 1, 1, 1);
        Entry rival = entry(Entry.CHAIN_START, 1, 1, 2);
        invariants.onEffect(one, append(first));
        invariants.onEffect(other, append(first));
        expect("LogMatching", () -> invariants.onEffect(third, append(rival)));
    }

    @Test
    void twoLeadersOfOneTermAreNoticed() {
        one.lead(4);
        other.lead(4);
        members.forEach(invariants::onStart);
        invariants.afterStep(one);
        expect("OneLeaderPerTerm", () -> invariants.afterStep(other));
    }

    @Test
    void aTermThatFallsIsNoticed() {
        one.follow(4, 0);
        invariants.onStart(one);
        one.follow(3, 0);
        expect("TermAndCommitMonotonic", () -> invariants.afterStep(one));
    }

    @Test
    void aDurableTermThatIsForgottenIsNoticed() {
        one.follow(4, 0);
        one.durable = new HardState(4, Optional.empty(), 0);
        invariants.onStart(one);
        invariants.afterStep(one);
        one.follow(3, 0);
        expect("TermAndCommitMonotonic", () -> invariants.onStart(one));
    }

    @Test
    void anEntryThatOnlyOneHoldsIsNotCommitted() {
        members.forEach(invariants::onStart);
        one.holds = true;
        expect("CommittedIsDurable", () -> invariants.onApplied(one, entry(Entry.CHAIN_START, 1, 1, 1), false));
    }

    @Test
    void anEntryWithoutWhichSomebodyCouldBeElectedIsNoticed() {
        members.forEach(member -> member.voters =
                Configuration.ofVoters(members.stream().map(Member::id).toList()));
        one.holds = true;
        one.follow(1, 1);
        other.holds = true;
        other.follow(1, 1);
        third.follow(2, 1);
        expect("NobodyWithoutItCanWin", () -> invariants.onApplied(one, entry(Entry.CHAIN_START, 1, 1, 1), false));
    }

    @Test
    void aVoteOfAMemberThatHasLostItsStoreIsNoticed() {
        one.storeIsLost = true;
        one.durable = new HardState(4, Optional.of(other.id()), 0);
        Effect vote = new Effect.Send(other.id(), new Message.VoteReply(4, true));
        expect("EmptyStoreTakesNoPart", () -> invariants.onEffect(one, vote));
    }

    @Test
    void anAcknowledgementOfWhatNobodyAppliedIsNoticed() {
        expect("AcknowledgedNeverLost", () -> invariants.onAcknowledged(one, new ProposalId(1, 1), 1));
    }

    @Test
    void anAcknowledgedWriteThatAMemberLacksInTheEndIsNoticed() {
        commit(entry(Entry.CHAIN_START, 1, 1, 1));
        invariants.onAcknowledged(one, new ProposalId(1, 1), 1);
        other.holds = false;
        expect("AcknowledgedNeverLost", () -> invariants.atEnd(members));
    }

    @Test
    void aReadThatMissesAnAcknowledgedWriteIsNoticed() {
        commit(entry(Entry.CHAIN_START, 1, 1, 5));
        invariants.onAcknowledged(one, new ProposalId(1, 5), 1);
        one.applied = 1;
        invariants.onReadBegun(one, 1, 0);
        invariants.onReadServed(one, 1, 1, 5);
        invariants.onReadBegun(one, 2, 0);
        expect("ReadsAreLinearizable", () -> invariants.onReadServed(one, 2, 1, 4));
    }

    private void commit(Entry entry) {
        members.forEach(invariants::onStart);
        for (StubMember member : members) {
            member.holds = true;
            member.applied = entry.index();
        }
        members.forEach(member -> invariants.onApplied(member, entry, false));
    }

    private static void expect(String invariant, Runnable wrong) {
        assertEquals(
                invariant, assertThrows(InvariantViolation.class, wrong::run).invariant());
    }

    private static Entry entry(long previousChain, long term, long index, long number) {
        Bytes command =
                Bytes.wrap(ByteBuffer.allocate(12).putInt(0).putLong(number).array());
        return Entry.create(
                previousChain, new LogPosition(term, index), EntryKind.COMMAND, new ProposalId(1, number), command);
    }

    private static Effect append(Entry entry) {
        return new Effect.Persist(1, Optional.empty(), OptionalLong.empty(), List.of(entry));
    }

    /** A member that is what a test says, and holds everything or nothing. */
    private static final class StubMember implements Member, StoreView {
        private final NodeId id;
        private RaftStatus status;
        private HardState durable = HardState.INITIAL;
        private Configuration voters = Configuration.NONE;
        private boolean storeIsLost;
        private boolean holds;
        private long applied;

        StubMember(String id) {
            this.id = new NodeId(id);
            follow(0, 0);
        }

        void lead(long term) {
            status = statusOf(RoleName.LEADER, term, 0);
        }

        void follow(long term, long commitIndex) {
            status = statusOf(RoleName.FOLLOWER, term, commitIndex);
        }

        private RaftStatus statusOf(RoleName role, long term, long commitIndex) {
            return new RaftStatus(
                    id,
                    role,
                    false,
                    term,
                    Optional.empty(),
                    commitIndex,
                    commitIndex,
                    new LogPosition(term, commitIndex),
                    commitIndex,
                    LogPosition.ZERO,
                    0,
                    List.of(),
                    StoreHealth.SOUND,
                    voters,
                    0);
        }

        @Override
        public NodeId id() {
            return id;
        }

        @Override
        public int life() {
            return 1;
        }

        @Override
        public boolean running() {
            return true;
        }

        @Override
        public boolean storeIsLost() {
            return storeIsLost;
        }

        @Override
        public RaftStatus status() {
            return status;
        }

        @Override
        public StoreView store() {
            return this;
        }

        @Override
        public long stateHash() {
            return applied;
        }

        @Override
        public long appliedIndex() {
            return applied;
        }

        @Override
        public HardState durableHardState() {
            return durable;
        }

        @Override
        public LogPosition durableLast() {
            return status.last();
        }

        @Override
        public LogPosition durableSnapshot() {
            return LogPosition.ZERO;
        }

        @Override
        public boolean holdsDurably(long index, long chain) {
            return holds;
        }

        @Override
        public boolean holds(long index, long chain) {
            return holds;
        }

        @Override
        public LogPosition writtenLast() {
            return status.last();
        }

        @Override
        public OptionalLong writtenChain(long index) {
            return OptionalLong.empty();
        }
    }
}
