package io.mqcontroller.controller.liveness;

import io.mqcontroller.raft.core.NodeId;
import java.util.List;

/**
 * What the leader knows of a replica's life beyond what decides, for people.
 *
 * @param haAddress from which others copy its log, or "" if that is not known
 * @param confirmOffset by its newest heartbeat, or -1
 * @param timeoutMs after which it counts as dead without one
 * @param through the controllers to which it has a connection
 */
public record LifeView(String haAddress, long confirmOffset, long timeoutMs, List<NodeId> through) {
    public LifeView {
        through = List.copyOf(through);
    }
}
