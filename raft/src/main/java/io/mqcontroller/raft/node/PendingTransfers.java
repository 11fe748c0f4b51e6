package io.mqcontroller.raft.node;

import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.core.RoleName;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Who waits for leadership to be handed on. The Raft thread's. */
final class PendingTransfers {
    private final List<Waiting> waiting = new ArrayList<>();

    private record Waiting(CompletableFuture<Boolean> done, long deadlineMs) {}

    void add(CompletableFuture<Boolean> done, long deadlineMs) {
        waiting.add(new Waiting(done, deadlineMs));
    }

    /** Answers those for whom it is decided: another member leads, or the time is up. */
    void settle(RaftStatus status, long nowMs) {
        if (waiting.isEmpty()) {
            return;
        }
        boolean handedOn = status.role() != RoleName.LEADER
                && status.leader()
                        .filter(leader -> !leader.equals(status.self()))
                        .isPresent();
        for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
            Waiting each = all.next();
            if (handedOn || nowMs >= each.deadlineMs()) {
                all.remove();
                each.done().complete(handedOn);
            }
        }
    }

    void endAll() {
        waiting.forEach(each -> each.done().complete(false));
        waiting.clear();
    }
}
