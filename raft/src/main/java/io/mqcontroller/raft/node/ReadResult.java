package io.mqcontroller.raft.node;

import io.mqcontroller.raft.core.NodeId;
import java.util.Optional;

/** Whether a read is linearizable here and now. */
public sealed interface ReadResult {
    /** Everything committed when the read was asked for, up to {@code readIndex}, was given to the state machine. */
    record Ready(long readIndex) implements ReadResult {}

    record NotLeader(Optional<NodeId> leader) implements ReadResult {}
}
