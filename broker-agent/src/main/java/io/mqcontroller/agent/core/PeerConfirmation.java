package io.mqcontroller.agent.core;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What keeps a master going when the controllers are gone: every other member of its set tells it that it knows no newer epoch,
 * and promises to take no writes as master for a while. Asked for only when the lease is getting old, so that normally no
 * promise is outstanding and a new master may begin at once.
 */
final class PeerConfirmation {
    private final Memory memory;
    private final SyncStateSetKeeper keeper;
    private final SortedMap<Long, Question> asked = new TreeMap<>();
    private final SortedMap<Long, Long> confirmedUntilMs = new TreeMap<>();
    private final SortedMap<Long, Long> askedMs = new TreeMap<>();
    private int epoch = Memory.NO_EPOCH;

    private record Question(long brokerId, int masterEpoch, long askedMs) {}

    PeerConfirmation(Memory memory, SyncStateSetKeeper keeper) {
        this.memory = memory;
        this.keeper = keeper;
    }

    /** The earliest end of what its peers confirm; {@link WritePermit#FENCED} if one does not. */
    long confirmedUntilMs() {
        if (epoch != memory.roleEpoch) {
            return WritePermit.FENCED;
        }
        List<Long> untilMs = new ArrayList<>();
        for (long peer : needed()) {
            untilMs.add(confirmedUntilMs.getOrDefault(peer, WritePermit.FENCED));
        }
        return untilMs.isEmpty() ? WritePermit.FENCED : memory.rules.allConfirmUntilMs(untilMs);
    }

    private boolean mayAsk() {
        return memory.isMaster()
                && !memory.stopping
                && memory.settings.leaseMode() == LeaseMode.SAFE
                && keeper.acking().size() > 1
                && peersThatCanAnswer();
    }

    /** A member without an agent never answers: then asking the others is of no use. */
    private boolean peersThatCanAnswer() {
        return needed().stream().allMatch(this::hasAgent);
    }

    private List<Long> needed() {
        return keeper.acking().stream()
                .filter(peer -> peer != memory.brokerId && memory.rules.mustConfirm(hasAgent(peer)))
                .toList();
    }

    private boolean hasAgent(long peer) {
        return memory.replica(peer).map(ReplicaView::agent).orElse(false);
    }

    /** @param leaseStaleMs not before then */
    long dueMs(long leaseStaleMs) {
        if (!mayAsk()) {
            return Long.MAX_VALUE;
        }
        if (epoch != memory.roleEpoch) {
            return leaseStaleMs;
        }
        long dueMs = Long.MAX_VALUE;
        for (long peer : needed()) {
            dueMs = Math.min(dueMs, askDueMs(peer));
        }
        return Math.max(leaseStaleMs, dueMs);
    }

    private long askDueMs(long peer) {
        Long lastMs = askedMs.get(peer);
        return lastMs == null ? WritePermit.FENCED : lastMs + memory.settings.leaseMs() / 4;
    }

    void advance(long leaseStaleMs) {
        if (memory.nowMs < dueMs(leaseStaleMs)) {
            return;
        }
        if (epoch != memory.roleEpoch) {
            forget();
            epoch = memory.roleEpoch;
        }
        asked.values().removeIf(question -> memory.nowMs - question.askedMs > memory.settings.leaseMs());
        for (long peer : needed()) {
            if (memory.nowMs >= askDueMs(peer)) {
                ask(memory.replica(peer).orElseThrow());
            }
        }
    }

    private void forget() {
        confirmedUntilMs.clear();
        askedMs.clear();
        asked.clear();
    }

    /** Peers that were told of the stronger rule have not bound themselves: they have to be asked anew. */
    void onWeakerRule() {
        forget();
    }

    private void ask(ReplicaView peer) {
        askedMs.put(peer.brokerId(), memory.nowMs);
        long question = memory.nextQuestion();
        asked.put(question, new Question(peer.brokerId(), epoch, memory.nowMs));
        memory.actions.add(new AgentAction.AskPeer(
                question, peer.brokerId(), peer.address(), epoch, memory.settings.leaseMs(), memory.ruleInForce));
    }

    void onAnswer(AgentEvent.PeerAnswered answer) {
        Question question = asked.remove(answer.question());
        if (question == null || question.masterEpoch != memory.roleEpoch || !answer.confirmed()) {
            return;
        }
        long spanMs = memory.settings.leaseMs();
        long untilMs =
                memory.rules.grantedUntilMs(question.askedMs, memory.nowMs, spanMs, memory.settings.driftMs(spanMs));
        confirmedUntilMs.merge(question.brokerId, untilMs, Math::max);
    }

    void onSilent(long question) {
        asked.remove(question);
    }
}
