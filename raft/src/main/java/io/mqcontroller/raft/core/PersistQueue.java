package io.mqcontroller.raft.core;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Knows what the disk has, what is on its way there, and what waits for it. Term and vote are <em>promises</em>: a message
 * that states them is held back until they are durable, for a member that forgot its vote could vote twice in a term. So is
 * that a member is whole again after it lost its store.
 *
 * <p>{@code durableIndex <= handedIndex <= log.lastIndex()}.
 */
final class PersistQueue {
    /** More answers than this wait for a disk that hangs; the oldest are given up, as the network might lose them. */
    private static final int MAX_HELD = 1_000;

    private final RaftLog log;
    private final ArrayDeque<Handed> handed = new ArrayDeque<>();
    private final ArrayDeque<Held> held = new ArrayDeque<>();

    private HardState handedState;
    private OptionalLong truncateFrom = OptionalLong.empty();
    private long handedIndex;
    private long durableIndex;
    private long waitingBytes;
    private long lastSequence;
    private long durableSequence;
    /** The last write that changed term or vote. */
    private long promiseSequence;

    /** A write on its way, and the end of the log after it as far as later truncations left it. */
    private static final class Handed {
        private final long sequence;
        private final long bytes;
        private long lastIndex;

        Handed(long sequence, long bytes, long lastIndex) {
            this.sequence = sequence;
            this.bytes = bytes;
            this.lastIndex = lastIndex;
        }
    }

    private record Held(long sequence, NodeId to, Message message) {}

    PersistQueue(RaftLog log, HardState stored) {
        this.log = log;
        this.handedState = stored;
        this.handedIndex = log.lastIndex();
        this.durableIndex = log.lastIndex();
    }

    /** The log is durable up to here. */
    long durableIndex() {
        return durableIndex;
    }

    /** Size of the entries that are on their way to the disk. */
    long waitingBytes() {
        return waitingBytes;
    }

    /** The log was truncated in memory. */
    void onTruncatedFrom(long index) {
        if (index <= handedIndex) {
            truncateFrom = OptionalLong.of(Math.min(index, truncateFrom.orElse(Long.MAX_VALUE)));
            handedIndex = index - 1;
        }
        durableIndex = Math.min(durableIndex, index - 1);
        for (Handed write : handed) {
            write.lastIndex = Math.min(write.lastIndex, index - 1);
        }
    }

    /** Store and memory both begin behind an installed snapshot now. Nothing was appended while it was installed. */
    void onLogReplaced() {
        if (truncateFrom.isPresent()) {
            throw new IllegalStateException("the log changed while a snapshot was installed");
        }
        handedIndex = log.lastIndex();
        durableIndex = log.lastIndex();
        for (Handed write : handed) {
            write.lastIndex = log.lastIndex();
        }
    }

    /**
     * The write that brings the disk to {@code current} and to the log in memory, if one is due. The commit index rides along
     * and never causes a write of its own: it is only a hint to a restarted member.
     */
    Optional<Effect.Persist> flush(HardState current) {
        boolean promises = promisesMoreThanHanded(current);
        boolean appends = log.lastIndex() > handedIndex;
        if (!promises && !appends && truncateFrom.isEmpty()) {
            return Optional.empty();
        }
        lastSequence++;
        if (promises) {
            promiseSequence = lastSequence;
        }
        List<Entry> entries = appends ? log.slice(handedIndex + 1, log.lastIndex()) : List.of();
        Optional<HardState> hardState = current.equals(handedState) ? Optional.empty() : Optional.of(current);
        Effect.Persist persist = new Effect.Persist(lastSequence, hardState, truncateFrom, entries);
        truncateFrom = OptionalLong.empty();
        handedState = current;
        handedIndex = log.lastIndex();
        long bytes = 0;
        for (Entry entry : entries) {
            bytes += RaftLog.sizeOf(entry);
        }
        waitingBytes += bytes;
        handed.add(new Handed(lastSequence, bytes, handedIndex));
        return Optional.of(persist);
    }

    void onPersisted(long sequence) {
        while (!handed.isEmpty() && handed.peek().sequence <= sequence) {
            Handed write = handed.poll();
            durableSequence = write.sequence;
            waitingBytes -= write.bytes;
            durableIndex = Math.max(durableIndex, write.lastIndex);
        }
    }

    /** The write that holds, or will hold, term and vote of {@code current}. */
    long promiseSequence(HardState current) {
        return promisesMoreThanHanded(current) ? lastSequence + 1 : promiseSequence;
    }

    boolean isDurable(long sequence) {
        return sequence <= durableSequence;
    }

    /** Sends now if term and vote of {@code current} are durable, otherwise as soon as they are. */
    void sendWhenPromiseIsDurable(HardState current, NodeId to, Message message, Effects effects) {
        long sequence = promiseSequence(current);
        if (isDurable(sequence)) {
            effects.send(to, message);
        } else {
            held.add(new Held(sequence, to, message));
            if (held.size() > MAX_HELD) {
                held.poll();
            }
        }
    }

    /** Sends what waited for the disk; what was meant for a term that is over is dropped. */
    void releaseHeld(long term, Effects effects) {
        while (!held.isEmpty() && isDurable(held.peek().sequence)) {
            Held ready = held.poll();
            // A granted PreVoteReply carries the candidate's next term and binds nobody, so it may be late as well.
            if (ready.message.term() >= term) {
                effects.send(ready.to, ready.message);
            }
        }
    }

    private boolean promisesMoreThanHanded(HardState current) {
        return current.term() != handedState.term()
                || !current.votedFor().equals(handedState.votedFor())
                || current.recoveryId() != handedState.recoveryId();
    }
}
