package io.mqcontroller.controller.liveness;

import io.mqcontroller.raft.core.NodeId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * On a member that does not lead: what its brokers told it and the leader has not heard yet, the newest of each replica.
 * Brokers may reach only some controllers; with this each of them may be the one.
 */
public final class HeartbeatRelay {
    private final NodeId self;
    private final ReplicaLiveness liveness;
    private final Queue<ReplicaLife> pending = new ArrayDeque<>();
    private final List<Long> closed = new ArrayList<>();

    public HeartbeatRelay(NodeId self, ReplicaLiveness liveness) {
        this.self = self;
        this.liveness = liveness;
    }

    /** A heartbeat of this replica was heard here. */
    public void heard(ReplicaKey key) {
        offer(liveness.find(key.group(), key.id()));
    }

    /** A connection closed here. */
    public void closed(long connection) {
        closed.add(connection);
    }

    /** There is a new leader: it needs to hear of everyone who is connected here. */
    public void startOver() {
        clear();
        for (ReplicaLife life : liveness.all()) {
            offer(life);
        }
    }

    /** There is nobody to tell. */
    public void clear() {
        pending.forEach(life -> life.relayPending = false);
        pending.clear();
        closed.clear();
    }

    public boolean hasCloses() {
        return !closed.isEmpty();
    }

    public boolean isEmpty() {
        return pending.isEmpty() && closed.isEmpty();
    }

    /** Takes out the next ones, as heard by this member. */
    public List<HeartbeatReport> takeHeartbeats(int atMost) {
        List<HeartbeatReport> taken = new ArrayList<>(Math.min(atMost, pending.size()));
        while (taken.size() < atMost && !pending.isEmpty()) {
            ReplicaLife life = pending.poll();
            life.relayPending = false;
            ReplicaLife.Path path = life.pathThrough(self);
            if (path != null && life.reported) {
                taken.add(reportOf(life, path));
            }
        }
        return taken;
    }

    /** Takes out the closed connections. */
    public List<Long> takeClosed() {
        List<Long> taken = List.copyOf(closed);
        closed.clear();
        return taken;
    }

    private void offer(ReplicaLife life) {
        if (life != null && !life.relayPending) {
            life.relayPending = true;
            pending.add(life);
        }
    }

    private static HeartbeatReport reportOf(ReplicaLife life, ReplicaLife.Path path) {
        return new HeartbeatReport(
                life.key.group(),
                life.key.id(),
                life.address,
                life.epoch,
                life.maxOffset,
                life.confirmOffset,
                life.timeoutMs,
                life.priority,
                path.connection,
                path.heardAtMs,
                life.fitness,
                life.haAddress,
                life.highestEpoch);
    }
}
