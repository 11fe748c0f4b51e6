package io.mqcontroller.controller.controller.service;

import io.mqcontroller.controller.metadata.Refusal;
import io.mqcontroller.raft.core.NodeId;
import java.util.Optional;

/** Answer of a use case: done, refused, not here, or unknown. */
public sealed interface Reply<T> {
    /** It holds, and survives the loss of any minority of controllers. */
    record Done<T>(T value) implements Reply<T> {}

    /** Nothing was changed. {@code message} says what, where, and what would be right. */
    record Refused<T>(Refusal refusal, String message) implements Reply<T> {}

    /** This member does not lead, or cannot prove it. Nothing was changed. */
    record NotLeader<T>(Optional<NodeId> leader) implements Reply<T> {}

    /** It may have happened: leadership was lost on the way. Ask again. */
    record Indeterminate<T>(String message) implements Reply<T> {}
}
