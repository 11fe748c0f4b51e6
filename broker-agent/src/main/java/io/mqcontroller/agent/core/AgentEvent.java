package io.mqcontroller.agent.core;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Everything that can happen to an agent. The first one is {@link Started}. */
public sealed interface AgentEvent {
    /**
     * The process has begun, with its broker fenced.
     *
     * @param identity what the identity file says; the one with a check code if only that one is there
     * @param newCheckCode {@code <address>;<epoch millis>}, for an id that has yet to be applied for
     * @param controllers addresses of {@code controllerAddr}, resolved; may be empty until {@link ControllersResolved}
     */
    record Started(Optional<Identity> identity, String newCheckCode, List<String> controllers, BrokerReport broker)
            implements AgentEvent {
        public Started {
            Objects.requireNonNull(identity, "identity");
            Objects.requireNonNull(newCheckCode, "newCheckCode");
            Objects.requireNonNull(broker, "broker");
            controllers = List.copyOf(controllers);
        }
    }

    /**
     * Time has gone on, or the broker has news. Comes when {@link AgentCore#nextDueMs} is reached, and should come when a
     * slave's connection opens, closes or has caught up.
     */
    record Tick(BrokerReport broker) implements AgentEvent {
        public Tick {
            Objects.requireNonNull(broker, "broker");
        }
    }

    /** {@code controllerAddr} was resolved again. An empty list changes nothing: the last good one is kept. */
    record ControllersResolved(List<String> addresses) implements AgentEvent {
        public ControllersResolved {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * A controller took the hello. Answers {@link AgentAction.Dial}. Comes again when that controller says by itself who leads now.
     *
     * @param leads whether that controller itself leads
     * @param leaderAddress who leads, as far as it knows; empty: nobody it knows of
     */
    record Greeted(long connection, boolean leads, String leaderAddress) implements AgentEvent {
        public Greeted {
            Objects.requireNonNull(leaderAddress, "leaderAddress");
        }
    }

    /** The connection could not be made, was refused, or is gone, and whatever was asked on it stays unanswered. */
    record ConnectionLost(long connection, String reason) implements AgentEvent {
        public ConnectionLost {
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** Answers {@link AgentAction.Ask}. */
    record Answered(long connection, long request, ControllerAnswer answer) implements AgentEvent {
        public Answered {
            Objects.requireNonNull(answer, "answer");
        }
    }

    /** The controller says by itself how the group is now. */
    record Pushed(long connection, GroupView group) implements AgentEvent {
        public Pushed {
            Objects.requireNonNull(group, "group");
        }
    }

    /** The last {@link AgentAction.StoreIdentity} is on disk, synced. */
    record IdentityStored() implements AgentEvent {}

    /** It is not; the core asks again later. */
    record IdentityNotStored(String reason) implements AgentEvent {
        public IdentityNotStored {
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** The broker has this role now. Answers {@link AgentAction.BecomeMaster} and {@link AgentAction.BecomeSlave}. */
    record SwitchDone(long attempt) implements AgentEvent {}

    /** The switch failed; whichever role the broker is in now, it takes no writes. */
    record SwitchFailed(long attempt, String reason) implements AgentEvent {
        public SwitchFailed {
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** No write that was begun before can be appended any more. Answers {@link AgentAction.PauseWrites}. */
    record WritesPaused(long number) implements AgentEvent {}

    /**
     * A master asks this replica whether it may go on without controllers ({@code PeerConfirmRequest} of this group). Answered by
     * {@link AgentAction.AnswerPeer}.
     *
     * @param leaseMs 0: it only tells of its epoch
     * @param ackRule by which it acknowledges; the weaker one if it does not say
     */
    record PeerAsked(long question, long master, int masterEpoch, long brokerId, long leaseMs, AckRule ackRule)
            implements AgentEvent {}

    /** A peer's answer to {@link AgentAction.AskPeer}. */
    record PeerAnswered(long question, boolean confirmed, int knownMasterEpoch) implements AgentEvent {}

    /** A peer could not be asked, or did not answer. */
    record PeerSilent(long question) implements AgentEvent {}

    /**
     * Answers {@link AgentAction.Knock}.
     *
     * @param refused the machine has answered that nobody listens there; false: somebody does, or there was no answer
     */
    record Knocked(long number, boolean refused) implements AgentEvent {}

    /** The process is to end: give back what is held. Answered by {@link AgentAction.Stopped}. */
    record StopRequested() implements AgentEvent {}
}
