package io.mqcontroller.controller.controller.service;

import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.ClusterMetadata;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.raft.core.NodeId;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;

/**
 * All groups as this controller knows them, for people; not linearizable, and lives of later groups may be some turns newer.
 *
 * @param metadata what is committed, as far as this member has applied it
 * @param leading this member leads, so that it knows who is alive
 * @param lives of each group's replicas; none of groups of which this member, not leading, knows nothing
 */
public record Survey(
        ClusterMetadata metadata,
        boolean leading,
        long term,
        Optional<NodeId> leader,
        Map<GroupKey, SortedMap<BrokerId, Life>> lives) {
    public Survey {
        Objects.requireNonNull(metadata, "metadata");
        Objects.requireNonNull(leader, "leader");
        lives = Collections.unmodifiableMap(lives);
    }

    /** The same, with what is known of these groups' replicas as well. */
    public Survey withLives(Map<GroupKey, SortedMap<BrokerId, Life>> known) {
        return new Survey(metadata, leading, term, leader, known);
    }

    /**
     * A replica as the leader knows it.
     *
     * @param lagMs since it last had everything that its master has, or -1 if nobody says so
     * @param lagBytes that it does not have, or -1 if that is not known
     */
    public record Life(boolean alive, long lagMs, long lagBytes) {}

    /** What is known of the replicas' lives; empty if not leading. */
    public SortedMap<BrokerId, Life> livesOf(BrokerGroup group) {
        return lives.getOrDefault(group.key(), Collections.emptySortedMap());
    }
}
