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
 * @param operation of what is neither an election nor a change of a set
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
        boolean replayed,
        Optional<Operation> operation) {
    /** What kind of change. */
    public enum Kind {
        LEADER_CHANGED,
        MASTER_CHANGED,
        SYNC_STATE_SET_CHANGED,
        REPLICAS_REMOVED,
        GROUP_REMOVED,
        REPLICA_DRAINED,
        REPLICA_UNDRAINED,
        /** Of the controllers themselves. */
        MEMBERS_CHANGED,
        /** From here on: on one controller only, which alone tells it. */
        CONFIG_CHANGED,
        CONTROLLER_DRAINED,
        CONTROLLER_UNDRAINED,
        OPERATOR_ASKED
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
     * What an operator had done.
     *
     * @param what for people; empty if the rest says it
     * @param replica that is meant
     * @param on the controller that was asked, if it is not replicated
     * @param by where whoever asked is; empty if this controller does not know
     * @param change of the configuration
     */
    public record Operation(
            String what, Optional<BrokerId> replica, Optional<NodeId> on, String by, Optional<ConfigChange> change) {
        public Operation {
            Objects.requireNonNull(what, "what");
            Objects.requireNonNull(replica, "replica");
            Objects.requireNonNull(on, "on");
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(change, "change");
        }

        /** Of one replica, and replicated. */
        static Operation of(BrokerId replica) {
            return new Operation("", Optional.of(replica), Optional.empty(), "", Optional.empty());
        }

        /** Replicated. */
        static Operation of(String what) {
            return new Operation(what, Optional.empty(), Optional.empty(), "", Optional.empty());
        }
    }

    /** A key that has another value; secrets are left out. */
    public record ConfigChange(String key, String before, String after) {}

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
        Objects.requireNonNull(operation, "operation");
    }

    /** Of a group or of the leader. */
    public HistoryEvent(
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
        this(
                kind,
                index,
                ordinal,
                term,
                group,
                before,
                after,
                cause,
                unclean,
                decision,
                leader,
                replayed,
                Optional.empty());
    }

    /** What an operator had done. */
    static HistoryEvent of(
            Kind kind,
            long index,
            int ordinal,
            long term,
            Optional<GroupKey> group,
            boolean replayed,
            Operation operation) {
        return new HistoryEvent(
                kind,
                index,
                ordinal,
                term,
                group,
                Roles.NONE,
                Roles.NONE,
                "operator",
                false,
                Optional.empty(),
                Optional.empty(),
                replayed,
                Optional.of(operation));
    }
}
