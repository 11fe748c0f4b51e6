package io.mqcontroller.agent.core;

/**
 * Whether the master that this slave follows is gone. A leader of the controllers that is new has not heard that master yet, and would
 * have to give it some seconds to show up; so whoever has just found the leader looks whether anybody listens at the master's address. Only
 * a refusal counts: silence may be the network's.
 */
final class MasterWatch {
    private static final long PERIOD_MS = 200;

    /** For so long a new leader takes a master for alive that it does not hear. */
    private static final long LOOKS_ON_MS = 3_000;

    private final Memory memory;
    private final LeaderSearch search;
    private final Heartbeats heartbeats;
    private long leaderFoundMs = Memory.NEVER;
    private long dueMs = Long.MAX_VALUE;
    private long knocks;
    private long answered;
    private int askedUnder = Memory.NO_EPOCH;

    MasterWatch(Memory memory, LeaderSearch search, Heartbeats heartbeats) {
        this.memory = memory;
        this.search = search;
        this.heartbeats = heartbeats;
    }

    void onLeaderFound() {
        leaderFoundMs = memory.nowMs;
        dueMs = memory.nowMs;
        memory.masterGoneEpoch = Memory.NO_EPOCH;
    }

    private boolean follows() {
        return memory.state == AgentState.SLAVE
                && !memory.stopping
                && memory.roleEpoch == memory.view.masterEpoch()
                && memory.view.master() != memory.brokerId
                && memory.replica(memory.view.master()).isPresent();
    }

    private boolean looks() {
        return follows() && search.isWithLeader() && memory.nowMs - LOOKS_ON_MS < leaderFoundMs;
    }

    long dueMs() {
        return looks() ? dueMs : Long.MAX_VALUE;
    }

    void advance() {
        if (memory.nowMs < dueMs()) {
            return;
        }
        dueMs = memory.nowMs + PERIOD_MS;
        askedUnder = memory.roleEpoch;
        String address = memory.replica(memory.view.master()).orElseThrow().address();
        memory.actions.add(new AgentAction.Knock(++knocks, address));
    }

    /** An answer under an older epoch is about another master. */
    void onKnocked(AgentEvent.Knocked knocked) {
        if (knocked.number() <= answered || !follows() || askedUnder != memory.roleEpoch) {
            return;
        }
        answered = knocked.number();
        int goneEpoch = knocked.refused() ? memory.roleEpoch : Memory.NO_EPOCH;
        if (goneEpoch != memory.masterGoneEpoch) {
            memory.masterGoneEpoch = goneEpoch;
            heartbeats.soon();
        }
    }
}
