package io.mqcontroller.raft.core;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A member as it is at one moment, for metrics, status answers and tests. {@code applied <= commit}, {@code applied <=
 * durable}, {@code snapshot.index <= applied}.
 *
 * @param ready a leader whose first own entry is committed and applied
 * @param last end of the log in memory
 * @param durableIndex end of the log on disk
 * @param followers of a leader: how far each of the other members is; empty on others
 * @param health what this member says of its store
 * @param configuration the one in force: the newest in the log, committed or not
 * @param configurationIndex where it stands in the log, or the end of the snapshot that it came with; 0 for the first boot's
 */
public record RaftStatus(
        NodeId self,
        RoleName role,
        boolean ready,
        long term,
        Optional<NodeId> leader,
        long commitIndex,
        long appliedIndex,
        LogPosition last,
        long durableIndex,
        LogPosition snapshot,
        long uncommittedBytes,
        List<FollowerStatus> followers,
        StoreHealth health,
        Configuration configuration,
        long configurationIndex) {
    /** Of a member whose store is sound. */
    public RaftStatus(
            NodeId self,
            RoleName role,
            boolean ready,
            long term,
            Optional<NodeId> leader,
            long commitIndex,
            long appliedIndex,
            LogPosition last,
            long durableIndex,
            LogPosition snapshot,
            long uncommittedBytes,
            List<FollowerStatus> followers) {
        this(
                self,
                role,
                ready,
                term,
                leader,
                commitIndex,
                appliedIndex,
                last,
                durableIndex,
                snapshot,
                uncommittedBytes,
                followers,
                StoreHealth.SOUND,
                Configuration.NONE,
                0);
    }

    public RaftStatus {
        Objects.requireNonNull(self, "self");
        Objects.requireNonNull(configuration, "configuration");
        followers = List.copyOf(followers);
    }

    /**
     * @param matchIndex the follower holds the log durably up to here
     * @param lastHeardMs monotonic time of its last answer, or {@code Long.MIN_VALUE} if it never answered this leader
     * @param lagMs time since what it holds was the leader's whole log, or since the leader took over; 0 if it still is
     * @param receivingSnapshot it is too far behind for entries
     */
    public record FollowerStatus(
            NodeId id,
            long matchIndex,
            long nextIndex,
            int inflight,
            long lastHeardMs,
            long lagMs,
            boolean receivingSnapshot) {}
}
