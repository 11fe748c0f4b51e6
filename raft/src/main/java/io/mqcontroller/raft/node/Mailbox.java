package io.mqcontroller.raft.node;

import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * What waits for the Raft thread: many put in, one takes out. Requests and messages have bounds of their own, so that a flood
 * of one doesn't keep out the other, and a flood of entries keeps out neither votes nor heartbeats; what the node's own threads report has none, for there is one report for each thing
 * that the core asked for.
 */
final class Mailbox {
    /** Votes, heartbeats and answers: they pass while there is no room for more entries. */
    static final long SMALL_BYTES = 64;

    private final Queue<Input> queue = new ConcurrentLinkedQueue<>();
    private final int maxRequests;
    private final long maxMessageBytes;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong messageBytes = new AtomicLong();
    private volatile Thread sleeper;
    private volatile boolean closed;

    Mailbox(int maxRequests, long maxMessageBytes) {
        this.maxRequests = maxRequests;
        this.maxMessageBytes = maxMessageBytes;
    }

    /** False if it is full or closed: then the input was not taken and will not be. Any thread. */
    boolean offer(Input input) {
        if (!reserve(input)) {
            return false;
        }
        queue.add(input);
        if (closed && removeThis(input)) {
            return false;
        }
        wake();
        return true;
    }

    private boolean reserve(Input input) {
        if (closed) {
            return false;
        }
        if (input instanceof Input.Happened) {
            return true;
        }
        if (input instanceof Input.FromPeer message) {
            long limit = message.roughBytes() <= SMALL_BYTES ? 2 * maxMessageBytes : maxMessageBytes;
            if (messageBytes.addAndGet(message.roughBytes()) > limit) {
                messageBytes.addAndGet(-message.roughBytes());
                return false;
            }
            return true;
        }
        if (requests.incrementAndGet() > maxRequests) {
            requests.decrementAndGet();
            return false;
        }
        return true;
    }

    /** By identity: equal inputs of others stay. */
    private boolean removeThis(Input input) {
        return queue.removeIf(waiting -> waiting == input);
    }

    private void wake() {
        Thread sleeping = sleeper;
        if (sleeping != null) {
            LockSupport.unpark(sleeping);
        }
    }

    /** Takes out up to {@code max} of what waits, in order. The Raft thread's. */
    void drainTo(Collection<Input> taken, int max) {
        while (taken.size() < max) {
            Input input = queue.poll();
            if (input == null) {
                return;
            }
            if (input instanceof Input.FromPeer message) {
                messageBytes.addAndGet(-message.roughBytes());
            } else if (!(input instanceof Input.Happened)) {
                requests.decrementAndGet();
            }
            taken.add(input);
        }
    }

    /** Sleeps until something waits or the time is up; may wake for nothing. The Raft thread's. */
    void await(long nanos) {
        sleeper = Thread.currentThread();
        // Looked at after the sleeper is known: whoever adds after this look sees him and wakes him.
        if (nanos > 0 && queue.isEmpty() && !closed) {
            LockSupport.parkNanos(this, nanos);
        }
        sleeper = null;
    }

    /** Takes nothing more; what waits can still be drained. Any thread. */
    void close() {
        closed = true;
        wake();
    }

    boolean isClosed() {
        return closed;
    }
}
