package io.mqcontroller.raft.simulation;

import java.util.Locale;

/** One thing that goes wrong in a run, by which it can be named again: the {@code number}-th of its kind. */
record Incident(Kind kind, int number) {
    enum Kind {
        CRASH,
        NEW_LEADER_STRIKE,
        PARTITION,
        PAUSE,
        TRANSFER,
        SLOW_DISK,
        FULL_DISK,
        SYNC_FAILURE,
        STORE_DAMAGE,
        LOST_DISK,
        SNAPSHOT_DAMAGE,
        CLOCK_CHANGE,
        MEMBERSHIP,
        MAJORITIES_PARTED,
        LEASE_CORNERED
    }

    /** What it takes to repeat this one alike, whatever else happens in the run. */
    Chance diceOf(long seed) {
        return new Chance(Trace.mix(Trace.mix(seed, kind.name().hashCode()), number));
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + "-" + number;
    }
}
