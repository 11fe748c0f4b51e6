package io.mqcontroller.raft.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** One member under test: feeds it events, keeps its effects, and is its disk (which is as slow as the test says). */
final class TestMember {
    static final NodeId A = new NodeId("a");
    static final NodeId B = new NodeId("b");
    static final NodeId C = new NodeId("c");
    static final NodeId D = new NodeId("d");
    static final NodeId E = new NodeId("e");
    static final long ELECTION_TIMEOUT_MS = 1000;

    final RaftCore core;
    final List<Effect> effects = new ArrayList<>();
    final List<Entry> applied = new ArrayList<>();
    long nowMs = 1_000_000;
    private long lastPersist;

    private TestMember(RaftSettings settings, RecoveredState recovered) {
        core = new RaftCore(settings, recovered, new Random(7));
    }

    static TestMember sole() {
        return new TestMember(settings(A), RecoveredState.EMPTY);
    }

    static TestMember ofThree() {
        return new TestMember(settings(A, B, C), RecoveredState.EMPTY);
    }

    static TestMember ofFive() {
        return new TestMember(settings(A, B, C, D, E), RecoveredState.EMPTY);
    }

    static TestMember with(RaftSettings settings, RecoveredState recovered) {
        return new TestMember(settings, recovered);
    }

    /** Small limits, so that tests reach them: 4 entries a message, windows of 2 messages. */
    static RaftSettings settings(NodeId... voters) {
        return settings(1000, 10, voters);
    }

    static RaftSettings settings(long snapshotThresholdEntries, long retainedEntries, NodeId... voters) {
        return settings(snapshotThresholdEntries, retainedEntries, 0, voters);
    }

    /** Likewise, with reads under a lease. */
    static RaftSettings settingsWithLease(long readLeaseMs, NodeId... voters) {
        return settings(1000, 10, readLeaseMs, voters);
    }

    private static RaftSettings settings(
            long snapshotThresholdEntries, long retainedEntries, long readLeaseMs, NodeId... voters) {
        return new RaftSettings(
                voters[0],
                Configuration.ofVoters(List.of(voters)),
                ELECTION_TIMEOUT_MS,
                100,
                10,
                4,
                1 << 20,
                2,
                10_000,
                1000,
                snapshotThresholdEntries,
                1 << 30,
                retainedEntries,
                16,
                10,
                readLeaseMs);
    }

    /** Three voters; recovered with entries of these terms, from index 1 on. */
    static TestMember ofThreeWithLog(long term, long commitIndex, long... termOfEachEntry) {
        HardState hard = new HardState(term, java.util.Optional.empty(), commitIndex);
        return with(
                settings(A, B, C),
                new RecoveredState(hard, java.util.Optional.empty(), Bytes.EMPTY, log(termOfEachEntry)));
    }

    /** Three voters, of which this one lost its store: loss number 7. */
    static TestMember ofThreeThatLostItsStore() {
        RecoveredState lost =
                new RecoveredState(HardState.afterLoss(7), java.util.Optional.empty(), Bytes.EMPTY, List.of());
        return with(settings(A, B, C), lost);
    }

    /** Entries of these terms, from index 1 on, whose commands name their position. */
    static List<Entry> log(long... termOfEachEntry) {
        List<Entry> entries = new ArrayList<>();
        long chain = Entry.CHAIN_START;
        for (int i = 0; i < termOfEachEntry.length; i++) {
            LogPosition position = new LogPosition(termOfEachEntry[i], i + 1);
            Entry entry = Entry.create(
                    chain, position, EntryKind.COMMAND, new ProposalId(9, i + 1), Bytes.utf8(position.toString()));
            entries.add(entry);
            chain = entry.chain();
        }
        return entries;
    }

    static List<Entry> sameTerm(int entries, long term) {
        return log(LongStream.generate(() -> term).limit(entries).toArray());
    }

    /** AppendEntries of a leader whose log is {@code log}: the entries behind {@code previousIndex}. */
    static Message.AppendEntries append(long term, List<Entry> log, int previousIndex, long commitIndex, long round) {
        LogPosition previous = previousIndex == 0
                ? LogPosition.ZERO
                : log.get(previousIndex - 1).position();
        long chain = previousIndex == 0
                ? Entry.CHAIN_START
                : log.get(previousIndex - 1).chain();
        return new Message.AppendEntries(
                term, previous, chain, log.subList(previousIndex, log.size()), commitIndex, round);
    }

    static Message.AppendReply acknowledge(long term, long matchIndex, long round) {
        return new Message.AppendReply(term, true, matchIndex, LogPosition.ZERO, round);
    }

    static Event.Proposed proposal(long sequence) {
        return new Event.Proposed(new ProposalId(1, sequence), Bytes.utf8("command " + sequence));
    }

    /** Steps one batch; returns its effects, which are kept as well. */
    List<Effect> step(Event... batch) {
        List<Effect> now = core.step(nowMs, List.of(batch));
        for (Effect effect : now) {
            if (effect instanceof Effect.Persist persist) {
                lastPersist = persist.sequence();
            } else if (effect instanceof Effect.Apply apply) {
                applied.addAll(apply.entries());
            }
        }
        effects.addAll(now);
        return now;
    }

    List<Effect> receive(NodeId from, Message message) {
        return step(new Event.Received(from, message));
    }

    /** Everything written so far is durable now. */
    List<Effect> sync() {
        return step(new Event.Persisted(lastPersist));
    }

    List<Effect> tickAfter(long ms) {
        nowMs += ms;
        return step(new Event.Tick());
    }

    /** Ticks until the election timeout has certainly passed. */
    TestMember timeOut() {
        tickAfter(2 * ELECTION_TIMEOUT_MS);
        return this;
    }

    /** Wins an election with the votes of these; the first own entry is not durable yet. */
    TestMember elect(NodeId... votes) {
        step(new Event.Tick());
        timeOut();
        for (NodeId vote : votes) {
            receive(vote, new Message.PreVoteReply(core.status().term() + 1, true));
        }
        sync();
        for (NodeId vote : votes) {
            receive(vote, new Message.VoteReply(core.status().term(), true));
        }
        if (core.status().role() != RoleName.LEADER) {
            throw new IllegalStateException("not elected: " + core.status());
        }
        return this;
    }

    /** Leads, its log up to its first own entry is durable, and {@code supporters} have acknowledged it. */
    TestMember lead(NodeId... supporters) {
        elect(supporters);
        sync();
        for (NodeId supporter : supporters) {
            receive(supporter, acknowledge(term(), core.status().last().index(), 0));
        }
        effects.clear();
        return this;
    }

    /** Answers to the newest round of these members, as if they had seen all. */
    void acknowledgeAll(NodeId... members) {
        for (NodeId member : members) {
            long round = sentTo(member, Message.AppendEntries.class)
                    .mapToLong(Message.AppendEntries::round)
                    .max()
                    .orElse(0);
            receive(member, acknowledge(term(), core.status().last().index(), round));
        }
    }

    long term() {
        return core.status().term();
    }

    <T extends Effect> Stream<T> effects(Class<T> type) {
        return of(effects, type);
    }

    <T extends Message> Stream<T> sentTo(NodeId to, Class<T> type) {
        return sentTo(effects, to, type);
    }

    static <T extends Effect> Stream<T> of(List<Effect> effects, Class<T> type) {
        return effects.stream().filter(type::isInstance).map(type::cast);
    }

    static <T extends Message> Stream<T> sentTo(List<Effect> effects, NodeId to, Class<T> type) {
        return of(effects, Effect.Send.class)
                .filter(send -> send.to().equals(to))
                .map(Effect.Send::message)
                .filter(type::isInstance)
                .map(type::cast);
    }
}
