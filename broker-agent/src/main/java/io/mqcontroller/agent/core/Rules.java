package io.mqcontroller.agent.core;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The rules that safety hangs on, one each, so that a test can break one and see whether the simulation notices.
 */
class Rules {
    /**
     * When a span that somebody else grants is over. The other one's clock began after {@code askedMs}, and may run faster: the
     * margin is the agent's part of the allowance.
     */
    long grantedUntilMs(long askedMs, long answeredMs, long spanMs, long driftMs) {
        return askedMs + spanMs - driftMs;
    }

    /** Until when an agent that promises now takes no writes as master. The other one's clock may run slower. */
    long promisedUntilMs(long nowMs, long spanMs, long driftMs) {
        return nowMs + spanMs + driftMs;
    }

    /** A process does not know what it promised in its last life. */
    long promisedAtStartUntilMs(long nowMs, long spanMs, long driftMs) {
        return promisedUntilMs(nowMs, spanMs, driftMs);
    }

    /** Whether a promise to a master that acknowledges by this rule keeps a successor from taking writes. */
    boolean binds(AckRule rule) {
        return rule != AckRule.ALL_IN_SYNC;
    }

    /** Whether a master lets others into its set while it is bound itself: whoever is elected after it has promised nothing. */
    boolean admits(boolean bound) {
        return !bound;
    }

    /** Whether the master that was promised under an epoch has stopped, by its own answer; silence confirms nothing. */
    boolean ends(int promisedEpoch, boolean confirmed, int knownEpoch) {
        return confirmed && knownEpoch > promisedEpoch;
    }

    /** Whether an agent that knows of {@code knownEpoch} tells a master of {@code askedEpoch} to go on. */
    boolean confirms(int askedEpoch, int knownEpoch) {
        return askedEpoch >= knownEpoch;
    }

    /** Whether nobody goes on without this member's word. One without an agent never gives it. */
    boolean mustConfirm(boolean hasAgent) {
        return true;
    }

    /** Until when all confirm, of whom each confirms until then. */
    long allConfirmUntilMs(Collection<Long> untilMs) {
        return Collections.min(untilMs);
    }

    /** Whether a view that was told is followed. */
    boolean follows(GroupView told, GroupView known, int knownMasterEpoch) {
        return told.masterEpoch() >= knownMasterEpoch && !known.isNewerThan(told);
    }

    /** Whether a role under this epoch may be taken. */
    boolean isCurrent(int masterEpoch, int knownMasterEpoch) {
        return masterEpoch == knownMasterEpoch;
    }

    /** Whose confirmation counts while changes are under way: whichever set is in force, its members have the write. */
    SortedSet<Long> acking(SortedSet<Long> confirmed, Collection<SortedSet<Long>> mayBeInForce) {
        SortedSet<Long> union = new TreeSet<>(confirmed);
        mayBeInForce.forEach(union::addAll);
        return union;
    }

    /** Whether a slave that is let in has everything that was acknowledged without it. */
    boolean hasCaughtUp(long ackOffset, long offsetWhenCounted) {
        return ackOffset >= offsetWhenCounted;
    }

    /** Whether the role holds before the broker has said that its switch succeeded. */
    boolean isDoneWhenBegun() {
        return false;
    }

    /** Whether nobody else can be elected, whatever the controllers do. */
    boolean isAlone(long self, SortedSet<Long> confirmed, boolean changing) {
        return !changing && confirmed.size() == 1 && confirmed.contains(self);
    }

    /** Which rule heartbeats tell of: the one in force, or the weaker one that waits for the leader. */
    AckRule toldRule(AckRule wanted) {
        return wanted;
    }

    /** Whether the weaker rule may be used: an answered heartbeat said so, sent after every one that said the stronger. */
    boolean mayWeaken(boolean answered, long heartbeat, long lastStrongHeartbeat) {
        return answered && heartbeat > lastStrongHeartbeat;
    }

    /** Whether the role may be given to a replica. */
    boolean mayHandOver(boolean hasEverything) {
        return hasEverything;
    }

    /** Whether the broker is fenced before the controllers hear that the role is given to another one. */
    boolean stopsWhenHandedOver() {
        return true;
    }

    /** Whether the agent may be master again under an epoch that was recorded before this life of its process. */
    boolean trustsOldEpoch() {
        return false;
    }
}
