package io.mqcontroller.raft.core;

import java.util.Objects;

/** A change of the cluster's members, asked of its leader. One at a time. */
public sealed interface MembershipChange {
    /**
     * Adds a member that gets the log and does not count yet. Its id was never used in this cluster, and its store was made
     * to join one.
     */
    record AddLearner(ConfiguredMember member) implements MembershipChange {
        public AddLearner {
            Objects.requireNonNull(member, "member");
            if (member.incarnation() == RecoveredState.BOOTSTRAPPED) {
                throw new IllegalArgumentException(
                        "the store of " + member.id() + " was not made to join a cluster, but as a cluster's first");
            }
        }
    }

    /** Lets a learner vote, if it has caught up. */
    record Promote(NodeId learner) implements MembershipChange {
        public Promote {
            Objects.requireNonNull(learner, "learner");
        }
    }

    /**
     * Takes a voter or learner out, for good. A leader can be removed, too: it leads until that is committed, without counting
     * itself, then lets the most up-to-date voter follow it at once.
     */
    record Remove(NodeId member) implements MembershipChange {
        public Remove {
            Objects.requireNonNull(member, "member");
        }
    }

    /** Lets a learner that has caught up take the place of a voter, which is removed in the same step. */
    record Replace(NodeId voter, NodeId learner) implements MembershipChange {
        public Replace {
            Objects.requireNonNull(voter, "voter");
            Objects.requireNonNull(learner, "learner");
        }
    }
}
