package io.mqcontroller.controller.liveness;

import io.mqcontroller.controller.metadata.Fitness;
import io.mqcontroller.controller.metadata.ReplicaReport;
import io.mqcontroller.raft.core.NodeId;
import java.util.ArrayList;
import java.util.List;

/** What is known of one replica. Mutable and owned by {@link ReplicaLiveness}: a heartbeat must cost next to nothing. */
final class ReplicaLife {
    static final long NEVER = Long.MIN_VALUE;

    final ReplicaKey key;
    final List<Path> paths = new ArrayList<>(3);
    String address = "";
    int epoch = -1;
    int highestEpoch = -1;
    long maxOffset = -1;
    long confirmOffset = -1;
    int priority = Integer.MAX_VALUE;
    long timeoutMs;
    Fitness fitness = Fitness.FIT;
    String haAddress = "";

    /** When the newest heartbeat was heard. */
    long heardAtMs = NEVER;

    /** The one meaning of "alive": set by heartbeats and introductions, cleared when the deadline fires, or by a restart. */
    boolean alive;

    /** Taken for alive by a new leader, which has not heard of it. */
    boolean presumed;

    /** Whether a heartbeat came since the replica was introduced or restarted: before that its offsets are not known. */
    boolean reported;

    /** When it restarted as master, or {@link #NEVER} once it is back: heartbeats from before do not count. */
    long restartedAtMs = NEVER;

    long deadlineMs;

    /** The due time under which it stands in the deadline queue; never above {@code deadlineMs} while it is alive. */
    long queuedDueMs = Long.MAX_VALUE;

    /** Waits to be told to the leader. */
    boolean relayPending;

    ReplicaLife(ReplicaKey key, long timeoutMs) {
        this.key = key;
        this.timeoutMs = timeoutMs;
    }

    boolean isRestarting() {
        return restartedAtMs != NEVER;
    }

    void forgetOffsets() {
        epoch = -1;
        maxOffset = -1;
        confirmOffset = -1;
        reported = false;
    }

    ReplicaReport report(long nowMs) {
        return new ReplicaReport(alive, epoch, highestEpoch, maxOffset, priority, silentMs(nowMs), fitness);
    }

    /** Time since the newest heartbeat, or -1 without one. */
    long silentMs(long nowMs) {
        return heardAtMs == NEVER ? -1 : Math.max(0, nowMs - heardAtMs);
    }

    Path pathThrough(NodeId node) {
        for (int i = 0; i < paths.size(); i++) {
            if (paths.get(i).node.equals(node)) {
                return paths.get(i);
            }
        }
        return null;
    }

    /** Whether this is its newest connection to that member. */
    boolean isOn(NodeId node, long connection) {
        Path path = pathThrough(node);
        return path != null && path.connection == connection;
    }

    /** Whether any controller still hears it over an open connection. A path that has fallen silent is not counted. */
    boolean isConnected(long nowMs) {
        return nowMs <= connectedUntilMs();
    }

    /** Until when it counts as connected if nothing more is heard, or {@link #NEVER} without an open connection. */
    long connectedUntilMs() {
        long untilMs = NEVER;
        for (Path path : paths) {
            untilMs = Math.max(untilMs, path.heardAtMs + timeoutMs / 3);
        }
        return untilMs;
    }

    /** The newest open connection between the replica and one controller. */
    static final class Path {
        final NodeId node;
        long connection;
        long heardAtMs;

        Path(NodeId node, long connection, long heardAtMs) {
            this.node = node;
            this.connection = connection;
            this.heardAtMs = heardAtMs;
        }
    }
}
