package io.mqcontroller.agent.simulation;

import io.mqcontroller.agent.core.AgentAction;
import io.mqcontroller.agent.core.AgentCore;
import io.mqcontroller.agent.core.AgentEvent;
import io.mqcontroller.agent.core.AgentSettings;
import io.mqcontroller.agent.core.AgentState;
import io.mqcontroller.agent.core.AgentStatus;
import io.mqcontroller.agent.core.BrokerReport;
import io.mqcontroller.agent.core.ControllerAnswer;
import io.mqcontroller.agent.core.ControllerRequest;
import io.mqcontroller.agent.core.GroupView;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** The real agent in a broker, with what carries out its actions. */
final class AgentControl implements BrokerControl, AgentAction.Executor {
    private static final long LONG_AGO = Long.MIN_VALUE;

    private final SimBroker broker;
    private final Simulation simulation;
    private final AgentSettings settings;
    private final AgentCore agent;
    private final SortedMap<Long, BiConsumer<Boolean, Integer>> questions = new TreeMap<>();
    private final SortedMap<Long, Long> heartbeatsSentUs = new TreeMap<>();
    private long lastQuestion;
    private int permitEpoch;
    private long permitUntilMs = LONG_AGO;
    private long pauses;
    private boolean paused;
    private SimNetwork.Link link;
    private SimController controller;
    private Session session;
    private long connection;
    private long wakeMs = Long.MAX_VALUE;
    private boolean stepping;

    AgentControl(SimBroker broker, AgentSettings settings) {
        this.broker = broker;
        this.simulation = broker.simulation;
        this.settings = settings;
        agent = simulation.mutant().agent(settings);
    }

    AgentStatus status() {
        return agent.status();
    }

    // ---- the agent's driver

    @Override
    public void begin() {
        String code = broker.name + ";" + simulation.time().nowUs();
        step(new AgentEvent.Started(broker.identity(), code, simulation.controllerNames(), report()));
    }

    @Override
    public void stop() {
        step(new AgentEvent.StopRequested());
    }

    @Override
    public void look() {
        step(new AgentEvent.Tick(report()));
    }

    @Override
    public boolean takesWrites() {
        return allowsWrites() && !paused;
    }

    @Override
    public boolean allowsWrites() {
        return permitEpoch == broker.roleEpoch() && broker.nowMs() < permitUntilMs;
    }

    private void step(AgentEvent event) {
        if (broker.control() != this) {
            return;
        }
        if (stepping) {
            throw new AssertionError("an action of the agent led to a step at once");
        }
        stepping = true;
        simulation.countStep();
        if (!(event instanceof AgentEvent.Tick)) {
            simulation.note(broker.name, event);
        }
        for (AgentAction action : agent.step(broker.nowMs(), event)) {
            simulation.note(broker.name, action);
            action.executeWith(this);
        }
        stepping = false;
        if (agent.status().state() == AgentState.STOPPED) {
            return;
        }
        simulation.invariants().afterStep(broker, agent.status());
        wakeWhenDue();
    }

    private void wakeWhenDue() {
        long dueMs = agent.nextDueMs();
        if (dueMs == wakeMs || dueMs == Long.MAX_VALUE) {
            return;
        }
        wakeMs = dueMs;
        broker.after(Math.max(1, dueMs - broker.nowMs()) * 1_000, () -> {
            if (wakeMs == dueMs) {
                wakeMs = Long.MAX_VALUE;
                look();
            }
        });
    }

    private BrokerReport report() {
        return broker.report();
    }

    // ---- its controller

    private final class Session implements SimController.Agent {
        private final long number;

        Session(long number) {
            this.number = number;
        }

        @Override
        public boolean isAgent() {
            return true;
        }

        @Override
        public void greeted(boolean leads, String leader) {
            step(new AgentEvent.Greeted(number, leads, leader));
        }

        @Override
        public void answered(long request, ControllerAnswer answer) {
            step(new AgentEvent.Answered(number, request, answer));
            Long sentUs = heartbeatsSentUs.remove(request);
            if (sentUs != null && answer instanceof ControllerAnswer.Heartbeat heartbeat && heartbeat.leaseMs() > 0) {
                onLease(sentUs, heartbeat.leaseMs());
            }
        }

        @Override
        public void pushed(GroupView view) {
            step(new AgentEvent.Pushed(number, view));
        }

        @Override
        public void lost() {
            step(new AgentEvent.ConnectionLost(number, "lost"));
        }
    }

    private void onLease(long sentUs, long grantedMs) {
        long untilMs = agent.status().leaseUntilMs();
        if (agent.status().state() == AgentState.MASTER && untilMs > broker.nowMs()) {
            simulation.invariants().onLease(broker, sentUs, grantedMs, broker.trueUs(untilMs));
        }
    }

    @Override
    public void dial(AgentAction.Dial action) {
        Session dialed = new Session(action.connection());
        session = dialed;
        connection = action.connection();
        SimController target = simulation.controller(action.address());
        controller = target;
        link = simulation.network().dial(broker, target, made -> target.accept(made, dialed), dialed::lost);
    }

    @Override
    public void hangUp(AgentAction.HangUp action) {
        if (action.connection() == connection && link != null) {
            link.close(broker);
            link = null;
        }
    }

    @Override
    public void ask(AgentAction.Ask action) {
        if (link == null || action.connection() != connection) {
            throw new AssertionError("asks over a connection that is not there: " + action);
        }
        if (action.content() instanceof ControllerRequest.AlterSyncStateSet alter) {
            simulation.count(Counter.SETS_ASKED_FOR);
            simulation.invariants().onSetAsked(broker, alter.newSet());
            simulation.faults().onSetAsked(broker);
        } else if (action.content() instanceof ControllerRequest.Heartbeat heartbeat) {
            heartbeatsSentUs.put(action.request(), simulation.time().nowUs());
            if (heartbeat.resigns()) {
                simulation.count(Counter.RESIGNED);
            }
            if (heartbeat.handOver().to() != 0) {
                long to = heartbeat.handOver().to();
                simulation.invariants().onHandedOver(broker, heartbeat.roleEpoch(), to);
            }
        }
        SimNetwork.Link over = link;
        Session mine = session;
        SimController asked = controller;
        over.send(broker, () -> asked.request(over, mine, broker.group(), action.request(), action.content()));
    }

    // ---- its peers

    @Override
    public void askPeer(AgentAction.AskPeer action) {
        SimBroker peer = simulation.broker(action.address());
        long master = broker.brokerId();
        int ofLife = broker.life();
        simulation.network().send(broker, peer, () -> {
            if (peer.control() instanceof AgentControl other) {
                other.onAsked(this, ofLife, action, master);
            }
        });
        broker.after(settings.leaseMs() / 2 * 1_000, () -> step(new AgentEvent.PeerSilent(action.question())));
    }

    private void onAsked(AgentControl from, int fromLife, AgentAction.AskPeer ask, long master) {
        long question = ++lastQuestion;
        questions.put(question, (confirms, known) -> simulation.network().send(broker, from.broker, () -> {
            if (from.broker.life() == fromLife) {
                from.step(new AgentEvent.PeerAnswered(ask.question(), confirms, known));
            }
        }));
        step(new AgentEvent.PeerAsked(
                question, master, ask.masterEpoch(), ask.brokerId(), ask.leaseMs(), ask.ackRule()));
    }

    @Override
    public void answerPeer(AgentAction.AnswerPeer action) {
        if (action.confirmed()) {
            simulation.count(Counter.PEERS_CONFIRMED);
        }
        questions.remove(action.question()).accept(action.confirmed(), action.knownMasterEpoch());
    }

    @Override
    public void knock(AgentAction.Knock action) {
        simulation
                .network()
                .knock(
                        broker,
                        simulation.broker(action.address()),
                        refused -> step(new AgentEvent.Knocked(action.number(), refused)));
    }

    // ---- its broker

    @Override
    public void storeIdentity(AgentAction.StoreIdentity action) {
        broker.after(broker.chance.between(100, 3_000), () -> {
            if (broker.chance.permille(simulation.isHealed() ? 0 : 50)) {
                step(new AgentEvent.IdentityNotStored("disk full"));
            } else {
                broker.keep(action.identity());
                step(new AgentEvent.IdentityStored());
            }
        });
    }

    @Override
    public void allowWrites(AgentAction.AllowWrites action) {
        permitEpoch = action.masterEpoch();
        permitUntilMs = action.untilMs();
    }

    @Override
    public void fence(AgentAction.Fence action) {
        permitUntilMs = LONG_AGO;
        simulation.count(Counter.FENCED);
    }

    /** A write that has looked before may come a little later. */
    @Override
    public void pauseWrites(AgentAction.PauseWrites action) {
        simulation.count(Counter.WRITES_PAUSED);
        long pause = ++pauses;
        long lastWriteUs = broker.chance.between(1, 2_000);
        broker.after(lastWriteUs, () -> paused |= pauses == pause);
        broker.after(lastWriteUs + 1, () -> step(new AgentEvent.WritesPaused(action.number())));
    }

    @Override
    public void resumeWrites(AgentAction.ResumeWrites action) {
        pauses++;
        paused = false;
    }

    @Override
    public void becomeMaster(AgentAction.BecomeMaster action) {
        broker.becomeMaster(
                action.masterEpoch(), action.syncStateSet().members(), done -> switched(action.attempt(), done));
    }

    @Override
    public void becomeSlave(AgentAction.BecomeSlave action) {
        // A master without an agent does not tell its HA address: it is found out over the master's own.
        String from = simulation.broker(action.address()).hasAgent() ? action.haAddress() : action.address();
        broker.becomeSlave(action.masterEpoch(), from, done -> switched(action.attempt(), done));
    }

    private void switched(long attempt, boolean done) {
        step(done ? new AgentEvent.SwitchDone(attempt) : new AgentEvent.SwitchFailed(attempt, "by the plan"));
    }

    @Override
    public void followHaAddress(AgentAction.FollowHaAddress action) {
        if (broker.isSlave() && !action.haAddress().isEmpty()) {
            broker.replication().follow(action.haAddress());
        }
    }

    @Override
    public void useSyncStateSet(AgentAction.UseSyncStateSet action) {
        if (broker.isMaster() && action.masterEpoch() == broker.roleEpoch()) {
            broker.writes().acknowledgeBy(action.acking());
            simulation.invariants().onSetConfirmed(broker, broker.roleEpoch(), action.confirmed());
            // What waits may be acknowledged now; not from within a step of the agent.
            broker.after(0, broker.writes()::acknowledge);
        }
    }

    @Override
    public void useAckRule(AgentAction.UseAckRule action) {
        broker.writes().use(action.rule());
        broker.after(0, broker.writes()::acknowledge);
    }

    @Override
    public void note(AgentAction.Note action) {
        // Is in the trace like every action.
    }

    @Override
    public void stopped(AgentAction.Stopped action) {
        broker.endSoon();
    }
}
