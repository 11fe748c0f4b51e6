package io.mqcontroller.controller.controller;

import io.mqcontroller.controller.metadata.AckRule;
import java.util.Objects;

/**
 * What an agent is told for its heartbeat.
 *
 * @param view the group as it is; everything that it shows is committed
 * @param leaseMs the sender, as master under the epoch that its heartbeat named, may take writes for so long, counted from the
 *     moment in which it sent the heartbeat; 0: no lease
 * @param ackRule the rule that the leader counts on; the sender must not use a weaker one
 */
public record LeaseAnswer(RoleView view, long leaseMs, AckRule ackRule) {
    public LeaseAnswer {
        Objects.requireNonNull(view, "view");
        Objects.requireNonNull(ackRule, "ackRule");
    }
}
