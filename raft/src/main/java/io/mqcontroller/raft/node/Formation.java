package io.mqcontroller.raft.node;

import io.mqcontroller.raft.core.HardState;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftSettings;
import io.mqcontroller.raft.core.RecoveredState;
import io.mqcontroller.raft.transport.Transport;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a member with a new store from taking part before it is sure that it is new, too. A member that has lost its disk
 * looks like one that starts for the first time; if it voted, what it had acknowledged could be overwritten. The others can
 * tell: each remembers, durably and before it takes anything from a member, which store that one came with ({@link
 * io.mqcontroller.raft.transport.PeerStores}).
 *
 * <p>So a member with a new store takes part only when a majority <em>of the others</em> has welcomed it with this store. Had
 * it taken part with another one, a majority of the others would know that other store; any two such majorities share a
 * member, and that one refuses. Of three members the first start needs all three, of five four.
 */
final class Formation {
    private static final Logger LOG = LoggerFactory.getLogger(Formation.class);
    private static final long GREETING_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(25);
    private static final long LINE_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final SortedSet<NodeId> others;
    private final Set<NodeId> welcomes = new ConcurrentSkipListSet<>();
    private volatile boolean done;

    /** @param others the first members of the cluster, but this one */
    Formation(SortedSet<NodeId> others) {
        this.others = new TreeSet<>(others);
        done = others.isEmpty();
    }

    /** Of a member that starts with this: it must meet nobody if its store holds anything, or was made to join a cluster. */
    static Formation of(RaftSettings settings, RecoveredState recovered) {
        boolean isNew = recovered.incarnation() == RecoveredState.BOOTSTRAPPED
                && recovered.hardState().equals(HardState.INITIAL)
                && recovered.entries().isEmpty()
                && recovered.snapshot().isEmpty();
        SortedSet<NodeId> others = new TreeSet<>();
        if (isNew) {
            others.addAll(settings.bootstrap().members().keySet());
            others.remove(settings.self());
        }
        return new Formation(others);
    }

    /** A peer takes what this member sends. Any thread. */
    void onWelcome(NodeId peer) {
        if (others.contains(peer)) {
            welcomes.add(peer);
            done |= 2 * welcomes.size() > others.size();
        }
    }

    /** Any thread. */
    boolean isDone() {
        return done;
    }

    /** Asks the others until enough have answered, or until it is to stop. Blocks. */
    void await(Transport transport, BooleanSupplier stopping) {
        long nextLineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        while (!done && !stopping.getAsBoolean()) {
            transport.greet();
            if (System.nanoTime() - nextLineNanos >= 0) {
                nextLineNanos = System.nanoTime() + LINE_PAUSE_NANOS;
                LOG.info(
                        "event=waiting_for_first_contact with={} needed={} welcomed_by={} cause=\"the store is new: this member"
                                + " votes when enough of the others have seen it\"",
                        others,
                        others.size() / 2 + 1,
                        welcomes);
            }
            LockSupport.parkNanos(this, GREETING_PAUSE_NANOS);
        }
        if (done && !others.isEmpty()) {
            LOG.info("event=first_contact_made welcomed_by={}", welcomes);
        }
    }
}
