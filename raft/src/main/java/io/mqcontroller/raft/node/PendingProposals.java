package io.mqcontroller.raft.node;

import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.ProposalId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Who waits for the outcome of which proposal. The Raft thread's. */
final class PendingProposals {
    private final RaftListener listener;
    private final Map<ProposalId, Waiting> waiting = new HashMap<>();

    private record Waiting(List<Consumer<ProposalResult>> callbacks, long sinceNanos) {
        void complete(ProposalResult result) {
            callbacks.forEach(callback -> callback.accept(result));
        }
    }

    PendingProposals(RaftListener listener) {
        this.listener = listener;
    }

    /** False if a proposal with this id waits already: then the callback shares its outcome, and nothing is to be proposed. */
    boolean add(ProposalId id, Consumer<ProposalResult> callback, long sinceNanos) {
        Waiting known = waiting.get(id);
        if (known != null) {
            List<Consumer<ProposalResult>> callbacks = new ArrayList<>(known.callbacks());
            callbacks.add(callback);
            waiting.put(id, new Waiting(callbacks, known.sinceNanos()));
            return false;
        }
        waiting.put(id, new Waiting(List.of(callback), sinceNanos));
        return true;
    }

    /** The entry was applied, whoever proposed it. */
    void complete(Entry entry) {
        Waiting done = waiting.isEmpty() ? null : waiting.remove(entry.proposal());
        if (done != null) {
            done.complete(new ProposalResult.Done(entry.position()));
            listener.onCommitted(System.nanoTime() - done.sinceNanos());
        }
    }

    void reject(ProposalId id, ProposalResult.NotDone result) {
        Waiting refused = waiting.remove(id);
        if (refused != null) {
            refused.complete(result);
            listener.onNotCommitted(result);
        }
    }

    /** Nobody here will learn what becomes of what still waits. */
    void endAllAsUnknown() {
        List<Waiting> ended = new ArrayList<>(waiting.values());
        waiting.clear();
        ProposalResult unknown = new ProposalResult.Unknown();
        for (Waiting each : ended) {
            each.complete(unknown);
            listener.onNotCommitted(unknown);
        }
    }
}
