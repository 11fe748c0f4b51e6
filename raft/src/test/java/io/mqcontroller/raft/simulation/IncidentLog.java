package io.mqcontroller.raft.simulation;

import java.util.ArrayList;
import java.util.List;

/** The incidents of a run, with when they began and what they did. */
final class IncidentLog {
    /** @param what one line for people */
    record Happened(Incident incident, long atUs, String what) {
        @Override
        public String toString() {
            return String.format("%12.3f ms  %-20s %s", atUs / 1e3, incident, what);
        }
    }

    private final List<Happened> all = new ArrayList<>();

    void add(Incident incident, long atUs, String what) {
        all.add(new Happened(incident, atUs, what));
    }

    List<Happened> all() {
        return List.copyOf(all);
    }
}
