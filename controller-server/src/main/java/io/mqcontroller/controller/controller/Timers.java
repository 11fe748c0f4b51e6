package io.mqcontroller.controller.controller;

import io.mqcontroller.controller.metadata.GroupKey;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/** Moments at which a group must be looked at again. */
final class Timers {
    private record Due(long dueMs, GroupKey group) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(dueMs, other.dueMs);
            return byTime != 0 ? byTime : group.compareTo(other.group);
        }
    }

    private final PriorityQueue<Due> queue = new PriorityQueue<>();

    void at(long dueMs, GroupKey group) {
        queue.add(new Due(dueMs, group));
    }

    void fire(long nowMs, Consumer<GroupKey> onDue) {
        while (!queue.isEmpty() && queue.peek().dueMs() <= nowMs) {
            onDue.accept(queue.poll().group());
        }
    }

    long nextDueMs() {
        return queue.isEmpty() ? Long.MAX_VALUE : queue.peek().dueMs();
    }

    void clear() {
        queue.clear();
    }
}
