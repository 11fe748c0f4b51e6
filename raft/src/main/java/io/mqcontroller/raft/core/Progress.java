package io.mqcontroller.raft.core;

import java.util.ArrayDeque;

/**
 * How far a follower is, as its leader sees it.
 *
 * <table>
 * <caption>Modes</caption>
 * <tr><th>from</th><th>cause</th><th>to</th></tr>
 * <tr><td>PROBE</td><td>a reply says that the logs match</td><td>REPLICATE</td></tr>
 * <tr><td>REPLICATE</td><td>a reply says that the logs do not match: something was lost on the way</td><td>PROBE</td></tr>
 * <tr><td>PROBE, REPLICATE</td><td>the next entry was compacted away</td><td>SNAPSHOT</td></tr>
 * <tr><td>SNAPSHOT</td><td>the follower holds the log up to where the leader's begins</td><td>REPLICATE</td></tr>
 * </table>
 *
 * <p>{@code matchIndex < nextIndex}.
 */
final class Progress {
    enum Mode {
        /** Looks for the place where the logs agree: one message at a time. */
        PROBE,
        /** Sends ahead of the acknowledgements, up to the window. */
        REPLICATE,
        /** Sends a snapshot, one chunk at a time. */
        SNAPSHOT
    }

    private final NodeId id;
    private final ArrayDeque<Long> inflightLastIndexes = new ArrayDeque<>();
    private Mode mode = Mode.PROBE;
    private long matchIndex;
    private long nextIndex;
    private boolean probeSent;
    private SnapshotTransmission transmission;

    /** Last answer to this leader; at first the moment when it took over, so that nobody counts as lost before his time. */
    private long heardMs;

    private boolean everHeard;
    private long sentMs = Long.MIN_VALUE / 2;
    private long sentRound;
    private long echoedRound;

    Progress(NodeId id, long nextIndex, long nowMs) {
        this.id = id;
        this.nextIndex = nextIndex;
        this.heardMs = nowMs;
    }

    NodeId id() {
        return id;
    }

    Mode mode() {
        return mode;
    }

    long matchIndex() {
        return matchIndex;
    }

    long nextIndex() {
        return nextIndex;
    }

    long sentRound() {
        return sentRound;
    }

    long echoedRound() {
        return echoedRound;
    }

    SnapshotTransmission transmission() {
        return transmission;
    }

    void onHeard(long nowMs, long round) {
        heardMs = nowMs;
        everHeard = true;
        echoedRound = Math.max(echoedRound, round);
    }

    boolean wasHeardWithin(long nowMs, long timeoutMs) {
        return nowMs - heardMs < timeoutMs;
    }

    /** It gets a snapshot, and shows that it is there. */
    boolean takesSnapshot(long nowMs, long timeoutMs) {
        return mode == Mode.SNAPSHOT && everHeard && wasHeardWithin(nowMs, timeoutMs);
    }

    boolean isHeartbeatDue(long nowMs, long intervalMs) {
        return nowMs - sentMs >= intervalMs;
    }

    void onSent(long nowMs, long round) {
        sentMs = nowMs;
        sentRound = round;
    }

    boolean maySendEntries(int window) {
        return switch (mode) {
            case PROBE -> !probeSent;
            case REPLICATE -> inflightLastIndexes.size() < window;
            case SNAPSHOT -> false;
        };
    }

    /** Entries up to {@code lastIndex} are on their way. */
    void onEntriesSent(long lastIndex) {
        if (mode == Mode.PROBE) {
            probeSent = true;
        } else {
            inflightLastIndexes.add(lastIndex);
            nextIndex = lastIndex + 1;
        }
    }

    /** The follower holds this log durably up to {@code index}. */
    void onMatched(long index) {
        matchIndex = Math.max(matchIndex, index);
        nextIndex = Math.max(nextIndex, matchIndex + 1);
        while (!inflightLastIndexes.isEmpty() && inflightLastIndexes.peek() <= matchIndex) {
            inflightLastIndexes.poll();
        }
    }

    void becomeReplicating() {
        changeMode(Mode.REPLICATE);
    }

    /** Goes back to {@code index}, but never behind what is known to match. */
    void becomeProbing(long index) {
        changeMode(Mode.PROBE);
        nextIndex = Math.max(matchIndex + 1, index);
    }

    void becomeReceivingSnapshot(SnapshotTransmission begun) {
        changeMode(Mode.SNAPSHOT);
        transmission = begun;
    }

    private void changeMode(Mode newMode) {
        mode = newMode;
        probeSent = false;
        transmission = null;
        inflightLastIndexes.clear();
    }

    RaftStatus.FollowerStatus status() {
        return new RaftStatus.FollowerStatus(
                id,
                matchIndex,
                nextIndex,
                inflightLastIndexes.size(),
                everHeard ? heardMs : Long.MIN_VALUE,
                mode == Mode.SNAPSHOT);
    }
}
