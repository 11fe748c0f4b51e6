package io.mqcontroller.raft.simulation.invariant;

import io.mqcontroller.raft.core.Configuration;
import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.ProposalId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** All rules, asked in turn. */
public final class Invariants implements Invariant {
    private final List<Invariant> all;

    private final CommittedLog committed;

    private Invariants(List<Invariant> all, CommittedLog committed) {
        this.all = all;
        this.committed = committed;
    }

    /**
     * @param members of the cluster
     * @param without rules that are left out, so that a test can show that another rule finds the same bug
     */
    public static Invariants of(List<? extends Member> members, Set<Class<? extends Invariant>> without) {
        return of(
                members, Configuration.ofVoters(members.stream().map(Member::id).toList()), without);
    }

    /**
     * Likewise, when not all of them are members from the beginning.
     *
     * @param first configuration of the first boot
     */
    public static Invariants of(
            List<? extends Member> members, Configuration first, Set<Class<? extends Invariant>> without) {
        CommittedLog committed = new CommittedLog();
        List<Invariant> all = new ArrayList<>(List.of(
                new OneLeaderPerTerm(),
                new LogMatching(),
                new LeaderCompleteness(committed),
                new TermAndCommitMonotonic(),
                new NoDoubleVote(),
                new DurableBeforePromise(members),
                new CommittedIsDurable(members, first),
                new NobodyWithoutItCanWin(members),
                new EmptyStoreTakesNoPart(),
                new OneChangeAtATime(members, first),
                new StateMachineSafety(committed),
                new StateHashEqual(),
                new ExactlyOnce(),
                new AcknowledgedNeverLost(committed),
                new ReadsAreLinearizable(committed),
                new HistoryIsLinearizable()));
        all.removeIf(invariant -> without.contains(invariant.getClass()));
        return new Invariants(List.copyOf(all), committed);
    }

    @Override
    public void onStart(Member member) {
        all.forEach(invariant -> invariant.onStart(member));
    }

    @Override
    public void onEffect(Member member, Effect effect) {
        for (Invariant invariant : all) {
            invariant.onEffect(member, effect);
        }
    }

    @Override
    public void onApplied(Member member, Entry entry, boolean duplicate) {
        committed.observe(entry, member.status().term());
        for (Invariant invariant : all) {
            invariant.onApplied(member, entry, duplicate);
        }
    }

    @Override
    public void afterStep(Member member) {
        for (Invariant invariant : all) {
            invariant.afterStep(member);
        }
    }

    @Override
    public void onAcknowledged(Member member, ProposalId id, long index) {
        all.forEach(invariant -> invariant.onAcknowledged(member, id, index));
    }

    @Override
    public void onGivenUp(ProposalId id) {
        all.forEach(invariant -> invariant.onGivenUp(id));
    }

    @Override
    public void onReadBegun(Member member, long readId, int key) {
        all.forEach(invariant -> invariant.onReadBegun(member, readId, key));
    }

    @Override
    public void onReadServed(Member member, long readId, long readIndex, long value) {
        all.forEach(invariant -> invariant.onReadServed(member, readId, readIndex, value));
    }

    @Override
    public void onCalled(long client, long operation, int key, long number) {
        all.forEach(invariant -> invariant.onCalled(client, operation, key, number));
    }

    @Override
    public void onAnswered(long client, long operation, long writes, long chain) {
        all.forEach(invariant -> invariant.onAnswered(client, operation, writes, chain));
    }

    @Override
    public void onRefused(long client, long operation) {
        all.forEach(invariant -> invariant.onRefused(client, operation));
    }

    @Override
    public void atEnd(List<? extends Member> members) {
        all.forEach(invariant -> invariant.atEnd(members));
    }
}
