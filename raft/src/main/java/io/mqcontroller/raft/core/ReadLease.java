package io.mqcontroller.raft.core;

import java.util.Iterator;

/**
 * Reads that a leader serves without asking anybody (thesis §6.4.1). Who answered a round does not help to elect another leader
 * for an election timeout from then on, so for a shorter time, counted from the sending of the round, nobody else leads. What
 * could break that promise:
 *
 * <ul>
 *   <li>Clocks that run differently: the lease is shorter than the timeout by more than they may ({@link
 *       RaftSettings#readLeaseMs}).
 *   <li>A member that forgets whom it heard, because it restarts or sees a new term: it counts from its start, and over terms.
 *   <li>Leadership that is handed on, for that election does not wait: once TimeoutNow was sent there is no lease in this term,
 *       for it may still arrive when the handover was given up long ago.
 *   <li>Other members: a lease ends with each change of the configuration, and there is none before that is done.
 * </ul>
 */
final class ReadLease {
    private final Member member;

    ReadLease(Member member) {
        this.member = member;
    }

    boolean isOn() {
        return member.settings.readLeaseMs() > 0;
    }

    void onRoundBegun(Role.Leader leader) {
        if (isOn()) {
            leader.roundsForLease.add(new Role.SentRound(leader.round, member.nowMs));
            leader.leaseRoundSentMs = member.nowMs;
        }
    }

    /** Whether the lease should be renewed: about as often as a heartbeat is due, however fast the last one was answered. */
    boolean wantsRound(Role.Leader leader) {
        return isOn()
                && !leader.leaseForfeited
                && member.nowMs - leader.leaseRoundSentMs >= member.settings.heartbeatIntervalMs();
    }

    /** Takes in what was answered. */
    void renew(Role.Leader leader) {
        if (!isOn()) {
            return;
        }
        long echoed = member.configuration()
                .indexReachedByMajority(id -> id.equals(member.self())
                        ? leader.round
                        : leader.followers.get(id).echoedRound());
        Iterator<Role.SentRound> rounds = leader.roundsForLease.iterator();
        while (rounds.hasNext()) {
            Role.SentRound round = rounds.next();
            if (round.number() > echoed) {
                return;
            }
            leader.leaseUntilMs = round.sentMs() + member.settings.readLeaseMs();
            rounds.remove();
        }
    }

    boolean holds(Role.Leader leader) {
        return isOn()
                && !leader.leaseForfeited
                && member.nowMs < leader.leaseUntilMs
                && member.commitIndex >= member.configurations.currentIndex()
                && !member.configuration().isJoint();
    }
}
