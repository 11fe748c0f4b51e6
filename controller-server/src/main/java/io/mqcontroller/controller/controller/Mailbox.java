package io.mqcontroller.controller.controller;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * What waits for the loop, in one order for all: many threads bring, one takes. Requests and heartbeats are bounded. What Raft
 * and closed connections have to say must not be lost and is always taken; of committed commands no more come than are under
 * way already, once {@link #isBehind} says so.
 */
final class Mailbox {
    /** As much as a leader may have that is not committed. */
    static final long MAX_COMMITTED_BYTES = 64L << 20;

    private final int capacity;
    private final Queue<ControllerEvent> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger depth = new AtomicInteger();
    private final AtomicLong committedBytes = new AtomicLong();
    private volatile Thread sleeper;

    Mailbox(int capacity) {
        this.capacity = capacity;
    }

    /** Brings something that may be refused. */
    boolean offer(ControllerEvent event) {
        if (depth.get() >= capacity) {
            return false;
        }
        put(event);
        return true;
    }

    /** Brings something that must not be refused. */
    void put(ControllerEvent event) {
        depth.incrementAndGet();
        if (event instanceof ControllerEvent.Committed committed) {
            committedBytes.addAndGet(committed.roughBytes());
        }
        queue.add(event);
        wake();
    }

    void wake() {
        Thread waiting = sleeper;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
    }

    /** Whether so much waits that is committed that no more should be. */
    boolean isBehind() {
        return committedBytes.get() > MAX_COMMITTED_BYTES;
    }

    int depth() {
        return depth.get();
    }

    /** Takes what is there, waiting up to {@code maxWaitMs} for the first. Called by the loop only. */
    List<ControllerEvent> take(int atMost, long maxWaitMs) {
        if (queue.isEmpty() && maxWaitMs > 0) {
            sleeper = Thread.currentThread();
            // Looked at again after saying so: what came in between woke nobody.
            if (queue.isEmpty()) {
                LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(maxWaitMs));
            }
            sleeper = null;
        }
        List<ControllerEvent> taken = new ArrayList<>();
        while (taken.size() < atMost) {
            ControllerEvent event = queue.poll();
            if (event == null) {
                break;
            }
            if (event instanceof ControllerEvent.Committed committed) {
                committedBytes.addAndGet(-committed.roughBytes());
            }
            taken.add(event);
        }
        depth.addAndGet(-taken.size());
        return taken;
    }
}
