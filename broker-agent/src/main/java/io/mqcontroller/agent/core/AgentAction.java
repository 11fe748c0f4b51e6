package io.mqcontroller.agent.core;

import java.util.Collections;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What must happen, in list order. What ends or shortens the permit to write comes before everything that could make somebody
 * else a master.
 */
public sealed interface AgentAction {
    void executeWith(Executor executor);

    /** Carries actions out: the driver in a broker, the simulation in tests. Nothing may block: slow work answers by an event. */
    interface Executor {
        void dial(Dial action);

        void hangUp(HangUp action);

        void ask(Ask action);

        void storeIdentity(StoreIdentity action);

        void allowWrites(AllowWrites action);

        void fence(Fence action);

        void pauseWrites(PauseWrites action);

        void resumeWrites(ResumeWrites action);

        void becomeMaster(BecomeMaster action);

        void becomeSlave(BecomeSlave action);

        void followHaAddress(FollowHaAddress action);

        void useSyncStateSet(UseSyncStateSet action);

        void useAckRule(UseAckRule action);

        void askPeer(AskPeer action);

        void answerPeer(AnswerPeer action);

        void knock(Knock action);

        void note(Note action);

        void stopped(Stopped action);
    }

    /**
     * Connect to this controller and say hello. Answered by {@link AgentEvent.Greeted} or {@link AgentEvent.ConnectionLost} with
     * the same number, within a time of the driver's. The core hangs up the one before.
     */
    record Dial(long connection, String address) implements AgentAction {
        @Override
        public void executeWith(Executor executor) {
            executor.dial(this);
        }
    }

    /** Close the connection. Nothing that it still says counts; no {@link AgentEvent.ConnectionLost} is needed. */
    record HangUp(long connection) implements AgentAction {
        @Override
        public void executeWith(Executor executor) {
            executor.hangUp(this);
        }
    }

    /**
     * Send a request. Answered by {@link AgentEvent.Answered}, or never: the core has its own timeout.
     *
     * @param request unique per connection, never 0
     */
    record Ask(long connection, long request, ControllerRequest content) implements AgentAction {
        @Override
        public void executeWith(Executor executor) {
            executor.ask(this);
        }
    }

    /**
     * Write the identity file, synced: with a check code the temporary one, without the final one (and then the temporary one
     * goes). Answered by {@link AgentEvent.IdentityStored} or {@link AgentEvent.IdentityNotStored}.
     */
    record StoreIdentity(Identity identity) implements AgentAction {
        @Override
        public void executeWith(Executor executor) {
            executor.storeIdentity(this);
        }
    }

    /**
     * The broker, master under this epoch, may take writes and acknowledge them until then, on the clock of {@link
     * AgentCore#step}. Replaces what was allowed before, also by an earlier time. The broker looks at it before it takes a write
     * and again before it acknowledges it: nobody tells it when the time is over.
     *
     * @param untilMs {@link Long#MAX_VALUE}: no end
     */
    record AllowWrites(int masterEpoch, long untilMs) implements AgentAction {
        @Override
        public void executeWith(Executor executor) {
            executor.allowWrites(this);
        }
    }

    /** No write is taken or acknowledged from now on, until the next {@link AllowWrites}. In force when the call returns. */
    record Fence(String reason) implements AgentAction {
        @Override
        public void executeWith(Executor executor) {
            executor.fence(this);
        }
    }

    /**
     * No write is taken from now on, until {@link ResumeWrites}; those that were may be acknowledged as long as {@link AllowWrites}
     * lasts. What clients send meanwhile is better kept than refused. In force when the call returns; answered by {@link
     * AgentEvent.WritesPaused} as soon as nothing is being appended, or never.
     */
    record PauseWrites(long number) implements AgentAction {
        @Override
        public void executeWith(Executor executor) {
            executor.pauseWrites(this);
        }
    }

    /** {@link PauseWrites} is over: from now on {@link AllowWrites} and {@link Fence} alone tell. */
    record ResumeWrites() implements AgentAction {
        @Override
        public void executeWith(Executor executor) {
            executor.resumeWrites(this);
        }
    }

    /**
     * Make the broker master under this epoch, with this set to count acknowledgements against and {@link AckRule#ALL_IN_SYNC}
     * in force; it takes no writes until {@link AllowWrites}. Runs beside the agent, one switch at a time; answered by {@link
     * AgentEvent.SwitchDone} or {@link AgentEvent.SwitchFailed}. May find the broker master already, under a lower epoch, or
     * half-way from a failed attempt.
     */
    record BecomeMaster(long attempt, int masterEpoch, SyncStateSet syncStateSet) implements AgentAction {
        @Override
        public void executeWith(Executor executor) {
            executor.becomeMaster(this);
        }
    }

    /**
     * Make the broker slave of this master. As {@link BecomeMaster}.
     *
     * @param haAddress from which to copy; empty: to be found out in another way, or {@link FollowHaAddress} tells
     */
    record BecomeSlave(long attempt, int masterEpoch, long master, String address, String haAddress)
            implements AgentAction {
        @Override
        public void executeWith(Executor executor) {
            executor.becomeSlave(this);
        }
    }

    /** The slave's master is to be copied from here. */
    record FollowHaAddress(String haAddress) implements AgentAction {
        @Override
        public void executeWith(Executor executor) {
            executor.followHaAddress(this);
        }
    }

    /**
     * A master's set is this.
     *
     * @param acking whose confirmation a write needs under {@link AckRule#ALL_IN_SYNC}: while a change of the set is under way,
     *     the members of all sets that may be in force
     */
    record UseSyncStateSet(int masterEpoch, SyncStateSet confirmed, SortedSet<Long> acking) implements AgentAction {
        public UseSyncStateSet {
            acking = Collections.unmodifiableSortedSet(new TreeSet<>(acking));
        }

        @Override
        public void executeWith(Executor executor) {
            executor.useSyncStateSet(this);
        }
    }

    /** Acknowledge by this rule from now on. In force when the call returns. */
    record UseAckRule(AckRule rule) implements AgentAction {
        @Override
        public void executeWith(Executor executor) {
            executor.useAckRule(this);
        }
    }

    /**
     * Ask a peer ({@code PeerConfirmRequest}). Answered by {@link AgentEvent.PeerAnswered} or {@link AgentEvent.PeerSilent}.
     *
     * @param leaseMs for which the peer is to keep still; 0: it is only told of the epoch
     * @param ackRule by which the asking master acknowledges
     */
    record AskPeer(long question, long brokerId, String address, int masterEpoch, long leaseMs, AckRule ackRule)
            implements AgentAction {
        @Override
        public void executeWith(Executor executor) {
            executor.askPeer(this);
        }
    }

    /** Answers {@link AgentEvent.PeerAsked}. */
    record AnswerPeer(long question, boolean confirmed, int knownMasterEpoch) implements AgentAction {
        @Override
        public void executeWith(Executor executor) {
            executor.answerPeer(this);
        }
    }

    /** For the log and the metrics. */
    record Note(Kind kind, String text) implements AgentAction {
        public Note {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(text, "text");
        }

        @Override
        public void executeWith(Executor executor) {
            executor.note(this);
        }

        /** What a note is about. */
        public enum Kind {
            /** {@link AgentStatus#state} is another one. */
            STATE,
            /** The broker takes writes again. */
            WRITABLE,
            /** The broker takes no writes any more. */
            FENCED,
            /** Who of the controllers is talked to. */
            CONTROLLER,
            SYNC_STATE_SET,
            SWITCH_FAILED,
            /** For an operator to look at. */
            PROBLEM
        }
    }

    /** Nothing is held any more: the process may end. */
    record Stopped() implements AgentAction {
        @Override
        public void executeWith(Executor executor) {
            executor.stopped(this);
        }
    }

    /**
     * Look whether anybody listens at this address, by connecting and closing at once. Answered by {@link AgentEvent.Knocked}, or never.
     */
    record Knock(long number, String address) implements AgentAction {
        @Override
        public void executeWith(Executor executor) {
            executor.knock(this);
        }
    }
}
