package io.mqcontroller.raft.simulation;

import java.util.PriorityQueue;

/** Virtual time, and what is due when. Appointments at the same moment are kept in the order in which they were made. */
public final class SimClock {
    private record Appointment(long atUs, long order, Runnable action) implements Comparable<Appointment> {
        @Override
        public int compareTo(Appointment other) {
            return atUs != other.atUs ? Long.compare(atUs, other.atUs) : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Appointment> agenda = new PriorityQueue<>();
    private long nowUs;
    private long order;

    public long nowUs() {
        return nowUs;
    }

    public void after(long delayUs, Runnable action) {
        agenda.add(new Appointment(nowUs + Math.max(0, delayUs), order++, action));
    }

    /** Goes on to the next appointment and keeps it; false if there is none. */
    public boolean runNext() {
        Appointment next = agenda.poll();
        if (next == null) {
            return false;
        }
        nowUs = next.atUs;
        next.action.run();
        return true;
    }
}
