package io.mqcontroller.raft.core;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a member is, with what it knows only while it is that.
 *
 * <table>
 * <caption>Transitions</caption>
 * <tr><th>from</th><th>cause</th><th>to</th></tr>
 * <tr><td>Follower</td><td>election timeout</td><td>PreCandidate</td></tr>
 * <tr><td>Follower</td><td>TimeoutNow from its leader</td><td>Candidate</td></tr>
 * <tr><td>PreCandidate</td><td>a majority would vote for it</td><td>Candidate, in the next term</td></tr>
 * <tr><td>PreCandidate, Candidate</td><td>election timeout</td><td>PreCandidate</td></tr>
 * <tr><td>Candidate</td><td>a majority voted for it, its own vote is durable</td><td>Leader</td></tr>
 * <tr><td>PreCandidate, Candidate</td><td>a leader of its term speaks</td><td>Follower</td></tr>
 * <tr><td>Leader</td><td>no majority heard for an election timeout (CheckQuorum)</td><td>Follower</td></tr>
 * <tr><td>Leader</td><td>it was removed, and nobody took over in time</td><td>Follower</td></tr>
 * <tr><td>any</td><td>a higher term</td><td>Follower</td></tr>
 * </table>
 */
sealed interface Role {
    RoleName name();

    final class Follower implements Role {
        Optional<NodeId> leader;
        long electionDeadlineMs;
        /** Last word of the leader; of no meaning without one. */
        long heardMs;
        /** This log is the leader's up to here; {@code ackedIndex <= verifiedIndex}. */
        long verifiedIndex;

        long ackedIndex;
        /** Newest confirmation round of the leader. */
        long round;
        /** The leader waits for an answer that needs no disk. */
        boolean replyDue;

        Follower(Optional<NodeId> leader, long electionDeadlineMs, long heardMs) {
            this.leader = leader;
            this.electionDeadlineMs = electionDeadlineMs;
            this.heardMs = heardMs;
        }

        @Override
        public RoleName name() {
            return RoleName.FOLLOWER;
        }
    }

    final class PreCandidate implements Role {
        final SortedSet<NodeId> grantedBy = new TreeSet<>();
        final long electionDeadlineMs;
        /** When those that have not answered are asked again. */
        long askAgainMs;

        PreCandidate(long electionDeadlineMs) {
            this.electionDeadlineMs = electionDeadlineMs;
        }

        @Override
        public RoleName name() {
            return RoleName.PRE_CANDIDATE;
        }
    }

    final class Candidate implements Role {
        /** Contains this member itself only when its own vote is durable. */
        final SortedSet<NodeId> grantedBy = new TreeSet<>();

        final long electionDeadlineMs;
        final boolean leadershipTransfer;
        /** When those that have not answered are asked again. */
        long askAgainMs;

        Candidate(long electionDeadlineMs, boolean leadershipTransfer) {
            this.electionDeadlineMs = electionDeadlineMs;
            this.leadershipTransfer = leadershipTransfer;
        }

        @Override
        public RoleName name() {
            return RoleName.CANDIDATE;
        }
    }

    final class Leader implements Role {
        /** All other members. */
        final SortedMap<NodeId, Progress> followers = new TreeMap<>();
        /** The first own entry: nothing is decided, and no read served, before it is committed (§8). */
        final long startIndex;

        boolean ready;
        long uncommittedBytes;

        /** Number of the newest confirmation round. */
        long round;
        /** Reads that wait for the next round. */
        List<Long> waitingReads = new ArrayList<>();

        Optional<ReadRound> roundUnderWay = Optional.empty();
        /** Confirmed rounds that wait for the state machine. */
        final ArrayDeque<ReadRound> confirmedRounds = new ArrayDeque<>();

        Optional<Handover> handover = Optional.empty();
        /** Rounds that were sent and not yet echoed by a majority, for the lease of reads. */
        final ArrayDeque<SentRound> roundsForLease = new ArrayDeque<>();
        /** When the newest of them was sent. */
        long leaseRoundSentMs = Long.MIN_VALUE / 2;

        long leaseUntilMs = Long.MIN_VALUE;
        /** Somebody was told to start an election: it may do so at any time in this term. */
        boolean leaseForfeited;

        /** Of the change of members that waits for its commit. */
        Optional<Long> changeId = Optional.empty();
        /** A configuration without this member is committed. */
        boolean removed;

        Leader(long startIndex) {
            this.startIndex = startIndex;
        }

        /** From now on the members of {@code configuration} but {@code self} get the log, and nobody else. */
        void follow(Configuration configuration, NodeId self, long lastIndex, long nowMs) {
            roundsForLease.clear();
            leaseUntilMs = Long.MIN_VALUE;
            followers.keySet().retainAll(configuration.members().keySet());
            for (NodeId id : configuration.members().keySet()) {
                if (!id.equals(self)) {
                    followers.computeIfAbsent(id, added -> new Progress(added, lastIndex + 1, nowMs));
                }
            }
        }

        @Override
        public RoleName name() {
            return RoleName.LEADER;
        }
    }

    /** Reads that are served together: when a majority has echoed {@code number} and {@code readIndex} is applied. */
    record ReadRound(long number, long readIndex, List<Long> readIds) {}

    /** A confirmation round, and when it was sent. */
    record SentRound(long number, long sentMs) {}

    /** Leadership on its way to {@code target}; given up at {@code deadlineMs}. */
    record Handover(NodeId target, long deadlineMs, long askAgainMs) {}
}
