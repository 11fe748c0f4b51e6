package io.mqcontroller.controller.liveness;

import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * Deadlines in the order in which they are due. A heartbeat only moves the deadline in {@link ReplicaLife}; the queue learns
 * of it when the old time comes, so that a heartbeat costs no queue operation.
 */
final class DeadlineQueue {
    private record Due(long dueMs, long sequence, ReplicaLife life) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(dueMs, other.dueMs);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    private final PriorityQueue<Due> queue = new PriorityQueue<>();
    private long sequence;

    /** Sees to it that the queue looks at {@code life} no later than at its deadline. */
    void ensureQueued(ReplicaLife life) {
        if (life.deadlineMs < life.queuedDueMs) {
            life.queuedDueMs = life.deadlineMs;
            queue.add(new Due(life.deadlineMs, sequence++, life));
        }
    }

    /** Gives out those whose deadline has come. */
    void fire(long nowMs, Consumer<ReplicaLife> onDue) {
        while (!queue.isEmpty() && queue.peek().dueMs() <= nowMs) {
            Due due = queue.poll();
            ReplicaLife life = due.life();
            if (due.dueMs() != life.queuedDueMs) {
                continue; // shortened or forgotten meanwhile: an earlier look has taken its place
            }
            life.queuedDueMs = Long.MAX_VALUE;
            if (life.deadlineMs > nowMs) {
                ensureQueued(life);
            } else {
                onDue.accept(life);
            }
        }
    }

    long nextDueMs() {
        return queue.isEmpty() ? Long.MAX_VALUE : queue.peek().dueMs();
    }
}
