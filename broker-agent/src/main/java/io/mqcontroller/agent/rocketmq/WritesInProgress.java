package io.mqcontroller.agent.rocketmq;

import io.mqcontroller.agent.spi.WritePermit;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Counts the writes between the look at the permit and the append. A thread that has passed the look may be held up there and
 * append when the broker copies the log of another master already, which would put a message into the copy that nobody else
 * has.
 */
final class WritesInProgress {
    private final WritePermit permit;
    private final AtomicInteger running = new AtomicInteger();
    private final ThreadLocal<Boolean> begunHere = ThreadLocal.withInitial(() -> false);

    WritesInProgress(WritePermit permit) {
        this.permit = permit;
    }

    /** Counts a write and returns its ticket; {@link #end} must follow, whatever the ticket. */
    long begin() {
        // Counted before the look: whoever revokes the permit and then sees nobody running knows that nobody will
        // append.
        running.incrementAndGet();
        long ticket = permit.enter();
        begunHere.set(ticket != WritePermit.REFUSED);
        return ticket;
    }

    void end() {
        begunHere.remove();
        running.decrementAndGet();
    }

    /** Whether a write that comes now would get a ticket. */
    boolean mayBegin() {
        return permit.enter() != WritePermit.REFUSED;
    }

    /** Whether this thread may append: what has begun may end when writes are paused, what the broker writes by itself waits. */
    boolean mayAppend() {
        return begunHere.get() ? permit.mayAppend() : mayBegin();
    }

    boolean mayAcknowledge(long ticket) {
        return permit.holds(ticket);
    }

    /** Waits until no write is running that saw the permit before it was revoked; false when the time is over. */
    boolean awaitNone(long withinMs) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(withinMs);
        while (running.get() > 0) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(100_000);
        }
        return true;
    }
}
