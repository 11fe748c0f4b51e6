package io.mqcontroller.controller.controller.service;

import io.mqcontroller.controller.metadata.AckRule;
import java.util.Objects;
import java.util.Optional;

/**
 * What an agent is told for its heartbeat.
 *
 * @param view the group as it is; everything that it shows is committed
 * @param leaseMs the sender, as master under the epoch that its heartbeat named, may take writes for so long, counted from the
 *     moment in which it sent the heartbeat; 0: no lease
 * @param ackRule the rule that the leader counts on; the sender must not use a weaker one
 * @param handOver the sender, as that master, is to hand over
 */
public record LeaseAnswer(RoleView view, long leaseMs, AckRule ackRule, Optional<HandOverOrder> handOver) {
    public LeaseAnswer {
        Objects.requireNonNull(view, "view");
        Objects.requireNonNull(ackRule, "ackRule");
        Objects.requireNonNull(handOver, "handOver");
    }

    /** There is nothing to hand over. */
    public LeaseAnswer(RoleView view, long leaseMs, AckRule ackRule) {
        this(view, leaseMs, ackRule, Optional.empty());
    }
}
