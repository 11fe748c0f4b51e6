package io.mqcontroller.agent.core;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What a controller answered. */
public sealed interface ControllerAnswer {
    record BrokerIdOffered(long brokerId) implements ControllerAnswer {}

    /** The id that was applied for is the broker's. */
    record BrokerIdTaken() implements ControllerAnswer {}

    record Group(GroupView group) implements ControllerAnswer {
        public Group {
            Objects.requireNonNull(group, "group");
        }
    }

    /**
     * @param leaseMs counted from when the heartbeat was sent; 0: no lease
     * @param ackRule that the leader counts on
     * @param handOver the sender, as master, is to hand over
     */
    record Heartbeat(GroupView group, long leaseMs, AckRule ackRule, Optional<HandOverOrder> handOver)
            implements ControllerAnswer {
        public Heartbeat {
            Objects.requireNonNull(group, "group");
            Objects.requireNonNull(ackRule, "ackRule");
            Objects.requireNonNull(handOver, "handOver");
        }

        /** Nothing is to be handed over. */
        public Heartbeat(GroupView group, long leaseMs, AckRule ackRule) {
            this(group, leaseMs, ackRule, Optional.empty());
        }
    }

    /** The addresses of all controllers. */
    record Members(List<String> addresses) implements ControllerAnswer {
        public Members {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * It did not do what was asked.
     *
     * @param leaderAddress with {@link Reason#NOT_LEADER}: who leads; empty: not known
     */
    record NotDone(Reason reason, String message, String leaderAddress) implements ControllerAnswer {
        public NotDone {
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(message, "message");
            Objects.requireNonNull(leaderAddress, "leaderAddress");
        }
    }

    /** The names of {@code StatusCode}. */
    enum Reason {
        NOT_LEADER,
        /** It may have happened. */
        UNKNOWN_OUTCOME,
        UNSUPPORTED,
        BAD_REQUEST,
        UNKNOWN_GROUP,
        UNKNOWN_REPLICA,
        BROKER_ID_TAKEN,
        NOT_THE_MASTER,
        STALE_MASTER_EPOCH,
        STALE_SYNC_STATE_SET_EPOCH,
        REPLICA_NOT_ALIVE,
        BAD_SYNC_STATE_SET,
        NO_ELIGIBLE_REPLICA,
        OVERLOADED,
        /** Any other. */
        OTHER
    }
}
