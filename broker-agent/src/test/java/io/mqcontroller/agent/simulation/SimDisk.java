package io.mqcontroller.agent.simulation;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Effect;
import io.mqcontroller.raft.core.Entry;
import io.mqcontroller.raft.core.HardState;
import io.mqcontroller.raft.core.RecoveredState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** A controller's disk. Raft's own simulation is about disks; here it is enough that a crash loses what was not synced. */
final class SimDisk {
    private final List<Entry> entries = new ArrayList<>();
    private final Deque<Effect.Persist> unsynced = new ArrayDeque<>();
    private HardState hardState = HardState.INITIAL;

    void write(Effect.Persist persist) {
        unsynced.add(persist);
    }

    /** The oldest write is durable now. */
    long sync() {
        Effect.Persist persist = unsynced.remove();
        persist.hardState().ifPresent(state -> hardState = state);
        persist.truncateFrom().ifPresent(from -> entries.removeIf(entry -> entry.index() >= from));
        entries.addAll(persist.append());
        return persist.sequence();
    }

    void crash() {
        unsynced.clear();
    }

    RecoveredState recover() {
        return new RecoveredState(hardState, Optional.empty(), Bytes.EMPTY, entries);
    }
}
