package io.mqcontroller.agent.core;

import java.util.Optional;

/**
 * From nothing to a registered replica: an id is asked for, noted on disk with a check code, applied for, noted as the broker's
 * own, and registered. Each step may be repeated after a crash or a lost answer: the check code tells a retry from a stranger.
 */
final class Registration {
    private static final long RETRY_MS = 1_000;

    private final Memory memory;
    private final LeaderSearch search;
    private final Requests requests;
    private Optional<Identity> stored = Optional.empty();
    private Optional<Identity> storing = Optional.empty();
    private String newCheckCode = "";
    private boolean again;
    private long dueMs = Long.MAX_VALUE;

    /** A masterEpoch recorded for this replica before this life of its process is not its own any more. */
    private int epochOfLastLife = Memory.NO_EPOCH;

    Registration(Memory memory, LeaderSearch search, Requests requests) {
        this.memory = memory;
        this.search = search;
        this.requests = requests;
    }

    void start(Optional<Identity> identity, String checkCode) {
        newCheckCode = checkCode;
        stored = identity;
        dueMs = memory.nowMs;
        if (identity.isEmpty()) {
            return;
        }
        Identity found = identity.get();
        AgentSettings settings = memory.settings;
        if (!found.cluster().equals(settings.cluster()) || !found.brokerName().equals(settings.brokerName())) {
            memory.complain("the identity file is of " + found + ", and this broker is configured as "
                    + settings.cluster() + "#" + settings.brokerName()
                    + ": correct the configuration, or give the broker an empty store");
            memory.become(AgentState.REFUSED, "identity of another group");
        } else if (found.isFinal()) {
            own(found);
        }
    }

    private void own(Identity identity) {
        memory.brokerId = identity.brokerId();
        memory.become(AgentState.IDENTIFIED, "brokerId " + identity.brokerId());
    }

    /** The controllers do not know the replica any more. */
    void registerAgain() {
        if (!again) {
            again = true;
            dueMs = memory.nowMs;
        }
    }

    int epochOfLastLife() {
        return epochOfLastLife;
    }

    long dueMs() {
        return isDone() || isBusy() || !search.isWithLeader() ? Long.MAX_VALUE : dueMs;
    }

    private boolean isDone() {
        return memory.state == AgentState.REFUSED || memory.stopping || memory.isRegistered() && !again;
    }

    private boolean isBusy() {
        return storing.isPresent()
                || requests.isWaiting(ControllerRequest.NextBrokerId.class)
                || requests.isWaiting(ControllerRequest.ApplyBrokerId.class)
                || requests.isWaiting(ControllerRequest.Register.class);
    }

    void advance() {
        if (memory.nowMs < dueMs()) {
            return;
        }
        if (memory.brokerId != 0) {
            AgentSettings settings = memory.settings;
            requests.ask(new ControllerRequest.Register(memory.brokerId, settings.address(), settings.haAddress()));
        } else if (stored.isPresent()) {
            Identity applied = stored.get();
            requests.ask(new ControllerRequest.ApplyBrokerId(
                    applied.brokerId(), applied.checkCode().orElseThrow()));
        } else {
            requests.ask(new ControllerRequest.NextBrokerId());
        }
    }

    void onOffered(long brokerId) {
        if (memory.brokerId == 0 && stored.isEmpty()) {
            store(identity(brokerId, Optional.of(newCheckCode)));
        }
    }

    void onTaken() {
        if (memory.brokerId == 0) {
            store(identity(stored.orElseThrow().brokerId(), Optional.empty()));
        }
    }

    /** True: the replica is registered now, as {@code view} shows. */
    boolean onRegistered(GroupView view) {
        if (memory.isRegistered()) {
            again = false;
            return false;
        }
        epochOfLastLife = view.master() == memory.brokerId && !memory.rules.trustsOldEpoch() ? view.masterEpoch() : 0;
        memory.registeredAtMs = memory.nowMs;
        memory.complain("");
        memory.become(AgentState.REGISTERED, view.toString());
        return true;
    }

    void onRefused(ControllerRequest request, ControllerAnswer.NotDone answer) {
        dueMs = memory.nowMs + RETRY_MS;
        if (request instanceof ControllerRequest.ApplyBrokerId
                && answer.reason() == ControllerAnswer.Reason.BROKER_ID_TAKEN) {
            // Somebody was faster: another id.
            stored = Optional.empty();
            dueMs = memory.nowMs;
        } else if (answer.reason() != ControllerAnswer.Reason.OVERLOADED
                && answer.reason() != ControllerAnswer.Reason.UNKNOWN_OUTCOME) {
            memory.complain("the controllers refuse this broker (" + answer.reason() + "): " + answer.message());
        }
    }

    private Identity identity(long brokerId, Optional<String> checkCode) {
        return new Identity(memory.settings.cluster(), memory.settings.brokerName(), brokerId, checkCode);
    }

    private void store(Identity identity) {
        storing = Optional.of(identity);
        memory.actions.add(new AgentAction.StoreIdentity(identity));
    }

    void onStored() {
        if (storing.isEmpty()) {
            return;
        }
        stored = storing;
        storing = Optional.empty();
        dueMs = memory.nowMs;
        if (stored.get().isFinal()) {
            own(stored.get());
        }
    }

    void onNotStored(String reason) {
        storing = Optional.empty();
        dueMs = memory.nowMs + RETRY_MS;
        memory.complain("the identity file cannot be written: " + reason);
    }
}
