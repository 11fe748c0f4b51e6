package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.Event;
import io.mqcontroller.raft.core.HardState;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.Message;
import io.mqcontroller.raft.core.RecoveredState;
import io.mqcontroller.raft.core.RoleName;
import io.mqcontroller.raft.simulation.invariant.CommittedIsDurable;
import io.mqcontroller.raft.simulation.invariant.DurableBeforePromise;
import io.mqcontroller.raft.simulation.invariant.Invariant;
import io.mqcontroller.raft.simulation.invariant.NoDoubleVote;
import io.mqcontroller.raft.simulation.invariant.TermAndCommitMonotonic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Ways to be wrong that Raft's rules forbid. Where a rule about the cause would notice at once, it is left out, so that the
 * rules about the consequences have to.
 */
enum Mutant {
    PERSIST_REPORTED_BEFORE_DURABLE(Set.of(DurableBeforePromise.class, CommittedIsDurable.class)) {
        @Override
        Interference create() {
            return DiskMutants.reportsBeforeDurable();
        }
    },
    PROMISE_BEFORE_DURABLE(Set.of()) {
        @Override
        Interference create() {
            return DiskMutants.reportsBeforeDurable();
        }
    },
    VOTE_NOT_PERSISTED(Set.of(DurableBeforePromise.class)) {
        @Override
        Interference create() {
            return altering(Effect.Persist.class, persist -> {
                Optional<HardState> forgetful = persist.hardState()
                        .map(hard -> new HardState(hard.term(), Optional.empty(), hard.commitIndex()));
                return new Effect.Persist(persist.sequence(), forgetful, persist.truncateFrom(), persist.append());
            });
        }
    },
    TERM_FORGOTTEN_AT_RESTART(Set.of(TermAndCommitMonotonic.class)) {
        @Override
        Interference create() {
            return new Interference() {
                @Override
                public RecoveredState onRecovery(RecoveredState recovered) {
                    HardState hard = recovered.hardState();
                    HardState older = new HardState(Math.max(0, hard.term() - 1), Optional.empty(), hard.commitIndex());
                    return new RecoveredState(older, recovered.snapshot(), recovered.sessions(), recovered.entries());
                }
            };
        }
    },
    LAST_ENTRY_LOST_IN_CRASH(Set.of()) {
        @Override
        Interference create() {
            return DiskMutants.losesTheLastEntryInACrash();
        }
    },
    TORN_BATCH_ACCEPTED(Set.of()) {
        @Override
        Interference create() {
            return DiskMutants.without(StoreCheck.BATCH_IS_WHOLE);
        }
    },
    TORN_BATCH_SKIPPED(Set.of()) {
        @Override
        Interference create() {
            return DiskMutants.without(StoreCheck.NOTHING_BEHIND_A_TORN_BATCH);
        }
    },
    DATABASE_SKIPS_WHAT_IS_DAMAGED(Set.of()) {
        @Override
        Interference create() {
            return DiskMutants.without(StoreCheck.DATABASE_CHECKSUMS);
        }
    },
    ENTRY_CHECKSUM_OFF(Set.of()) {
        @Override
        Interference create() {
            return DiskMutants.without(StoreCheck.ENTRY_CHECKSUM);
        }
    },
    CHAIN_CHECK_OFF(Set.of()) {
        @Override
        Interference create() {
            return DiskMutants.without(StoreCheck.CHAIN);
        }
    },
    SNAPSHOT_CHECKSUM_OFF(Set.of()) {
        @Override
        Interference create() {
            return DiskMutants.without(StoreCheck.SNAPSHOT_CHECKSUM);
        }
    },
    SYNC_FAILURE_IGNORED(Set.of(DurableBeforePromise.class, CommittedIsDurable.class)) {
        @Override
        Interference create() {
            return DiskMutants.ignoresFailedSyncs();
        }
    },
    EMPTY_DISK_VOTES(Set.of(TermAndCommitMonotonic.class, CommittedIsDurable.class)) {
        @Override
        Interference create() {
            return DiskMutants.comesBackEmpty();
        }
    },
    LOST_STORE_FORGOTTEN(Set.of(CommittedIsDurable.class)) {
        @Override
        Interference create() {
            return RecoveryMutants.lossForgotten();
        }
    },
    LOST_STORE_CONFIRMED_AT_ONCE(Set.of(CommittedIsDurable.class)) {
        @Override
        Interference create() {
            return RecoveryMutants.confirmedAtOnce();
        }
    },
    LOST_STORE_COUNTED(Set.of()) {
        @Override
        Interference create() {
            return alteringReceived(
                    Message.AppendReply.class,
                    reply -> new Message.AppendReply(
                            reply.term(), reply.success(), reply.matchIndex(), reply.conflict(), reply.round()));
        }
    },
    PRE_VOTE_OFF(Set.of()) {
        @Override
        Interference create() {
            return LeaderMutants.preVoteOff();
        }
    },
    CHECK_QUORUM_OFF(Set.of()) {
        @Override
        Interference create() {
            return LeaderMutants.checkQuorumOff();
        }
    },
    ONE_VOTE_IS_ENOUGH(Set.of()) {
        @Override
        Interference create() {
            return LeaderMutants.oneVoteIsEnough();
        }
    },
    OLDER_TERM_COMMITTED_BY_COUNT(Set.of(CommittedIsDurable.class)) {
        @Override
        Interference create() {
            return LeaderMutants.commitsOlderTermsByCount();
        }
    },
    VOTES_FOR_EVERYBODY(Set.of(DurableBeforePromise.class, NoDoubleVote.class)) {
        @Override
        Interference create() {
            return alteringSent(Message.VoteReply.class, reply -> new Message.VoteReply(reply.term(), true));
        }
    },
    VOTES_WHATEVER_THE_LOG(Set.of()) {
        @Override
        Interference create() {
            return alteringReceived(
                    Message.RequestVote.class,
                    request -> new Message.RequestVote(
                            request.term(), new LogPosition(request.term(), 1L << 40), request.leadershipTransfer()),
                    Message.PreVote.class,
                    request -> new Message.PreVote(request.term(), new LogPosition(request.term(), 1L << 40)));
        }
    },
    MATCH_INDEX_TOO_HIGH(Set.of(DurableBeforePromise.class)) {
        @Override
        Interference create() {
            return alteringSent(
                    Message.AppendReply.class,
                    reply -> reply.success()
                            ? new Message.AppendReply(
                                    reply.term(), true, reply.matchIndex() + 1, reply.conflict(), reply.round())
                            : reply);
        }
    },
    COMMITS_WITH_A_MINORITY(Set.of(CommittedIsDurable.class)) {
        @Override
        Interference create() {
            return LeaderMutants.commitsWithAMinority();
        }
    },
    FOLLOWER_APPLIES_UNCOMMITTED(Set.of(CommittedIsDurable.class)) {
        @Override
        Interference create() {
            return alteringReceived(
                    Message.AppendEntries.class,
                    append -> new Message.AppendEntries(
                            append.term(),
                            append.previous(),
                            append.previousChain(),
                            append.entries(),
                            append.commitIndex() + 5,
                            append.round()));
        }
    },
    LEADER_APPLIES_UNCOMMITTED(Set.of(CommittedIsDurable.class)) {
        @Override
        Interference create() {
            return new AppliesOneTooMany();
        }
    },
    DUPLICATES_APPLIED(Set.of()) {
        @Override
        Interference create() {
            return altering(Effect.Apply.class, apply -> new Effect.Apply(apply.entries(), List.of()));
        }
    },
    SESSIONS_LOST_IN_SNAPSHOT(Set.of()) {
        @Override
        Interference create() {
            return altering(
                    Effect.TakeSnapshot.class,
                    snapshot -> new Effect.TakeSnapshot(snapshot.position(), snapshot.chain(), Bytes.EMPTY));
        }
    },
    STATE_DAMAGED_IN_RESTORE(Set.of()) {
        @Override
        Interference create() {
            return new Interference() {
                @Override
                public Bytes onRestore(SimNode node, Bytes state) {
                    byte[] damaged = state.toByteArray();
                    damaged[2 * Long.BYTES - 1] ^= 1;
                    return Bytes.wrap(damaged);
                }
            };
        }
    },
    RESTORE_FORGOTTEN(Set.of()) {
        @Override
        Interference create() {
            return new Interference() {
                @Override
                public List<Effect> onEffects(SimNode node, List<Effect> effects) {
                    return effects.stream()
                            .filter(effect -> !(effect instanceof Effect.RestoreStateMachine))
                            .toList();
                }
            };
        }
    },
    READ_WITHOUT_CONFIRMATION(Set.of()) {
        @Override
        Interference create() {
            return new ReadsAtOnce();
        }
    },
    READ_CONFIRMED_BY_OLD_ANSWERS(Set.of()) {
        @Override
        Interference create() {
            return alteringReceived(
                    Message.AppendReply.class,
                    reply -> new Message.AppendReply(
                            reply.term(), reply.success(), reply.matchIndex(), reply.conflict(), reply.round() + 20));
        }
    },
    REFUSED_AND_DONE(Set.of()) {
        @Override
        Interference create() {
            return new RefusesWhatItTakes();
        }
    },
    HARD_STATE_NOT_PERSISTED_WITH_ENTRIES(Set.of()) {
        @Override
        Interference create() {
            return altering(
                    Effect.Persist.class,
                    persist -> persist.append().isEmpty()
                            ? persist
                            : new Effect.Persist(
                                    persist.sequence(), Optional.empty(), persist.truncateFrom(), persist.append()));
        }
    },
    TRUNCATION_NOT_PERSISTED(Set.of()) {
        @Override
        Interference create() {
            return altering(
                    Effect.Persist.class,
                    persist -> new Effect.Persist(
                            persist.sequence(), persist.hardState(), OptionalLong.empty(), persist.append()));
        }
    };

    private final Set<Class<? extends Invariant>> without;

    Mutant(Set<Class<? extends Invariant>> without) {
        this.without = without;
    }

    /** A new one for each simulation. */
    abstract Interference create();

    Set<Class<? extends Invariant>> without() {
        return without;
    }

    private static <E extends Effect> Interference altering(Class<E> kind, UnaryOperator<E> change) {
        return new Interference() {
            @Override
            public List<Effect> onEffects(SimNode node, List<Effect> effects) {
                return effects.stream()
                        .map(effect -> kind.isInstance(effect) ? change.apply(kind.cast(effect)) : effect)
                        .toList();
            }
        };
    }

    private static <M extends Message> Interference alteringSent(Class<M> kind, UnaryOperator<M> change) {
        return altering(
                Effect.Send.class,
                send -> kind.isInstance(send.message())
                        ? new Effect.Send(send.to(), change.apply(kind.cast(send.message())))
                        : send);
    }

    private static <M extends Message> Interference alteringReceived(Class<M> kind, UnaryOperator<M> change) {
        return alteringReceived(kind, change, kind, UnaryOperator.identity());
    }

    private static <M extends Message, N extends Message> Interference alteringReceived(
            Class<M> kind, UnaryOperator<M> change, Class<N> otherKind, UnaryOperator<N> otherChange) {
        return new Interference() {
            @Override
            public List<Event> onEvents(SimNode node, List<Event> events) {
                return events.stream().map(this::alter).toList();
            }

            private Event alter(Event event) {
                if (!(event instanceof Event.Received received)) {
                    return event;
                }
                Message message = received.message();
                if (kind.isInstance(message)) {
                    message = change.apply(kind.cast(message));
                } else if (otherKind.isInstance(message)) {
                    message = otherChange.apply(otherKind.cast(message));
                }
                return new Event.Received(received.from(), message);
            }
        };
    }

    /** Hands one entry more to the state machine than is committed, and holds it back the next time. */
    private static final class AppliesOneTooMany implements Interference {
        private final Map<SimNode, Map<Long, Entry>> logs = new HashMap<>();
        private final Map<SimNode, Integer> lives = new HashMap<>();
        private final Map<SimNode, Long> applied = new HashMap<>();

        @Override
        public List<Effect> onEffects(SimNode node, List<Effect> effects) {
            if (!Integer.valueOf(node.life()).equals(lives.put(node, node.life()))) {
                applied.put(node, 0L);
            }
            List<Effect> altered = new ArrayList<>();
            for (Effect effect : effects) {
                if (effect instanceof Effect.Persist persist) {
                    persist.append().forEach(entry -> log(node).put(entry.index(), entry));
                }
                altered.add(effect instanceof Effect.Apply apply ? oneMore(node, apply) : effect);
            }
            return altered;
        }

        private Map<Long, Entry> log(SimNode node) {
            return logs.computeIfAbsent(node, key -> new HashMap<>());
        }

        private Effect oneMore(SimNode node, Effect.Apply apply) {
            long done = applied.get(node);
            List<Entry> entries = new ArrayList<>(apply.entries().stream()
                    .filter(entry -> entry.index() > done)
                    .toList());
            long last = apply.entries().get(apply.entries().size() - 1).index();
            Entry next = node.status().role() == RoleName.LEADER ? log(node).get(last + 1) : null;
            if (next != null) {
                entries.add(next);
                last++;
            }
            applied.put(node, last);
            return new Effect.Apply(entries, apply.duplicates());
        }
    }

    /** Answers reads from its own state as long as it believes to lead. */
    private static final class ReadsAtOnce implements Interference {
        private final List<Effect> answers = new ArrayList<>();

        @Override
        public List<Event> onEvents(SimNode node, List<Event> events) {
            answers.clear();
            if (node.status().role() != RoleName.LEADER || !node.status().ready()) {
                return events;
            }
            List<Event> others = new ArrayList<>();
            for (Event event : events) {
                if (event instanceof Event.ReadRequested read) {
                    answers.add(new Effect.ReadReady(read.readId(), node.appliedIndex()));
                } else {
                    others.add(event);
                }
            }
            return others;
        }

        @Override
        public List<Effect> onEffects(SimNode node, List<Effect> effects) {
            List<Effect> all = new ArrayList<>(answers);
            all.addAll(effects);
            return all;
        }
    }

    /** Says no to a proposal, and keeps it. */
    private static final class RefusesWhatItTakes implements Interference {
        private final List<Effect> refusals = new ArrayList<>();

        @Override
        public List<Event> onEvents(SimNode node, List<Event> events) {
            refusals.clear();
            for (Event event : events) {
                if (event instanceof Event.Proposed proposed && node.status().role() == RoleName.LEADER) {
                    refusals.add(new Effect.ProposalRejected(
                            proposed.id(), io.mqcontroller.raft.core.Rejection.OVERLOADED, Optional.of(node.id())));
                }
            }
            return events;
        }

        @Override
        public List<Effect> onEffects(SimNode node, List<Effect> effects) {
            List<Effect> all = new ArrayList<>(refusals);
            all.addAll(effects);
            return all;
        }
    }
}
