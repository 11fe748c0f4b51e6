package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.Event;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.Message;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.core.RoleName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/** Members that take or keep leadership, or commit, when they must not. */
final class LeaderMutants {
    private LeaderMutants() {}

    /** Answers its own question whether it would win: so whoever times out becomes a candidate, in the next term. */
    static Interference preVoteOff() {
        return new Interference() {
            private final Map<SimNode, List<Event>> answers = new HashMap<>();

            @Override
            public List<Event> onEvents(SimNode node, List<Event> events) {
                List<Event> all = new ArrayList<>(events);
                List<Event> granted = answers.remove(node);
                if (granted != null) {
                    all.addAll(granted);
                }
                return all;
            }

            @Override
            public List<Effect> onEffects(SimNode node, List<Effect> effects) {
                for (Effect effect : effects) {
                    if (effect instanceof Effect.Send send && send.message() instanceof Message.PreVote question) {
                        Message yes = new Message.PreVoteReply(question.term(), true);
                        answers.computeIfAbsent(node, key -> new ArrayList<>()).add(new Event.Received(send.to(), yes));
                    }
                }
                return effects;
            }
        };
    }

    /** A leader takes each tick for a sign of life of everybody. */
    static Interference checkQuorumOff() {
        return new Interference() {
            @Override
            public List<Event> onEvents(SimNode node, List<Event> events) {
                if (node.status().role() != RoleName.LEADER || !events.contains(new Event.Tick())) {
                    return events;
                }
                List<Event> all = new ArrayList<>();
                for (RaftStatus.FollowerStatus follower : node.status().followers()) {
                    Message alive = new Message.AppendReply(node.status().term(), true, 0, LogPosition.ZERO, 0);
                    all.add(new Event.Received(follower.id(), alive));
                }
                all.addAll(events);
                return all;
            }
        };
    }

    /** A vote counts for everybody's. */
    static Interference oneVoteIsEnough() {
        return countingForOthers(
                message -> message instanceof Message.VoteReply reply && reply.granted(),
                (node, from) -> node.others());
    }

    /** What one follower holds counts as held by all of them. */
    static Interference commitsWithAMinority() {
        return countingForOthers(
                message -> message instanceof Message.AppendReply reply && reply.success(),
                (node, from) -> node.status().followers().stream()
                        .map(RaftStatus.FollowerStatus::id)
                        .filter(id -> !id.equals(from))
                        .toList());
    }

    /** Such an answer is taken in again, as if these others had given it, too. */
    private static Interference countingForOthers(
            Predicate<Message> answers, BiFunction<SimNode, NodeId, List<NodeId>> others) {
        return new Interference() {
            @Override
            public List<Event> onEvents(SimNode node, List<Event> events) {
                List<Event> counted = new ArrayList<>();
                for (Event event : events) {
                    counted.add(event);
                    if (event instanceof Event.Received received && answers.test(received.message())) {
                        others.apply(node, received.from())
                                .forEach(other -> counted.add(new Event.Received(other, received.message())));
                    }
                }
                return counted;
            }
        };
    }

    /** Tells followers that all is committed that a majority holds, of whatever term (§5.4.2, figure 8). */
    static Interference commitsOlderTermsByCount() {
        return new Interference() {
            @Override
            public List<Effect> onEffects(SimNode node, List<Effect> effects) {
                if (node.status().role() != RoleName.LEADER) {
                    return effects;
                }
                long counted = heldByMajority(node);
                List<Effect> all = new ArrayList<>();
                for (Effect effect : effects) {
                    if (effect instanceof Effect.Send send
                            && send.message() instanceof Message.AppendEntries append
                            && append.commitIndex() < counted) {
                        // Alone, as a heartbeat would tell it: what comes with it may be lost.
                        all.add(new Effect.Send(send.to(), announcing(append, counted, List.of())));
                        all.add(new Effect.Send(send.to(), announcing(append, counted, append.entries())));
                    } else {
                        all.add(effect);
                    }
                }
                return all;
            }
        };
    }

    private static long heldByMajority(SimNode node) {
        List<RaftStatus.FollowerStatus> followers = node.status().followers();
        long[] held = new long[followers.size() + 1];
        for (int i = 0; i < followers.size(); i++) {
            held[i] = followers.get(i).matchIndex();
        }
        held[followers.size()] = node.status().durableIndex();
        Arrays.sort(held);
        return held[(held.length - 1) / 2];
    }

    private static Message announcing(Message.AppendEntries append, long commitIndex, List<Entry> entries) {
        return new Message.AppendEntries(
                append.term(), append.previous(), append.previousChain(), entries, commitIndex, append.round());
    }
}
