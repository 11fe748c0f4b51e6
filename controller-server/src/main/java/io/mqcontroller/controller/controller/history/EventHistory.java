package io.mqcontroller.controller.controller.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
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
    private long count;
    private volatile Runnable listener = () -> {};

    /** @param wallMs the time of day, for people only */
    public EventHistory(int capacity, LongSupplier wallMs) {
        this.capacity = capacity;
        this.wallMs = wallMs;
    }

    /** @param atWallMs when it was seen here; 0 if it is older than this process */
    public record Seen(HistoryEvent event, long atWallMs) {}

    /**
     * @param events the oldest first
     * @param count of all that were ever seen here, these included
     */
    public record Newest(List<Seen> events, long count) {
        public Newest {
            events = List.copyOf(events);
        }
    }

    /** Takes an event in. */
    public void add(HistoryEvent event) {
        synchronized (this) {
            if (events.size() == capacity) {
                events.removeFirst();
            }
            events.addLast(new Seen(event, event.replayed() ? 0 : wallMs.getAsLong()));
            count++;
        }
        listener.run();
    }

    /** All of them, the oldest first. */
    public synchronized List<Seen> all() {
        return List.copyOf(events);
    }

    /**
     * Those that came after the first {@code seen} ones.
     *
     * @param limit if there are more, the newest ones are given
     */
    public synchronized Newest after(long seen, int limit) {
        long wanted = Math.min(Math.min(limit, events.size()), count - seen);
        List<Seen> newest = new ArrayList<>();
        Iterator<Seen> newestFirst = events.descendingIterator();
        while (newest.size() < wanted) {
            newest.add(0, newestFirst.next());
        }
        return new Newest(newest, count);
    }

    /** Runs after each event, on the thread that brings it: it must return at once, and not throw. */
    public void whenAdded(Runnable action) {
        listener = action;
    }
}
