package io.mqcontroller.agent.core;

import java.util.List;

/** The agent; see the package. This class only tells the parts what happened, in order. */
public final class AgentCore {
    private final Memory memory;
    private final LeaderSearch search;
    private final Requests requests;
    private final Registration registration;
    private final RoleSwitch roles;
    private final SyncStateSetKeeper keeper;
    private final PeerConfirmation peers;
    private final Promises promises;
    private final WritePermit permit;
    private final Heartbeats heartbeats;
    private final MasterWatch masterWatch;
    private final Polls polls;
    private final Farewell farewell;
    private final HandOver handOver;

    public AgentCore(AgentSettings settings) {
        this(settings, new Rules());
    }

    AgentCore(AgentSettings settings, Rules rules) {
        memory = new Memory(settings, rules);
        search = new LeaderSearch(memory);
        requests = new Requests(memory, search);
        registration = new Registration(memory, search, requests);
        roles = new RoleSwitch(memory);
        promises = new Promises(memory);
        keeper = new SyncStateSetKeeper(memory, requests, search, promises);
        peers = new PeerConfirmation(memory, keeper);
        permit = new WritePermit(memory, keeper, peers, promises);
        heartbeats = new Heartbeats(memory, search, requests, keeper, permit, peers);
        masterWatch = new MasterWatch(memory, search, heartbeats);
        polls = new Polls(memory, search, requests, roles);
        farewell = new Farewell(memory, search, keeper, roles, heartbeats);
        handOver = new HandOver(memory, keeper, roles, heartbeats);
    }

    /**
     * Takes in what has happened.
     *
     * @param nowMs monotonic time in ms, rounded down, never less than at the call before
     * @return what must happen now, in this order
     */
    public List<AgentAction> step(long nowMs, AgentEvent event) {
        memory.nowMs = nowMs;
        if (memory.state == AgentState.STOPPED) {
            if (event instanceof AgentEvent.PeerAsked asked) {
                memory.actions.add(new AgentAction.AnswerPeer(asked.question(), false, memory.knownMasterEpoch));
            }
            return memory.actions.take();
        }
        onEvent(event);
        if (memory.state != AgentState.STOPPED) {
            advance();
        }
        permit.refresh();
        return memory.actions.take();
    }

    private void onEvent(AgentEvent event) {
        if (event instanceof AgentEvent.Tick tick) {
            onTick(tick.broker());
        } else if (event instanceof AgentEvent.Answered answered) {
            onAnswered(answered);
        } else if (event instanceof AgentEvent.Pushed pushed) {
            if (search.isCurrent(pushed.connection())) {
                onView(pushed.group());
            }
        } else if (event instanceof AgentEvent.Greeted greeted) {
            if (search.onGreeted(greeted)) {
                heartbeats.soon();
                masterWatch.onLeaderFound();
                polls.askForGroupSoon();
            }
        } else if (event instanceof AgentEvent.ConnectionLost lost) {
            if (search.isCurrent(lost.connection())) {
                search.onLost(lost.reason());
                forgetRequests();
            }
        } else if (event instanceof AgentEvent.ControllersResolved resolved) {
            search.onAddresses(resolved.addresses());
        } else if (event instanceof AgentEvent.SwitchDone done) {
            onSwitchDone(done.attempt());
        } else if (event instanceof AgentEvent.SwitchFailed failed) {
            if (roles.onFailed(failed.attempt(), failed.reason())) {
                memory.resignedEpoch = memory.knownMasterEpoch;
                heartbeats.soon();
            }
        } else if (event instanceof AgentEvent.WritesPaused paused) {
            handOver.onPaused(paused.number());
        } else if (event instanceof AgentEvent.IdentityStored) {
            registration.onStored();
        } else if (event instanceof AgentEvent.IdentityNotStored notStored) {
            registration.onNotStored(notStored.reason());
        } else if (event instanceof AgentEvent.StopRequested) {
            farewell.begin();
        } else if (event instanceof AgentEvent.Started started) {
            onStarted(started);
        } else {
            onPeerEvent(event);
        }
    }

    private void onPeerEvent(AgentEvent event) {
        if (event instanceof AgentEvent.PeerAsked asked) {
            onPeerAsked(asked);
        } else if (event instanceof AgentEvent.PeerAnswered answer) {
            learn(answer.knownMasterEpoch(), "a peer");
            peers.onAnswer(answer);
            promises.onAnswer(answer);
        } else if (event instanceof AgentEvent.Knocked knocked) {
            masterWatch.onKnocked(knocked);
        } else if (event instanceof AgentEvent.PeerSilent silent) {
            peers.onSilent(silent.question());
            promises.onSilent(silent.question());
        } else {
            throw new AssertionError("unhandled " + event);
        }
    }

    private void onStarted(AgentEvent.Started started) {
        memory.report = started.broker();
        promises.start();
        registration.start(started.identity(), started.newCheckCode());
        if (memory.state != AgentState.REFUSED) {
            search.start(started.controllers());
        }
    }

    private void onTick(BrokerReport report) {
        memory.report = report;
        keeper.onReport();
        heartbeats.onReport();
        farewell.onReport();
        handOver.onReport();
    }

    /** Only what this life has learned from a leader is worth a promise: what it knew in its last one is forgotten. */
    private void onPeerAsked(AgentEvent.PeerAsked asked) {
        boolean meant = memory.isRegistered()
                && asked.brokerId() == memory.brokerId
                && asked.master() != memory.brokerId
                && asked.leaseMs() <= memory.settings.leaseMs();
        boolean recordedAnother =
                asked.masterEpoch() == memory.view.masterEpoch() && asked.master() != memory.view.master();
        boolean confirmed =
                meant && !recordedAnother && memory.rules.confirms(asked.masterEpoch(), memory.knownMasterEpoch);
        if (confirmed) {
            learn(asked.masterEpoch(), "a peer");
            promises.give(asked);
        }
        memory.actions.add(new AgentAction.AnswerPeer(asked.question(), confirmed, memory.knownMasterEpoch));
    }

    private void learn(int masterEpoch, String from) {
        if (masterEpoch > memory.knownMasterEpoch) {
            roles.learn(masterEpoch, from);
            polls.askForGroupSoon();
        }
    }

    private void onSwitchDone(long attempt) {
        if (!roles.onDone(attempt)) {
            return;
        }
        if (memory.isMaster()) {
            keeper.start();
            heartbeats.onNewMasterEpoch();
        } else {
            heartbeats.soon();
        }
    }

    private void onView(GroupView told) {
        if (!memory.isRegistered() || !memory.rules.follows(told, memory.view, memory.knownMasterEpoch)) {
            return;
        }
        memory.view = told;
        roles.learn(told.masterEpoch(), "a controller");
        keeper.onView();
    }

    private void onAnswered(AgentEvent.Answered answered) {
        Requests.Sent sent = search.isCurrent(answered.connection()) ? requests.take(answered.request()) : null;
        if (sent == null) {
            return;
        }
        ControllerAnswer answer = answered.answer();
        if (answer instanceof ControllerAnswer.NotDone notDone) {
            onNotDone(sent, notDone);
        } else if (answer instanceof ControllerAnswer.Heartbeat heartbeat) {
            onView(heartbeat.group());
            heartbeats.onAnswer(sent, (ControllerRequest.Heartbeat) sent.content(), heartbeat);
            farewell.onAnswered(sent.number());
            onOrder((ControllerRequest.Heartbeat) sent.content(), heartbeat);
        } else if (answer instanceof ControllerAnswer.Group group) {
            onGroup(sent, group.group());
        } else if (answer instanceof ControllerAnswer.BrokerIdOffered offered) {
            registration.onOffered(offered.brokerId());
        } else if (answer instanceof ControllerAnswer.BrokerIdTaken) {
            registration.onTaken();
        } else if (answer instanceof ControllerAnswer.Members members) {
            search.learn(members.addresses());
        } else {
            throw new AssertionError("unhandled " + answer);
        }
    }

    /** An order is the master's to whose heartbeat it was given. */
    private void onOrder(ControllerRequest.Heartbeat sent, ControllerAnswer.Heartbeat answer) {
        if (memory.isMaster() && sent.roleEpoch() == memory.roleEpoch) {
            answer.handOver().ifPresent(handOver::onOrder);
        }
    }

    private void onGroup(Requests.Sent sent, GroupView view) {
        if (sent.content() instanceof ControllerRequest.Register && registration.onRegistered(view)) {
            roles.start(registration.epochOfLastLife());
            onView(view);
            polls.onRegistered();
            heartbeats.soon();
            return;
        }
        onView(view);
        keeper.onAltered(sent.number());
    }

    private void onNotDone(Requests.Sent sent, ControllerAnswer.NotDone answer) {
        ControllerRequest request = sent.content();
        boolean unknown = answer.reason() == ControllerAnswer.Reason.UNKNOWN_OUTCOME;
        if (unknown) {
            keeper.onUnknown(sent.number());
        } else {
            keeper.onRefused(sent.number(), answer);
        }
        if (answer.reason() == ControllerAnswer.Reason.NOT_LEADER) {
            search.moveTo(answer.leaderAddress(), "it does not lead any more");
            forgetRequests();
            return;
        }
        switch (answer.reason()) {
            case UNKNOWN_GROUP, UNKNOWN_REPLICA -> registration.registerAgain();
            case NOT_THE_MASTER, STALE_MASTER_EPOCH, STALE_SYNC_STATE_SET_EPOCH -> polls.askForGroupSoon();
            default -> {
                // What else may be wrong is tried again in its own time.
            }
        }
        if (request instanceof ControllerRequest.NextBrokerId
                || request instanceof ControllerRequest.ApplyBrokerId
                || request instanceof ControllerRequest.Register) {
            registration.onRefused(request, answer);
        }
    }

    /** What was asked over a connection that is gone may have happened. */
    private void forgetRequests() {
        requests.takeAll().forEach(sent -> keeper.onUnknown(sent.number()));
    }

    private void advance() {
        if (requests.isOverdue()) {
            search.onSilent();
            forgetRequests();
        }
        if (search.advance()) {
            forgetRequests();
        }
        registration.advance();
        roles.advance();
        peers.advance(permit.leaseStaleMs());
        promises.advance();
        farewell.advance();
        handOver.advance();
        masterWatch.advance();
        if (memory.state != AgentState.STOPPED) {
            heartbeats.advance();
            polls.advance();
        }
    }

    /** When a {@link AgentEvent.Tick} is due even if nothing happens. */
    public long nextDueMs() {
        if (memory.state == AgentState.STOPPED) {
            return Long.MAX_VALUE;
        }
        long dueMs = Math.min(search.dueMs(), requests.dueMs());
        dueMs = Math.min(dueMs, Math.min(registration.dueMs(), roles.dueMs()));
        dueMs = Math.min(dueMs, Math.min(peers.dueMs(permit.leaseStaleMs()), permit.dueMs()));
        dueMs = Math.min(dueMs, Math.min(promises.dueMs(), masterWatch.dueMs()));
        dueMs = Math.min(dueMs, Math.min(heartbeats.dueMs(), polls.dueMs()));
        return Math.min(dueMs, Math.min(keeper.dueMs(), Math.min(farewell.dueMs(), handOver.dueMs())));
    }

    /** The agent as it is now. */
    public AgentStatus status() {
        return new AgentStatus(
                memory.state,
                memory.brokerId,
                memory.roleEpoch,
                memory.knownMasterEpoch,
                memory.view.master(),
                memory.isMaster() ? keeper.confirmed() : memory.view.syncStateSet(),
                keeper.acking(),
                memory.ruleInForce,
                permit.allowedUntilMs(),
                permit.leaseUntilMs(),
                promises.untilMs(),
                permit.fencings(),
                search.controller(),
                memory.problem);
    }
}
