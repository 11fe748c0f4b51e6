package io.mqcontroller.agent.runtime;

import io.mqcontroller.agent.spi.BrokerReplica;
import java.util.concurrent.TimeUnit;

/**
 * Whether the broker's store is fit for a master, from the last probe. A probe that does not come back tells as much as one
 * that fails: the disk hangs.
 */
final class StoreProbe implements Runnable {
    private static final long HANGS_AFTER_MS = 5_000;

    private final BrokerReplica replica;
    private volatile String unfit = "";
    private volatile long beganNanos;
    private volatile boolean running;

    StoreProbe(BrokerReplica replica) {
        this.replica = replica;
    }

    /** Blocks as long as the store does. */
    @Override
    public void run() {
        beganNanos = System.nanoTime();
        running = true;
        try {
            unfit = replica.probe().orElse("");
        } catch (RuntimeException e) {
            unfit = "the store could not be probed: " + e;
        } finally {
            running = false;
        }
    }

    /** Why this replica should not be master; empty: no reason. */
    String unfit() {
        boolean hangs = running && System.nanoTime() - beganNanos > TimeUnit.MILLISECONDS.toNanos(HANGS_AFTER_MS);
        return hangs ? "the store does not answer" : unfit;
    }
}
