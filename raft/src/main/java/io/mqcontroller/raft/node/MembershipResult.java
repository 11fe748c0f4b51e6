package io.mqcontroller.raft.node;

import io.mqcontroller.raft.core.Configuration;
import io.mqcontroller.raft.core.MembershipRejection;
import io.mqcontroller.raft.core.NodeId;
import java.util.Optional;

/** What became of a change of the members. */
public sealed interface MembershipResult {
    /** Committed; {@code configuration} came of it. */
    record Done(Configuration configuration) implements MembershipResult {}

    /** Nothing was changed, and will not be by this request. */
    record NotDone(MembershipRejection reason, Optional<NodeId> leader) implements MembershipResult {}

    /** Nothing was changed: the one to be added was not reached or is not fit, or a member is of an older version. */
    record NotAdmitted(String reason) implements MembershipResult {}

    /** Leadership was lost, or the node stopped, before the change was committed: it may happen, or not. */
    record Unknown() implements MembershipResult {}
}
