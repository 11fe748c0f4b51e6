package io.mqcontroller.agent.simulation;

import io.mqcontroller.agent.core.AckRule;
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
import io.mqcontroller.agent.core.Identity;
import io.mqcontroller.agent.core.SyncStateSet;
import io.mqcontroller.agent.simulation.invariant.Broker;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.raft.simulation.Chance;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** A broker, modelled on the level of messages, and the real agent in it. */
final class SimBroker extends SimProcess implements AgentAction.Executor, Broker {
    private static final long LONG_AGO = Long.MIN_VALUE;

    private final GroupKey group;
    private final AgentSettings settings;
    private final BrokerLog log;
    private Optional<Identity> identityFile = Optional.empty();
    private AckRule wantedRule;
    private String unfit = "";

    // What follows is of one life.
    private AgentCore agent;
    private Replication replication;
    private Role role = Role.NONE;
    private boolean leading;
    private int roleEpoch;
    private int epochStart;
    private AckRule rule = AckRule.ALL_IN_SYNC;
    private SortedSet<Long> acking = new TreeSet<>();
    private SyncStateSet confirmed = SyncStateSet.of(-1, List.of());
    private int confirmOffset;
    private int permitEpoch;
    private long permitUntilMs = LONG_AGO;
    private final List<Pending> pending = new ArrayList<>();
    private final SortedMap<Long, BiConsumer<Boolean, Integer>> questions = new TreeMap<>();
    private long lastQuestion;
    private final SortedMap<Long, Long> heartbeatsSentUs = new TreeMap<>();
    private SimNetwork.Link link;
    private SimController controller;
    private Session session;
    private long connection;
    private long wakeMs = Long.MAX_VALUE;
    private boolean stepping;

    private enum Role {
        NONE,
        SWITCHING,
        MASTER,
        SLAVE
    }

    private record Pending(int offset, long message, long flushedUs) {}

    SimBroker(Simulation simulation, GroupKey group, int number, boolean learner, AckRule rule, Chance chance) {
        super(simulation, group.brokerName() + "/" + number, chance);
        this.group = group;
        this.wantedRule = rule;
        log = new BrokerLog(simulation.mutant().epochRule());
        AgentSettings sound = AgentSettings.defaults(group.cluster(), group.brokerName(), name, name);
        Plan plan = simulation.plan();
        settings = new AgentSettings(
                sound.cluster(),
                sound.brokerName(),
                name,
                name,
                number,
                learner,
                plan.mode(),
                sound.leaseMs(),
                plan.heartbeatIntervalMs(),
                plan.heartbeatTimeoutMs(),
                sound.syncBrokerMetadataPeriodMs(),
                sound.syncControllerMetadataPeriodMs(),
                sound.checkSyncStateSetPeriodMs(),
                plan.haMaxTimeSlaveNotCatchupMs(),
                sound.haConnectionLossGraceMs(),
                sound.requestTimeoutMs());
    }

    // ---- life

    @Override
    void begin() {
        agent = simulation.mutant().agent(settings);
        replication = new Replication(this, log);
        role = Role.NONE;
        leading = false;
        roleEpoch = 0;
        rule = AckRule.ALL_IN_SYNC;
        acking = new TreeSet<>();
        permitUntilMs = LONG_AGO;
        epochStart = 0;
        confirmOffset = 0;
        questions.clear();
        heartbeatsSentUs.clear();
        connection = 0;
        link = null;
        wakeMs = Long.MAX_VALUE;
        String code = name + ";" + simulation.time().nowUs();
        step(new AgentEvent.Started(identityFile, code, simulation.controllerNames(), report()));
    }

    @Override
    void end() {
        agent = null;
        pending.clear();
        simulation.count(Counter.CRASHES);
        if (chance.permille(simulation.plan().lossyPermille()) && !simulation.isHealed()) {
            int size = log.size();
            int kept = (int) chance.between(Math.max(0, size - 20), size);
            simulation.count(Counter.LOSSY_CRASHES);
            simulation.note(name, "loses its log from " + kept + " on, of " + size);
            log.truncateTo(kept);
            simulation.invariants().onLogLost(this, size);
        }
    }

    /** The process is asked to end. */
    void stop() {
        if (agent != null) {
            step(new AgentEvent.StopRequested());
        }
    }

    void wantRule(AckRule other) {
        wantedRule = other;
    }

    /** From now on the store or the tables have this trouble; empty: none. */
    void suffers(String trouble) {
        unfit = trouble;
    }

    // ---- the agent's driver

    void tick() {
        if (agent != null) {
            step(new AgentEvent.Tick(report()));
        }
    }

    private void step(AgentEvent event) {
        if (agent == null) {
            return;
        }
        if (stepping) {
            throw new AssertionError("an action of the agent led to a step at once");
        }
        stepping = true;
        simulation.countStep();
        if (!(event instanceof AgentEvent.Tick)) {
            simulation.note(name, event);
        }
        for (AgentAction action : agent.step(nowMs(), event)) {
            simulation.note(name, action);
            action.executeWith(this);
        }
        stepping = false;
        if (agent.status().state() == AgentState.STOPPED) {
            return;
        }
        simulation.invariants().afterStep(this, agent.status());
        wakeWhenDue();
    }

    private void wakeWhenDue() {
        long dueMs = agent.nextDueMs();
        if (dueMs == wakeMs || dueMs == Long.MAX_VALUE) {
            return;
        }
        wakeMs = dueMs;
        after(Math.max(1, dueMs - nowMs()) * 1_000, () -> {
            if (wakeMs == dueMs) {
                wakeMs = Long.MAX_VALUE;
                tick();
            }
        });
    }

    private BrokerReport report() {
        return new BrokerReport(
                log.lastEpoch(),
                log.size(),
                confirmOffset(),
                epochStart,
                wantedRule,
                unfit,
                isMaster() ? replication.progress() : List.of());
    }

    // ---- clients

    /** A client's message has come in. */
    void write(long number) {
        if (!mayWrite()) {
            simulation.count(Counter.WRITES_REFUSED);
            return;
        }
        simulation.count(Counter.WRITES_TAKEN);
        log.append(number);
        long flushUs = chance.between(100, simulation.plan().maxFlushMs() * 1_000);
        pending.add(new Pending(log.size() - 1, number, simulation.time().nowUs() + flushUs));
        replication.sendNew();
        after(flushUs, this::acknowledge);
    }

    private boolean mayWrite() {
        return isMaster() && permitEpoch == roleEpoch && nowMs() < permitUntilMs;
    }

    void onSlaveProgress() {
        acknowledge();
        tick();
    }

    private void acknowledge() {
        Iterator<Pending> all = pending.iterator();
        while (all.hasNext()) {
            Pending next = all.next();
            if (next.flushedUs > simulation.time().nowUs() || !isHeldByAllNeeded(next.offset)) {
                return;
            }
            all.remove();
            if (mayWrite() || isMaster() && simulation.mutant().forgetsPermitAtAck()) {
                simulation.invariants().onAcknowledged(this, next.offset, next.message, rule, acking);
                simulation.count(
                        rule == AckRule.ALL_IN_SYNC ? Counter.ACKNOWLEDGED_BY_ALL : Counter.ACKNOWLEDGED_BY_LESS);
            } else {
                simulation.count(Counter.ACKNOWLEDGEMENTS_WITHHELD);
            }
        }
    }

    private boolean isHeldByAllNeeded(int offset) {
        return rule == AckRule.WEAKER || offset < slowest();
    }

    /** What every one of them has. */
    private int slowest() {
        int slowest = log.size();
        int fastest = acking.size() == 1 ? log.size() : 0;
        for (long member : acking) {
            if (member != brokerId()) {
                slowest = Math.min(slowest, replication.acked(member));
                fastest = Math.max(fastest, replication.acked(member));
            }
        }
        return simulation.mutant().heldByNeeded(slowest, fastest);
    }

    int confirmOffset() {
        if (!isMaster()) {
            return replication == null ? 0 : replication.confirmed();
        }
        confirmOffset = Math.max(confirmOffset, rule == AckRule.WEAKER ? log.size() : slowest());
        return confirmOffset;
    }

    // ---- what others may see

    @Override
    public boolean isMaster() {
        return role == Role.MASTER;
    }

    @Override
    public boolean isSlave() {
        return role == Role.SLAVE;
    }

    @Override
    public boolean isLearner() {
        return settings.learner();
    }

    @Override
    public int roleEpoch() {
        return roleEpoch;
    }

    @Override
    public long brokerId() {
        return identityFile.filter(Identity::isFinal).map(Identity::brokerId).orElse(0L);
    }

    @Override
    public GroupKey group() {
        return group;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int logSize() {
        return log.size();
    }

    @Override
    public boolean holds(int offset, long message) {
        return log.holds(offset, message);
    }

    @Override
    public long messageAt(int offset) {
        return log.get(offset);
    }

    BrokerLog log() {
        return log;
    }

    Replication replication() {
        return replication;
    }

    Optional<AgentStatus> status() {
        return Optional.ofNullable(agent).map(AgentCore::status);
    }

    SimBroker at(String address) {
        return simulation.broker(address);
    }

    // ---- the agent's actions

    private final class Session implements SimController.Agent {
        private final long number;

        Session(long number) {
            this.number = number;
        }

        private void event(AgentEvent event) {
            step(event);
        }

        @Override
        public void greeted(boolean leads, String leader) {
            event(new AgentEvent.Greeted(number, leads, leader));
        }

        @Override
        public void answered(long request, ControllerAnswer answer) {
            event(new AgentEvent.Answered(number, request, answer));
            Long sentUs = heartbeatsSentUs.remove(request);
            if (sentUs != null && answer instanceof ControllerAnswer.Heartbeat heartbeat && heartbeat.leaseMs() > 0) {
                onLease(sentUs, heartbeat.leaseMs());
            }
        }

        @Override
        public void pushed(GroupView view) {
            event(new AgentEvent.Pushed(number, view));
        }

        @Override
        public void lost() {
            event(new AgentEvent.ConnectionLost(number, "lost"));
        }
    }

    private void onLease(long sentUs, long grantedMs) {
        long untilMs = agent.status().leaseUntilMs();
        if (agent.status().state() == AgentState.MASTER && untilMs > nowMs()) {
            simulation.invariants().onLease(this, sentUs, grantedMs, trueUs(untilMs));
        }
    }

    @Override
    public void dial(AgentAction.Dial action) {
        Session dialed = new Session(action.connection());
        session = dialed;
        connection = action.connection();
        SimController target = simulation.controller(action.address());
        controller = target;
        link = simulation.network().dial(this, target, made -> target.accept(made, dialed), dialed::lost);
    }

    @Override
    public void hangUp(AgentAction.HangUp action) {
        if (action.connection() == connection && link != null) {
            link.close(this);
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
            simulation.invariants().onSetAsked(this, alter.newSet());
            simulation.faults().onSetAsked(this);
        } else if (action.content() instanceof ControllerRequest.Heartbeat heartbeat) {
            heartbeatsSentUs.put(action.request(), simulation.time().nowUs());
            if (heartbeat.resigns()) {
                simulation.count(Counter.RESIGNED);
            }
        }
        SimNetwork.Link over = link;
        Session mine = session;
        SimController asked = controller;
        over.send(this, () -> asked.request(over, mine, group, action.request(), action.content()));
    }

    @Override
    public void storeIdentity(AgentAction.StoreIdentity action) {
        after(chance.between(100, 3_000), () -> {
            if (chance.permille(simulation.isHealed() ? 0 : 50)) {
                step(new AgentEvent.IdentityNotStored("disk full"));
            } else {
                identityFile = Optional.of(action.identity());
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

    @Override
    public void becomeMaster(AgentAction.BecomeMaster action) {
        boolean wasLeading = leading;
        beginSwitch();
        switchLater(action.attempt(), () -> {
            role = Role.MASTER;
            leading = true;
            roleEpoch = action.masterEpoch();
            if (wasLeading) {
                log.continueUnder(roleEpoch);
            } else {
                log.beginEpoch(roleEpoch);
            }
            epochStart = log.size();
            rule = AckRule.ALL_IN_SYNC;
            confirmed = action.syncStateSet();
            acking = new TreeSet<>(confirmed.members());
            confirmOffset = 0;
            simulation.count(Counter.MASTERS);
            simulation.invariants().onMaster(this);
        });
    }

    @Override
    public void becomeSlave(AgentAction.BecomeSlave action) {
        beginSwitch();
        switchLater(action.attempt(), () -> {
            role = Role.SLAVE;
            roleEpoch = action.masterEpoch();
            log.forgetEpochsBehindTheEnd();
            replication.follow(action.haAddress());
        });
    }

    private void beginSwitch() {
        role = Role.SWITCHING;
        leading = false;
        pending.clear();
        replication.dropSlaves();
        replication.stopFollowing();
    }

    private void switchLater(long attempt, Runnable switched) {
        long tookUs = chance.between(500, simulation.plan().switchMaxMs() * 1_000);
        boolean fails =
                !simulation.isHealed() && chance.permille(simulation.plan().switchFailPermille());
        after(tookUs, () -> {
            if (fails) {
                role = Role.NONE;
                simulation.count(Counter.SWITCHES_FAILED);
                step(new AgentEvent.SwitchFailed(attempt, "by the plan"));
            } else {
                switched.run();
                step(new AgentEvent.SwitchDone(attempt));
            }
        });
    }

    @Override
    public void followHaAddress(AgentAction.FollowHaAddress action) {
        if (isSlave()) {
            replication.follow(action.haAddress());
        }
    }

    @Override
    public void useSyncStateSet(AgentAction.UseSyncStateSet action) {
        if (isMaster() && action.masterEpoch() == roleEpoch) {
            confirmed = action.confirmed();
            acking = new TreeSet<>(action.acking());
            simulation.invariants().onSetConfirmed(this, roleEpoch, confirmed);
            // What waits may be acknowledged now; not from within a step of the agent.
            after(0, this::acknowledge);
        }
    }

    @Override
    public void useAckRule(AgentAction.UseAckRule action) {
        rule = action.rule();
        after(0, this::acknowledge);
    }

    @Override
    public void askPeer(AgentAction.AskPeer action) {
        SimBroker peer = at(action.address());
        long master = brokerId();
        int ofLife = life();
        simulation.network().send(this, peer, () -> peer.onPeerAsked(this, ofLife, action, master));
        after(settings.leaseMs() / 2 * 1_000, () -> step(new AgentEvent.PeerSilent(action.question())));
    }

    private void onPeerAsked(SimBroker from, int fromLife, AgentAction.AskPeer ask, long master) {
        if (agent == null) {
            return;
        }
        long question = ++lastQuestion;
        questions.put(question, (confirms, known) -> simulation.network().send(this, from, () -> {
            if (from.life() == fromLife) {
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
    public void note(AgentAction.Note action) {
        // Is in the trace like every action.
    }

    @Override
    public void stopped(AgentAction.Stopped action) {
        after(1_000, () -> {
            crash();
            if (simulation.isHealed()) {
                start();
            }
        });
    }
}
