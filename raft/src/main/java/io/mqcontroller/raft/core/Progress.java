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
 * <p>{@code matchIndex < nextIndex}. {@code acknowledgedIndex} is what counts for the commit, {@code matchIndex} what need not
 * be sent again: they differ for a follower that lost its store. What it acknowledged before counts as ever, for it does not
 * vote before it has all of that again; what it takes in meanwhile does not.
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

    private long acknowledgedIndex;
    private StoreHealth health = StoreHealth.SOUND;
    /** Its newest loss of its store, and how far it has to come since; the word may come late and again. */
    private long recoveryId;

    private long recoveryIndex;

    /** When the whole log was what it holds now; before its first answer when the leader took over. */
    private long caughtUpMs;
    /** The end of the log at {@code markedMs}: when the follower holds it, it was behind by the time since then. */
    private long markedIndex;

    private long markedMs;

    Progress(NodeId id, long nextIndex, long nowMs) {
        this.id = id;
        this.nextIndex = nextIndex;
        this.heardMs = nowMs;
        this.caughtUpMs = nowMs;
        this.markedIndex = nextIndex - 1;
        this.markedMs = nowMs;
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

    long acknowledgedIndex() {
        return acknowledgedIndex;
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

    /** It answered, and its answer counts. */
    void onHeard(long nowMs, long round, StoreHealth answered) {
        heardMs = nowMs;
        everHeard = true;
        echoedRound = Math.max(echoedRound, round);
        health = answered;
    }

    /** It answered, but may have voted for somebody else and forgotten it: no majority counts it. */
    void onHeardRecovering(long nowMs, StoreHealth answered) {
        heardMs = nowMs;
        everHeard = true;
        health = answered;
    }

    /** It lost its store, hence all that it was sent; it has to come as far as {@code throughIndex}. */
    void onStoreLost(long lossId, long throughIndex) {
        recoveryId = lossId;
        recoveryIndex = throughIndex;
        matchIndex = 0;
        changeMode(Mode.PROBE);
    }

    StoreHealth health() {
        return health;
    }

    long recoveryId() {
        return recoveryId;
    }

    long recoveryIndex() {
        return recoveryIndex;
    }

    /** Whether a majority may count it as heard. */
    boolean wasHeardWithin(long nowMs, long timeoutMs) {
        return !health.recovering() && nowMs - heardMs < timeoutMs;
    }

    /** It did answer, and is not only given the time to do so; what its store is like is known since then. */
    boolean answeredWithin(long nowMs, long timeoutMs) {
        return everHeard && wasHeardWithin(nowMs, timeoutMs);
    }

    /** It gets a snapshot, and shows that it is there. */
    boolean takesSnapshot(long nowMs, long timeoutMs) {
        return mode == Mode.SNAPSHOT && everHeard && nowMs - heardMs < timeoutMs;
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

    /**
     * The follower holds this log durably up to {@code index}.
     *
     * @param lastIndex end of the leader's log
     */
    void onMatched(long index, long lastIndex, long nowMs) {
        matchIndex = Math.max(matchIndex, index);
        noteLag(lastIndex, nowMs);
        if (!health.recovering()) {
            acknowledgedIndex = Math.max(acknowledgedIndex, index);
        }
        nextIndex = Math.max(nextIndex, matchIndex + 1);
        while (!inflightLastIndexes.isEmpty() && inflightLastIndexes.peek() <= matchIndex) {
            inflightLastIndexes.poll();
        }
    }

    /** Under load it always lacks the newest entries: what counts is when those that it holds were the newest. */
    private void noteLag(long lastIndex, long nowMs) {
        if (matchIndex >= markedIndex) {
            caughtUpMs = matchIndex == lastIndex ? nowMs : markedMs;
            markedIndex = lastIndex;
            markedMs = nowMs;
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

    /** @param lastIndex end of the leader's log */
    RaftStatus.FollowerStatus status(long lastIndex, long nowMs) {
        return new RaftStatus.FollowerStatus(
                id,
                matchIndex,
                nextIndex,
                inflightLastIndexes.size(),
                everHeard ? heardMs : Long.MIN_VALUE,
                matchIndex >= lastIndex ? 0 : nowMs - caughtUpMs,
                mode == Mode.SNAPSHOT);
    }
}
