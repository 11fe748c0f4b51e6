package io.mqcontroller.agent.core;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/** Agents with one of their {@link Rules} broken, for the simulation to find. */
public enum MutatedRule {
    NONE(new Rules()),
    GRANT_COUNTED_FROM_THE_ANSWER(new Rules() {
        @Override
        long grantedUntilMs(long askedMs, long answeredMs, long spanMs, long driftMs) {
            return answeredMs + spanMs - driftMs;
        }
    }),
    GRANT_TOO_LONG(new Rules() {
        @Override
        long grantedUntilMs(long askedMs, long answeredMs, long spanMs, long driftMs) {
            return askedMs + 3 * spanMs / 2;
        }
    }),
    PROMISE_FORGOTTEN(new Rules() {
        @Override
        long promisedUntilMs(long nowMs, long spanMs, long driftMs) {
            return WritePermit.FENCED;
        }

        @Override
        long promisedAtStartUntilMs(long nowMs, long spanMs, long driftMs) {
            return nowMs + spanMs + driftMs;
        }
    }),
    NO_PROMISE_AT_START(new Rules() {
        @Override
        long promisedAtStartUntilMs(long nowMs, long spanMs, long driftMs) {
            return WritePermit.FENCED;
        }
    }),
    NO_PROMISE_BINDS(new Rules() {
        @Override
        boolean binds(AckRule rule) {
            return false;
        }
    }),
    ENDED_BY_SILENCE(new Rules() {
        @Override
        boolean ends(int promisedEpoch, boolean confirmed, int knownEpoch) {
            return true;
        }
    }),
    ONE_PEER_IS_ENOUGH(new Rules() {
        @Override
        long allConfirmUntilMs(Collection<Long> untilMs) {
            return Collections.max(untilMs);
        }
    }),
    ONLY_AGENTS_CONFIRM(new Rules() {
        @Override
        boolean mustConfirm(boolean hasAgent) {
            return hasAgent;
        }
    }),
    UNION_LEFT_OUT(new Rules() {
        @Override
        SortedSet<Long> acking(SortedSet<Long> confirmed, Collection<SortedSet<Long>> mayBeInForce) {
            return new TreeSet<>(confirmed);
        }
    }),
    SHRUNK_WITHOUT_CONFIRMATION(new Rules() {
        @Override
        SortedSet<Long> acking(SortedSet<Long> confirmed, Collection<SortedSet<Long>> mayBeInForce) {
            for (SortedSet<Long> other : mayBeInForce) {
                if (confirmed.containsAll(other)) {
                    return new TreeSet<>(other);
                }
            }
            return super.acking(confirmed, mayBeInForce);
        }
    }),
    JOINS_BEFORE_CAUGHT_UP(new Rules() {
        @Override
        boolean hasCaughtUp(long ackOffset, long offsetWhenCounted) {
            return true;
        }
    }),
    DONE_BEFORE_THE_SWITCH(new Rules() {
        @Override
        boolean isDoneWhenBegun() {
            return true;
        }
    }),
    STALE_VIEW_FOLLOWED(new Rules() {
        @Override
        boolean follows(GroupView told, GroupView known, int knownMasterEpoch) {
            return true;
        }

        @Override
        boolean isCurrent(int masterEpoch, int knownMasterEpoch) {
            return true;
        }
    }),
    ALONE_WHILE_CHANGING(new Rules() {
        @Override
        boolean isAlone(long self, SortedSet<Long> confirmed, boolean changing) {
            return super.isAlone(self, confirmed, false);
        }
    }),
    PROMISE_TOO_SHORT(new Rules() {
        @Override
        long promisedUntilMs(long nowMs, long spanMs, long driftMs) {
            return nowMs + spanMs / 2;
        }
    }),
    WEAKER_THAN_TOLD(new Rules() {
        @Override
        AckRule toldRule(AckRule wanted) {
            return AckRule.ALL_IN_SYNC;
        }

        @Override
        boolean mayWeaken(boolean answered, long heartbeat, long lastStrongHeartbeat) {
            return true;
        }
    }),
    HANDS_OVER_TOO_EARLY(new Rules() {
        @Override
        boolean mayHandOver(boolean hasEverything) {
            return true;
        }
    }),
    WRITES_AFTER_HANDING_OVER(new Rules() {
        @Override
        boolean stopsWhenHandedOver() {
            return false;
        }
    }),
    ADMITS_WHILE_BOUND(new Rules() {
        @Override
        boolean admits(boolean bound) {
            return true;
        }
    }),
    TRUSTS_OLD_EPOCH(new Rules() {
        @Override
        boolean trustsOldEpoch() {
            return true;
        }
    });

    private final transient Rules rules;

    MutatedRule(Rules rules) {
        this.rules = rules;
    }

    /** An agent that goes by these rules. */
    public AgentCore agent(AgentSettings settings) {
        return new AgentCore(settings, rules);
    }
}
