package io.mqcontroller.raft.core;

import java.util.ArrayList;
import java.util.Optional;

/**
 * Linearizable reads without a log entry (§8, thesis §6.4). All reads that wait share one confirmation round: a majority
 * answers a message that was sent after the reads came, which proves that nobody else led, and so nothing else was committed,
 * when they came. One round at a time; the next takes all that came meanwhile. The caller bounds how many reads wait.
 */
final class ReadIndex {
    private final Member member;
    private final ReadLease lease;

    ReadIndex(Member member) {
        this.member = member;
        this.lease = new ReadLease(member);
    }

    void onReadRequested(long readId) {
        if (member.role instanceof Role.Leader leader) {
            leader.waitingReads.add(readId);
        } else {
            member.effects.add(new Effect.ReadRejected(readId, member.knownLeader()));
        }
    }

    /** Confirms the round under way if a majority echoed it, and begins the next if reads wait. */
    void advanceRounds(Role.Leader leader) {
        confirm(leader);
        lease.renew(leader);
        boolean readsWait = !leader.waitingReads.isEmpty();
        // Before its first own entry is committed a leader may not know all that its predecessors committed (§8).
        if (readsWait && member.commitIndex >= leader.startIndex && lease.holds(leader)) {
            leader.confirmedRounds.add(takeReads(leader));
        } else if (readsWait && member.commitIndex >= leader.startIndex && leader.roundUnderWay.isEmpty()) {
            beginRound(leader);
            leader.roundUnderWay = Optional.of(takeReads(leader));
            // A sole voter is a majority by itself.
            confirm(leader);
        } else if (lease.wantsRound(leader)) {
            beginRound(leader);
        }
    }

    private void beginRound(Role.Leader leader) {
        leader.round++;
        lease.onRoundBegun(leader);
    }

    private Role.ReadRound takeReads(Role.Leader leader) {
        Role.ReadRound taken = new Role.ReadRound(leader.round, member.commitIndex, leader.waitingReads);
        leader.waitingReads = new ArrayList<>();
        return taken;
    }

    private void confirm(Role.Leader leader) {
        if (leader.roundUnderWay.isEmpty()) {
            return;
        }
        long number = leader.roundUnderWay.get().number();
        boolean confirmed = member.configuration()
                .isMajority(id ->
                        id.equals(member.self()) || leader.followers.get(id).echoedRound() >= number);
        if (confirmed) {
            leader.confirmedRounds.add(leader.roundUnderWay.get());
            leader.roundUnderWay = Optional.empty();
        }
    }

    /** Serves confirmed reads that the state machine has caught up with. */
    void serve(Role.Leader leader) {
        while (!leader.confirmedRounds.isEmpty()
                && leader.confirmedRounds.peek().readIndex() <= member.appliedIndex) {
            Role.ReadRound round = leader.confirmedRounds.poll();
            for (long readId : round.readIds()) {
                member.effects.add(new Effect.ReadReady(readId, round.readIndex()));
            }
        }
    }

    /** {@code leader} leads no more. */
    void rejectAll(Role.Leader leader, Optional<NodeId> newLeader) {
        leader.confirmedRounds.forEach(round -> reject(round.readIds(), newLeader));
        leader.roundUnderWay.ifPresent(round -> reject(round.readIds(), newLeader));
        reject(leader.waitingReads, newLeader);
    }

    private void reject(Iterable<Long> readIds, Optional<NodeId> newLeader) {
        for (long readId : readIds) {
            member.effects.add(new Effect.ReadRejected(readId, newLeader));
        }
    }
}
