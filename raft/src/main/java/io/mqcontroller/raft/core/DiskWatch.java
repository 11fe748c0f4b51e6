package io.mqcontroller.raft.core;

import java.util.ArrayDeque;

/**
 * Whether the disk of this member is fit for a leader's: not full, which the driver says, and not slow, which shows by how
 * long writes take. One slow write is nothing; slow is a disk that has not made any write durable in time for two election
 * timeouts.
 */
final class DiskWatch {
    private static final long NOT_SLOW = Long.MAX_VALUE;
    /** A leader that finds nobody better goes on leading, and looks again after so many election timeouts. */
    private static final int PATIENCE = 5;
    /** What was slow so many election timeouts ago, and had nothing to write since, is not called slow any more. */
    private static final int MEMORY = 10;

    private final long electionTimeoutMs;
    private final ArrayDeque<Handed> waiting = new ArrayDeque<>();
    private boolean full;
    /** When the first of the writes was handed over that were all late, and when the last of them was done. */
    private long slowSinceMs = NOT_SLOW;

    private long lateDoneMs;

    private long nextHandOverMs = Long.MIN_VALUE;

    private record Handed(long sequence, long atMs) {}

    DiskWatch(RaftSettings settings) {
        this.electionTimeoutMs = settings.electionTimeoutMs();
    }

    void onFull(boolean nowFull) {
        full = nowFull;
        // Writes that waited for room say nothing about the disk.
        slowSinceMs = NOT_SLOW;
    }

    boolean isFull() {
        return full;
    }

    void onHanded(long sequence, long nowMs) {
        waiting.add(new Handed(sequence, nowMs));
    }

    void onPersisted(long sequence, long nowMs) {
        while (!waiting.isEmpty() && waiting.peek().sequence <= sequence) {
            Handed done = waiting.poll();
            slowSinceMs = isLate(done, nowMs) ? Math.min(slowSinceMs, done.atMs) : NOT_SLOW;
            lateDoneMs = nowMs;
        }
    }

    private boolean isLate(Handed write, long nowMs) {
        return nowMs - write.atMs > electionTimeoutMs / 2;
    }

    /** Full or slow: somebody else should lead, if there is one. */
    boolean isImpaired(long nowMs) {
        if (full) {
            return true;
        }
        if (!waiting.isEmpty() && isLate(waiting.peek(), nowMs)) {
            return nowMs - Math.min(slowSinceMs, waiting.peek().atMs) >= 2 * electionTimeoutMs;
        }
        return slowSinceMs != NOT_SLOW
                && lateDoneMs - slowSinceMs >= 2 * electionTimeoutMs
                && nowMs - lateDoneMs < MEMORY * electionTimeoutMs;
    }

    /** Whether an impaired leader should look for another one now. */
    boolean mayHandOver(long nowMs) {
        return nowMs >= nextHandOverMs && isImpaired(nowMs);
    }

    void onHandOver(long nowMs) {
        nextHandOverMs = nowMs + PATIENCE * electionTimeoutMs;
    }
}
