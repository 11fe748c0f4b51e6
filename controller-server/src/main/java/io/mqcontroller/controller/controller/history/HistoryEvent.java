package io.mqcontroller.controller.controller.history;

import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.SyncStateSet;
import io.mqcontroller.raft.core.NodeId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Something that changed, for people. Index and ordinal are the same on every controller that saw it.
 *
 * @param index of the log's entry; of a change of the leader, the last entry that had taken effect here
 * @param ordinal of the record in that entry
 * @param term of the leader that decided it
 * @param group empty for a change of the leader
 * @param before master and set before it
 * @param after and afterwards
 * @param cause in a word
 * @param unclean the master was not in the SyncStateSet
 * @param decision what only the leader that decided it knows
 * @param leader of a change of the leader: who leads since then
 * @param replayed it was read back from this controller's own log after a start: nobody knows here when it was
 */
public record HistoryEvent(
        Kind kind,
        long index,
        int ordinal,
        long term,
        Optional<GroupKey> group,
        Roles before,
        Roles after,
        String cause,
        boolean unclean,
        Optional<Decided> decision,
        Optional<NodeId> leader,
        boolean replayed) {
    /** What kind of change. */
    public enum Kind {
        LEADER_CHANGED,
        MASTER_CHANGED,
        SYNC_STATE_SET_CHANGED,
        REPLICAS_REMOVED,
        GROUP_REMOVED
    }

    /** Who had which role in a group. */
    public record Roles(Optional<BrokerId> master, int masterEpoch, SyncStateSet syncStateSet) {
        static final Roles NONE = new Roles(Optional.empty(), 0, SyncStateSet.EMPTY);

        public Roles {
            Objects.requireNonNull(master, "master");
            Objects.requireNonNull(syncStateSet, "syncStateSet");
        }
    }

    /**
     * @param inputs what was known of each replica when it was decided
     * @param durationMs from when the leader found that it was needed until it was committed
     */
    public record Decided(List<String> inputs, OptionalLong durationMs) {
        public Decided {
            inputs = List.copyOf(inputs);
        }
    }

    public HistoryEvent {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(after, "after");
        Objects.requireNonNull(cause, "cause");
        Objects.requireNonNull(decision, "decision");
        Objects.requireNonNull(leader, "leader");
    }
}
