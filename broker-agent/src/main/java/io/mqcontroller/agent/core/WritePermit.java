package io.mqcontroller.agent.core;

import io.mqcontroller.agent.core.AgentAction.Note.Kind;
import java.util.SortedSet;

/**
 * Until when the broker may take writes. There are three sources, of which the latest counts: a lease of the controllers, being
 * alone by record, the confirmation of all peers. None counts before the agent's own promise to a peer has run out. The permit
 * is a time, not a command: a process that was frozen wakes up fenced.
 */
final class WritePermit {
    static final long FENCED = Long.MIN_VALUE;

    private final Memory memory;
    private final SyncStateSetKeeper keeper;
    private final PeerConfirmation peers;
    private final Promises promises;
    private long leaseUntilMs = FENCED;
    private long leaseAskedMs = FENCED;
    private int leaseEpoch = Memory.NO_EPOCH;
    private long allowedUntilMs = FENCED;
    private int allowedEpoch = Memory.NO_EPOCH;
    private long fencings;

    WritePermit(Memory memory, SyncStateSetKeeper keeper, PeerConfirmation peers, Promises promises) {
        this.memory = memory;
        this.keeper = keeper;
        this.peers = peers;
        this.promises = promises;
    }

    void onLease(long askedMs, long spanMs) {
        if (leaseEpoch != memory.roleEpoch) {
            leaseUntilMs = FENCED;
            leaseAskedMs = FENCED;
            leaseEpoch = memory.roleEpoch;
        }
        long untilMs = memory.rules.grantedUntilMs(askedMs, memory.nowMs, spanMs, memory.settings.driftMs(spanMs));
        leaseUntilMs = Math.max(leaseUntilMs, untilMs);
        leaseAskedMs = Math.max(leaseAskedMs, askedMs);
    }

    long leaseUntilMs() {
        return leaseEpoch == memory.roleEpoch ? leaseUntilMs : FENCED;
    }

    /** When the lease will be so old that peers should be asked; in the past without one. */
    long leaseStaleMs() {
        return leaseEpoch == memory.roleEpoch && leaseAskedMs != FENCED
                ? leaseAskedMs + memory.settings.leaseMs() / 2
                : FENCED;
    }

    boolean isAlone() {
        SortedSet<Long> confirmed = keeper.confirmed().members();
        return memory.rules.isAlone(memory.brokerId, confirmed, keeper.isChanging());
    }

    long allowedUntilMs() {
        return allowedUntilMs;
    }

    long fencings() {
        return fencings;
    }

    long dueMs() {
        if (!memory.isMaster()) {
            return Long.MAX_VALUE;
        }
        if (memory.nowMs < promises.untilMs()) {
            return promises.untilMs();
        }
        return allowedUntilMs == FENCED ? Long.MAX_VALUE : allowedUntilMs;
    }

    private long untilMs() {
        if (!memory.isMaster() || memory.stopping || memory.nowMs < promises.untilMs()) {
            return FENCED;
        }
        long untilMs =
                switch (memory.settings.leaseMode()) {
                    case AVAILABLE -> Long.MAX_VALUE;
                    case STRICT -> leaseUntilMs();
                    case SAFE -> isAlone() ? Long.MAX_VALUE : Math.max(leaseUntilMs(), peers.confirmedUntilMs());
                };
        return untilMs > memory.nowMs ? untilMs : FENCED;
    }

    /** Tells the broker what has changed; called when all else of a step is known. */
    void refresh() {
        long untilMs = untilMs();
        boolean sameEpoch = allowedEpoch == memory.roleEpoch;
        if (untilMs == allowedUntilMs && (sameEpoch || untilMs == FENCED)) {
            return;
        }
        boolean wasFenced = allowedUntilMs == FENCED;
        if (untilMs == FENCED) {
            fencings++;
            String reason = memory.isMaster() ? whyNot() : "not master: " + memory.state;
            memory.actions.addFirst(new AgentAction.Fence(reason));
            memory.actions.note(Kind.FENCED, reason);
        } else if (untilMs < allowedUntilMs) {
            memory.actions.addFirst(new AgentAction.AllowWrites(memory.roleEpoch, untilMs));
        } else {
            memory.actions.add(new AgentAction.AllowWrites(memory.roleEpoch, untilMs));
        }
        if (wasFenced) {
            memory.actions.note(Kind.WRITABLE, "under epoch " + memory.roleEpoch);
        }
        allowedUntilMs = untilMs;
        allowedEpoch = memory.roleEpoch;
    }

    private String whyNot() {
        if (memory.stopping) {
            return "the agent stops";
        }
        if (memory.nowMs < promises.untilMs()) {
            return "it has promised a peer to keep still";
        }
        return memory.settings.leaseMode() == LeaseMode.STRICT
                ? "no lease of the controllers"
                : "no lease of the controllers, and not all of " + keeper.acking() + " confirm";
    }
}
