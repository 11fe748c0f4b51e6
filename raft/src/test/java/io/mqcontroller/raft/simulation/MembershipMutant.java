package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.Configuration;
import io.mqcontroller.raft.core.Event;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.MembershipChange;
import io.mqcontroller.raft.core.Message;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.core.RoleName;
import io.mqcontroller.raft.simulation.invariant.CommittedIsDurable;
import io.mqcontroller.raft.simulation.invariant.Invariant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Ways to be wrong about who counts. A member is deceived about the others: it is told what the wrong rule would take for
 * granted.
 */
enum MembershipMutant {
    LEARNER_COUNTS {
        @Override
        void deceive(RaftStatus status, Event event, List<Event> told) {
            Configuration now = status.configuration();
            if (event instanceof Event.Received received
                    && isSuccess(received.message())
                    && now.learners().contains(received.from())) {
                alsoFrom(now.voters(), status, received, told);
            }
        }
    },
    OLD_MAJORITY_LEFT_OUT {
        @Override
        void deceive(RaftStatus status, Event event, List<Event> told) {
            Configuration now = status.configuration();
            if (event instanceof Event.Received received && now.voters().contains(received.from())) {
                Set<NodeId> leaving = new TreeSet<>(now.outgoing());
                leaving.removeAll(now.voters());
                alsoFrom(leaving, status, received, told);
            }
        }
    },
    NEW_MAJORITY_LEFT_OUT {
        @Override
        void deceive(RaftStatus status, Event event, List<Event> told) {
            Configuration now = status.configuration();
            if (event instanceof Event.Received received && now.outgoing().contains(received.from())) {
                Set<NodeId> coming = new TreeSet<>(now.voters());
                coming.removeAll(now.outgoing());
                alsoFrom(coming, status, received, told);
            }
        }
    },
    NEXT_STEP_BEFORE_THE_LAST_IS_COMMITTED {
        @Override
        void deceive(RaftStatus status, Event event, List<Event> told) {
            if (status.role() == RoleName.LEADER && status.configurationIndex() > status.commitIndex()) {
                acknowledged(status, status.configuration().members().keySet(), told);
            }
        }
    },
    REMOVED_LEADER_COUNTS_ITSELF {
        @Override
        void deceive(RaftStatus status, Event event, List<Event> told) {
            Configuration now = status.configuration();
            if (event instanceof Event.Received received
                    && status.role() == RoleName.LEADER
                    && !now.voters().contains(status.self())
                    && now.voters().contains(received.from())) {
                Set<NodeId> another = new TreeSet<>(now.voters());
                another.remove(received.from());
                alsoFrom(
                        Set.of(
                                another.isEmpty()
                                        ? received.from()
                                        : another.iterator().next()),
                        status,
                        received,
                        told);
            }
        }
    },
    PROMOTED_BEFORE_IT_HAS_CAUGHT_UP {
        @Override
        void deceive(RaftStatus status, Event event, List<Event> told) {
            if (status.role() == RoleName.LEADER && event instanceof Event.ChangeMembership asked) {
                Set<NodeId> learner = new TreeSet<>();
                if (asked.change() instanceof MembershipChange.Promote promote) {
                    learner.add(promote.learner());
                } else if (asked.change() instanceof MembershipChange.Replace replace) {
                    learner.add(replace.learner());
                }
                acknowledged(status, learner, told);
            }
        }
    };

    /** Besides {@code event}, which comes last. */
    abstract void deceive(RaftStatus status, Event event, List<Event> told);

    Set<Class<? extends Invariant>> without() {
        // Where the others find it as well, they shall.
        boolean showsLater = this == LEARNER_COUNTS
                || this == NEXT_STEP_BEFORE_THE_LAST_IS_COMMITTED
                || this == PROMOTED_BEFORE_IT_HAS_CAUGHT_UP;
        return showsLater ? Set.of(CommittedIsDurable.class) : Set.of();
    }

    /** A new one for each simulation. */
    Interference create() {
        return new Interference() {
            @Override
            public List<Event> onEvents(SimNode node, List<Event> events) {
                List<Event> told = new ArrayList<>();
                for (Event event : events) {
                    deceive(node.status(), event, told);
                    told.add(event);
                }
                return told;
            }
        };
    }

    private static boolean isSuccess(Message message) {
        return message instanceof Message.AppendReply reply && reply.success()
                || message instanceof Message.VoteReply vote && vote.granted()
                || message instanceof Message.PreVoteReply preVote && preVote.granted();
    }

    /** Others have said the same. */
    private static void alsoFrom(Set<NodeId> others, RaftStatus status, Event.Received received, List<Event> told) {
        if (isSuccess(received.message())) {
            for (NodeId other : others) {
                if (!other.equals(status.self())) {
                    told.add(new Event.Received(other, received.message()));
                }
            }
        }
    }

    private static void acknowledged(RaftStatus status, Set<NodeId> by, List<Event> told) {
        for (NodeId id : by) {
            told.add(new Event.Received(
                    id,
                    new Message.AppendReply(status.term(), true, status.last().index(), LogPosition.ZERO, 0)));
        }
    }
}
