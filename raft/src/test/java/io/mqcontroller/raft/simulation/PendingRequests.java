package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.Event;
import io.mqcontroller.raft.core.ProposalId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What clients have asked of a member, and wait for. It ends with the member's process: then nobody is told anything. */
final class PendingRequests {
    private final SimNode node;
    private final Simulation simulation;
    private final Map<ProposalId, List<SimClient.Answer>> proposals = new HashMap<>();
    private final Map<Long, PendingRead> reads = new HashMap<>();
    private final Set<Long> readsOfThisStep = new HashSet<>();

    private record PendingRead(int key, SimClient.Answer answer) {}

    PendingRequests(SimNode node, Simulation simulation) {
        this.node = node;
        this.simulation = simulation;
    }

    void propose(ProposalId id, Bytes command, SimClient.Answer answer) {
        if (node.takesNoPart()) {
            answer.refused(Optional.empty());
        } else if (node.running()) {
            proposals.computeIfAbsent(id, key -> new ArrayList<>()).add(answer);
            node.deliver(new Event.Proposed(id, command));
        }
    }

    void read(long readId, int key, SimClient.Answer answer) {
        if (node.takesNoPart()) {
            answer.refused(Optional.empty());
        } else if (node.running()) {
            reads.put(readId, new PendingRead(key, answer));
            node.deliver(new Event.ReadRequested(readId));
        }
    }

    void onStepBegun() {
        readsOfThisStep.clear();
    }

    /** The core is about to hear of it. */
    void onTakenIn(Event.ReadRequested read) {
        PendingRead pending = reads.get(read.readId());
        simulation.invariants().onReadBegun(node, read.readId(), pending.key);
        readsOfThisStep.add(read.readId());
    }

    void onApplied(Entry entry) {
        List<SimClient.Answer> waiting = proposals.remove(entry.proposal());
        if (waiting != null) {
            simulation.invariants().onAcknowledged(node, entry.proposal(), entry.index());
            waiting.forEach(SimClient.Answer::written);
        }
    }

    void reject(Effect.ProposalRejected effect) {
        // The refusal is for the newest attempt: an older one under the same id may be in the log.
        List<SimClient.Answer> waiting = proposals.get(effect.id());
        if (waiting != null && !waiting.isEmpty()) {
            waiting.remove(waiting.size() - 1).refused(effect.leader());
        }
        simulation.count(Counter.PROPOSALS_REFUSED);
    }

    void complete(Effect.ReadReady effect, SimStateMachine state) {
        PendingRead pending = remove(effect.readId());
        long value = state.value(pending.key);
        simulation.invariants().onReadServed(node, effect.readId(), effect.readIndex(), value);
        simulation.count(Counter.READS_SERVED);
        if (readsOfThisStep.contains(effect.readId())
                && node.status().configuration().voters().size() > 1) {
            // Nobody was asked: there was no time for it.
            simulation.count(Counter.READS_UNDER_A_LEASE);
        }
        pending.answer.read(state.writes(pending.key), state.chain(pending.key));
    }

    void reject(Effect.ReadRejected effect) {
        remove(effect.readId()).answer.refused(effect.leader());
    }

    private PendingRead remove(long readId) {
        PendingRead pending = reads.remove(readId);
        if (pending == null) {
            throw new AssertionError("read " + readId + " is answered twice");
        }
        return pending;
    }

    /** What was proposed here has an unknown outcome from now on. */
    void forgetProposals() {
        proposals.clear();
    }

    void forgetAll() {
        proposals.clear();
        reads.clear();
    }
}
