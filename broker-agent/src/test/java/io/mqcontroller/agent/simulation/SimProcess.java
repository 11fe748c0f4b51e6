package io.mqcontroller.agent.simulation;

import io.mqcontroller.raft.simulation.Chance;
import io.mqcontroller.raft.simulation.SimClock;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A process on a machine of its own: with a clock that is not quite right, lives that end and begin, and pauses after which it
 * goes on as if nothing had happened, first of all with what waited for it.
 */
abstract class SimProcess {
    final Simulation simulation;
    final String name;
    final Chance chance;
    private final SimClock time;
    private final long ratePpm;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private long originUs;
    private long startedUs;
    private int life;
    private boolean running;
    private boolean paused;

    SimProcess(Simulation simulation, String name, Chance chance) {
        this.simulation = simulation;
        this.name = name;
        this.chance = chance;
        this.time = simulation.time();
        long driftPpm = simulation.plan().driftPpm();
        this.ratePpm = chance.oneOf(-driftPpm, 0L, driftPpm);
    }

    /** Its own monotonic clock, in ms, rounded down. */
    final long nowMs() {
        long runUs = time.nowUs() - startedUs;
        return (originUs + runUs + runUs * ratePpm / 1_000_000) / 1_000;
    }

    /** The true time at which its own clock will show this, in µs. */
    final long trueUs(long ownMs) {
        return startedUs + Math.round((ownMs * 1_000.0 - originUs) / (1 + ratePpm / 1_000_000.0));
    }

    final boolean isRunning() {
        return running;
    }

    final boolean isPaused() {
        return paused;
    }

    /** Counts its starts. */
    public final int life() {
        return life;
    }

    final void start() {
        if (running) {
            return;
        }
        life++;
        running = true;
        paused = false;
        originUs = chance.between(0, 1_000_000_000L);
        startedUs = time.nowUs();
        simulation.note(name, "starts");
        begin();
    }

    final void crash() {
        if (!running) {
            return;
        }
        simulation.note(name, "crashes");
        running = false;
        paused = false;
        waiting.clear();
        end();
        simulation.network().died(this);
    }

    final void pause() {
        if (running && !paused) {
            simulation.note(name, "is paused");
            paused = true;
        }
    }

    final void resume() {
        if (running && paused) {
            simulation.note(name, "goes on");
            paused = false;
            while (!waiting.isEmpty() && running && !paused) {
                waiting.remove().run();
            }
        }
    }

    /** Something reaches the process, in this life of it or not at all. */
    final void deliver(int ofLife, Runnable what) {
        if (!running || ofLife != life) {
            return;
        }
        if (paused) {
            waiting.add(what);
        } else {
            what.run();
        }
    }

    /** Later, by true time, if the process lives until then. */
    final void after(long delayUs, Runnable what) {
        int ofLife = life;
        time.after(delayUs, () -> deliver(ofLife, what));
    }

    abstract void begin();

    abstract void end();
}
