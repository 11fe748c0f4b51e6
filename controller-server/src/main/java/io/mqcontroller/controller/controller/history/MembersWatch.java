package io.mqcontroller.controller.controller.history;

import io.mqcontroller.controller.controller.history.HistoryEvent.Kind;
import io.mqcontroller.controller.controller.history.HistoryEvent.Operation;
import io.mqcontroller.raft.core.Configuration;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Tells who came to the controllers' own cluster, and who went. Only what is committed, and not the step between the old and the
 * new voters, which nobody asked for. What was so when it looked first is no change. One thread.
 */
public final class MembersWatch {
    private final Consumer<HistoryEvent> history;
    private Configuration known = Configuration.NONE;
    private long seenIndex = -1;

    public MembersWatch(Consumer<HistoryEvent> history) {
        this.history = history;
    }

    /** Cheap while nothing changes. */
    public void look(RaftStatus status) {
        Configuration now = status.configuration();
        if (status.configurationIndex() == seenIndex
                || status.commitIndex() < status.configurationIndex()
                || now.isJoint()
                || now.members().isEmpty()) {
            return;
        }
        seenIndex = status.configurationIndex();
        String changes = known.members().isEmpty() ? "" : String.join(", ", changes(known, now));
        known = now;
        if (!changes.isEmpty()) {
            history.accept(HistoryEvent.of(
                    Kind.MEMBERS_CHANGED,
                    seenIndex,
                    0,
                    status.term(),
                    Optional.empty(),
                    false,
                    Operation.of(changes + ": " + now)));
        }
    }

    private static List<String> changes(Configuration before, Configuration now) {
        List<String> changes = new ArrayList<>();
        added(before.learners(), now.learners()).forEach(id -> changes.add(id + " joined as a learner"));
        added(before.voters(), now.voters()).forEach(id -> changes.add(id + " votes"));
        added(before.removed(), now.removed()).forEach(id -> changes.add(id + " was removed"));
        return changes;
    }

    private static SortedSet<NodeId> added(SortedSet<NodeId> before, SortedSet<NodeId> now) {
        SortedSet<NodeId> added = new TreeSet<>(now);
        added.removeAll(before);
        return added;
    }
}
