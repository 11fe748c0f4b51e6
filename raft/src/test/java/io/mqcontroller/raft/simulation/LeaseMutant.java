package io.mqcontroller.raft.simulation;

import io.mqcontroller.raft.core.Event;
import io.mqcontroller.raft.core.Message;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RoleName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Ways to be wrong about how long a leader may read alone. */
enum LeaseMutant {
    /** Clocks go slowly where somebody leads, and fast where not: by more than a lease bears. */
    WITHOUT_REGARD_TO_DRIFT {
        @Override
        Interference create() {
            Map<SimNode, Boolean> ledBefore = new HashMap<>();
            return new Interference() {
                @Override
                public List<Event> onEvents(SimNode node, List<Event> events) {
                    boolean leads = node.status().role() == RoleName.LEADER;
                    if (!Boolean.valueOf(leads).equals(ledBefore.put(node, leads))) {
                        node.clock().changeRate(leads ? -TOO_MUCH_PPM : TOO_MUCH_PPM);
                    }
                    return events;
                }
            };
        }
    },
    /** Who has answered the leader a moment ago helps to elect another one: as if that leader had asked for it. */
    VOTES_AGAINST_A_LEADER_THAT_HAS_ONE {
        @Override
        Interference create() {
            Map<SimNode, Long> heardMs = new HashMap<>();
            return new Interference() {
                @Override
                public List<Event> onEvents(SimNode node, List<Event> events) {
                    List<Event> told = new ArrayList<>(events);
                    long nowMs = node.clock().nowMs();
                    for (Event event : events) {
                        if (event instanceof Event.Received received
                                && received.message() instanceof Message.AppendEntries) {
                            heardMs.put(node, nowMs);
                        }
                    }
                    long silentMs = nowMs - heardMs.getOrDefault(node, nowMs);
                    Optional<NodeId> leader = node.status().leader();
                    if (leader.isPresent() && silentMs > node.timeoutMs() / 3) {
                        told.add(new Event.Received(
                                leader.get(),
                                new Message.TimeoutNow(node.status().term())));
                    }
                    return told;
                }
            };
        }
    };

    private static final long TOO_MUCH_PPM = 400_000;

    /** A new one for each simulation. */
    abstract Interference create();
}
