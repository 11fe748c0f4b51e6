package io.mqcontroller.agent.core;

/**
 * The end of an agent. A master stops taking writes, waits a moment for another member of its set to have all it has, and then
 * gives its role back, so that the next one can begin at once.
 */
final class Farewell {
    private static final long CATCH_UP_MS = 1_000;
    private static final long RESIGN_MS = 2_000;
    private static final long LOOK_MS = 10;

    private final Memory memory;
    private final LeaderSearch search;
    private final SyncStateSetKeeper keeper;
    private final RoleSwitch roles;
    private final Heartbeats heartbeats;
    private Phase phase = Phase.NONE;
    private long dueMs = Long.MAX_VALUE;
    private long lookedMs;
    private int heldEpoch = Memory.NO_EPOCH;

    private enum Phase {
        NONE,
        CATCHING_UP,
        RESIGNING,
        OVER
    }

    Farewell(Memory memory, LeaderSearch search, SyncStateSetKeeper keeper, RoleSwitch roles, Heartbeats heartbeats) {
        this.memory = memory;
        this.search = search;
        this.keeper = keeper;
        this.roles = roles;
        this.heartbeats = heartbeats;
    }

    void begin() {
        if (memory.stopping) {
            return;
        }
        boolean elected = memory.isRegistered() && roles.isElected();
        boolean wrote = memory.isMaster();
        heldEpoch = memory.view.masterEpoch();
        memory.stopping = true;
        if (wrote) {
            roles.leaveRole("the agent stops");
        }
        if (!elected) {
            end();
            return;
        }
        phase = Phase.CATCHING_UP;
        lookedMs = memory.nowMs;
        dueMs = memory.nowMs + (wrote ? CATCH_UP_MS : 0);
    }

    long dueMs() {
        return phase == Phase.CATCHING_UP ? Math.min(dueMs, lookedMs + LOOK_MS) : dueMs;
    }

    /** Only with a report that was made after the broker was fenced. */
    void onReport() {
        lookedMs = memory.nowMs;
        if (phase == Phase.CATCHING_UP && keeper.somebodyElseHasAll()) {
            resign();
        }
    }

    void advance() {
        if (phase == Phase.CATCHING_UP && memory.nowMs >= dueMs) {
            resign();
        }
        boolean replaced = memory.knownMasterEpoch > heldEpoch;
        if (phase == Phase.RESIGNING && (memory.nowMs >= dueMs || replaced)) {
            end();
        }
    }

    private void resign() {
        phase = Phase.RESIGNING;
        dueMs = memory.nowMs + RESIGN_MS;
        memory.resignedEpoch = heldEpoch;
        heartbeats.soon();
    }

    /** The leader has answered this heartbeat. */
    void onAnswered(long heartbeat) {
        if (phase == Phase.RESIGNING && heartbeats.hasResigned(heartbeat)) {
            end();
        }
    }

    private void end() {
        phase = Phase.OVER;
        dueMs = Long.MAX_VALUE;
        search.stop();
        memory.become(AgentState.STOPPED, "nothing is held any more");
        memory.actions.add(new AgentAction.Stopped());
    }
}
