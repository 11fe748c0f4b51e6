package io.mqcontroller.agent.core;

import io.mqcontroller.agent.core.AgentAction.Note.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What this agent has promised to masters that asked for its confirmation: to take no writes as master for a while.
 *
 * <p>A promise ends by time, or when the master to whom it was given says that it knows of a newer epoch: it has fenced its
 * broker before it says so. So an agent that is elected after it has promised tells that master at once.
 *
 * <p>Nobody is bound by a promise to a master that acknowledges only what all of its set has: it can't acknowledge anything without
 * its successor, which is one of them and stops copying before it takes writes.
 */
final class Promises {
    private final Memory memory;
    private final List<Promise> given = new ArrayList<>();
    private final SortedMap<Long, Long> asked = new TreeMap<>();
    private long askDueMs = Memory.NEVER;
    private int askedUnder = Memory.NO_EPOCH;

    /** @param address where that master's agent answers; empty: not known for sure, so only time ends the promise */
    private record Promise(long master, int masterEpoch, String address, boolean binds, long untilMs) {}

    Promises(Memory memory) {
        this.memory = memory;
    }

    /** What this process promised before it ended last time is not known: so it holds, to nobody in particular. */
    void start() {
        long spanMs = memory.settings.leaseMs();
        long untilMs = memory.rules.promisedAtStartUntilMs(memory.nowMs, spanMs, memory.settings.driftMs(spanMs));
        given.add(new Promise(0, Memory.NO_EPOCH, "", true, untilMs));
    }

    /** Takes no writes as master for so long from now on. */
    void give(AgentEvent.PeerAsked to) {
        long spanMs = to.leaseMs();
        long untilMs = memory.rules.promisedUntilMs(memory.nowMs, spanMs, memory.settings.driftMs(spanMs));
        boolean binds = memory.rules.binds(to.ackRule());
        given.removeIf(old -> old.untilMs <= memory.nowMs
                || old.master == to.master() && old.binds == binds && old.untilMs <= untilMs);
        given.add(new Promise(to.master(), to.masterEpoch(), addressOf(to), binds, untilMs));
    }

    private String addressOf(AgentEvent.PeerAsked asking) {
        boolean recorded = memory.view.master() == asking.master() && memory.view.masterEpoch() == asking.masterEpoch();
        return recorded
                ? memory.replica(asking.master()).map(ReplicaView::address).orElse("")
                : "";
    }

    /** Until when this agent is bound; in the past when it is not. */
    long untilMs() {
        return given.stream()
                .filter(Promise::binds)
                .mapToLong(Promise::untilMs)
                .max()
                .orElse(WritePermit.FENCED);
    }

    private boolean mayTell() {
        return memory.isRegistered()
                && !memory.stopping
                && memory.view.master() == memory.brokerId
                && memory.view.masterEpoch() == memory.knownMasterEpoch
                && given.stream().anyMatch(this::canBeEnded);
    }

    private boolean canBeEnded(Promise promise) {
        return !promise.address.isEmpty()
                && promise.masterEpoch < memory.knownMasterEpoch
                && memory.nowMs < promise.untilMs;
    }

    long dueMs() {
        if (!mayTell()) {
            return Long.MAX_VALUE;
        }
        return askedUnder == memory.knownMasterEpoch ? askDueMs : memory.nowMs;
    }

    /** Tells the masters to whom it has promised that another one was elected: this one. */
    void advance() {
        if (memory.nowMs < dueMs()) {
            return;
        }
        askedUnder = memory.knownMasterEpoch;
        askDueMs = memory.nowMs + memory.settings.leaseMs() / 10;
        for (Promise promise : given) {
            if (canBeEnded(promise)) {
                long question = memory.nextQuestion();
                asked.put(question, promise.master);
                memory.actions.add(new AgentAction.AskPeer(
                        question, promise.master, promise.address, askedUnder, 0, AckRule.ALL_IN_SYNC));
            }
        }
    }

    void onAnswer(AgentEvent.PeerAnswered answer) {
        onOutcome(answer.question(), answer.confirmed(), answer.knownMasterEpoch());
    }

    void onSilent(long question) {
        onOutcome(question, false, Memory.NO_EPOCH);
    }

    private void onOutcome(long question, boolean confirmed, int knownEpoch) {
        Long master = asked.remove(question);
        if (master != null
                && given.removeIf(promise ->
                        promise.master == master && memory.rules.ends(promise.masterEpoch, confirmed, knownEpoch))) {
            memory.actions.note(Kind.STATE, "replica " + master + " has stopped: what was promised to it is over");
        }
    }
}
