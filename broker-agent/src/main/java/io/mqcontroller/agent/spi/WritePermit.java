package io.mqcontroller.agent.spi;

/**
 * Until when, and under which masterEpoch, the broker may take writes. The agent moves the end forward; nobody has to tell the
 * broker when it has come, so a process that was frozen, or an agent that hangs, leaves a broker that refuses writes by
 * itself.
 *
 * <p>A write is safe when the broker does this, on whatever thread:
 *
 * <pre>
 * long ticket = permit.enter();
 * if (ticket == WritePermit.REFUSED) refuse;       // before anything is stored
 * store it, wait for replicas
 * if (!permit.holds(ticket)) answer with an error; // it is stored, and must not be acknowledged
 * </pre>
 *
 * <p>The ticket is the masterEpoch of the write's beginning. A write that began under one epoch is never acknowledged under
 * another: in between its message may have been truncated.
 */
public final class WritePermit {
    /** Ticket of a write that must not begin. */
    public static final long REFUSED = -1;

    /** {@code epoch} 0: nothing may be written, whatever the time. */
    private record Term(long epoch, boolean endless, long endsAtNanos) {}

    private static final Term NONE = new Term(0, false, 0);

    private volatile Term term = NONE;
    private volatile boolean paused;

    /** The ticket of a write that begins now, or {@link #REFUSED}. */
    public long enter() {
        Term now = term;
        return runs(now) && !paused ? now.epoch() : REFUSED;
    }

    /** Whether a write that has entered may still be appended, although no other one may begin. */
    public boolean mayAppend() {
        return runs(term);
    }

    /** Whether a write with this ticket may be acknowledged now. */
    public boolean holds(long ticket) {
        Term now = term;
        return now.epoch() == ticket && runs(now);
    }

    /** Milliseconds left; 0 when it has run out or was never given, {@link Long#MAX_VALUE} when it has no end. */
    public long remainingMs() {
        Term now = term;
        if (!runs(now)) {
            return 0;
        }
        return now.endless() ? Long.MAX_VALUE : (now.endsAtNanos() - System.nanoTime()) / 1_000_000;
    }

    /**
     * The agent's thread only.
     *
     * @param epoch masterEpoch under which the broker is master, above 0
     * @param endsAtNanos on the clock of {@link System#nanoTime()}
     */
    public void grant(long epoch, long endsAtNanos) {
        term = new Term(positive(epoch), false, endsAtNanos);
    }

    /** A permit that ends only when the agent revokes it. The agent's thread only. */
    public void grantWithoutEnd(long epoch) {
        term = new Term(positive(epoch), true, 0);
    }

    /** No write from now on. The agent's thread only. */
    public void revoke() {
        term = NONE;
    }

    /** No write begins from now on; those that have begun may end. The agent's thread only. */
    public void pause() {
        paused = true;
    }

    /** The end of {@link #pause}. The agent's thread only. */
    public void resume() {
        paused = false;
    }

    private static boolean runs(Term term) {
        return term.epoch() > 0 && (term.endless() || term.endsAtNanos() - System.nanoTime() > 0);
    }

    private static long positive(long epoch) {
        if (epoch <= 0) {
            throw new IllegalArgumentException("a masterEpoch is above 0, this one is " + epoch);
        }
        return epoch;
    }
}
