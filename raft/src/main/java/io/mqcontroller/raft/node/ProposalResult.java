package io.mqcontroller.raft.node;

import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.Rejection;
import java.util.Optional;

/** What became of a proposal. A caller must act differently on each. */
public sealed interface ProposalResult {
    /** Committed; given to {@link StateMachine#apply} before (once, even if proposed twice). */
    record Done(LogPosition position) implements ProposalResult {}

    /** Did not happen and will not. */
    record NotDone(Rejection reason, Optional<NodeId> leader) implements ProposalResult {}

    /** May have happened, or may still happen: leadership was lost on the way, or this node is stopping. */
    record Unknown() implements ProposalResult {}
}
