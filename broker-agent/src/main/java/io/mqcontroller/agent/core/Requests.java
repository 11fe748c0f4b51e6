package io.mqcontroller.agent.core;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What was asked of the leader and is not answered yet. */
final class Requests {
    private final Memory memory;
    private final LeaderSearch search;
    private final SortedMap<Long, Sent> waiting = new TreeMap<>();
    private long lastNumber;

    /** @param number grows over all connections */
    record Sent(long number, ControllerRequest content, long sentMs) {}

    Requests(Memory memory, LeaderSearch search) {
        this.memory = memory;
        this.search = search;
    }

    /** Only with a leader. */
    Sent ask(ControllerRequest content) {
        Sent sent = new Sent(++lastNumber, content, memory.nowMs);
        waiting.put(sent.number, sent);
        memory.actions.add(new AgentAction.Ask(search.connection(), sent.number, content));
        return sent;
    }

    boolean isWaiting(Class<? extends ControllerRequest> kind) {
        return waiting.values().stream().anyMatch(sent -> kind.isInstance(sent.content));
    }

    int waiting() {
        return waiting.size();
    }

    /** The request that is answered, or null. */
    Sent take(long number) {
        return waiting.remove(number);
    }

    /** The connection is gone, and with it all answers. */
    List<Sent> takeAll() {
        List<Sent> all = new ArrayList<>(waiting.values());
        waiting.clear();
        return all;
    }

    boolean isOverdue() {
        return memory.nowMs >= dueMs();
    }

    long dueMs() {
        return waiting.isEmpty()
                ? Long.MAX_VALUE
                : waiting.get(waiting.firstKey()).sentMs + memory.settings.requestTimeoutMs();
    }
}
