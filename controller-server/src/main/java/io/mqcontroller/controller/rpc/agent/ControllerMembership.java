package io.mqcontroller.controller.rpc.agent;

import io.mqcontroller.raft.core.MembershipChange;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.node.MemberState;
import io.mqcontroller.raft.node.MembershipResult;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.CompletionStage;

/** The members of the controllers' own cluster, and changes of them. Any thread; stages may complete on any. */
public interface ControllerMembership {
    /** Capability of controllers that know the record of a drain; the others stop when they read it. */
    String KNOWS_DRAIN = "records-4";

    /**
     * Why nothing can be drained yet, or empty.
     *
     * @param older controllers that have answered, and are without {@link #KNOWS_DRAIN}
     */
    static Optional<String> refusalOfDrain(SortedSet<NodeId> older) {
        return older.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "controllers " + older + " run a version that does not know of drains; upgrade them first");
    }

    RaftStatus status();

    /** Other controllers that have answered, and don't have this capability. */
    SortedSet<NodeId> without(String capability);

    MemberState state();

    /** @param address {@code host:port} for peers; behind a comma that for brokers, if it differs */
    CompletionStage<MembershipResult> addLearner(NodeId id, String address);

    CompletionStage<MembershipResult> change(MembershipChange change);

    /** Whether another controller leads now. */
    CompletionStage<Boolean> transferLeadership(Optional<NodeId> target);
}
