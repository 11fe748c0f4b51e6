package io.mqcontroller.controller.controller;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The newest events that this controller has seen since it started, with the time of day; the oldest ones go when there are too
 * many. Any thread.
 */
public final class EventHistory {
    private final int capacity;
    private final LongSupplier wallMs;
    private final Deque<Seen> events = new ArrayDeque<>();

    /** @param wallMs the time of day, for people only */
    public EventHistory(int capacity, LongSupplier wallMs) {
        this.capacity = capacity;
        this.wallMs = wallMs;
    }

    /** @param atWallMs when it was seen here; 0 if it is older than this process */
    public record Seen(HistoryEvent event, long atWallMs) {}

    /** Takes an event in. */
    public synchronized void add(HistoryEvent event) {
        if (events.size() == capacity) {
            events.removeFirst();
        }
        events.addLast(new Seen(event, event.replayed() ? 0 : wallMs.getAsLong()));
    }

    /** All of them, the oldest first. */
    public synchronized List<Seen> all() {
        return List.copyOf(events);
    }
}
