package io.mqcontroller.agent.simulation;

import io.mqcontroller.agent.core.AckRule;
import io.mqcontroller.agent.core.AgentSettings;
import io.mqcontroller.agent.core.BrokerReport;
import io.mqcontroller.agent.core.ControllerAnswer;
import io.mqcontroller.agent.core.ControllerRequest;
import io.mqcontroller.agent.core.GroupView;
import io.mqcontroller.agent.core.HandOverReport;
import io.mqcontroller.agent.core.Identity;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * RocketMQ's own replicas manager, as far as others notice it: a broker that keeps its role until it hears of another one. It has
 * no lease, is never fenced once it has begun, and answers no peer.
 */
final class RocketMqControl implements BrokerControl {
    private static final long ATTEMPT_US = 1_000_000;
    private static final long POLL_US = 5_000_000;
    private static final long REDIAL_US = 1_000_000;
    private static final long ANSWER_WITHIN_MS = 3_000;

    private final SimBroker broker;
    private final Simulation simulation;
    private final AgentSettings settings;
    private final SortedMap<String, Session> sessions = new TreeMap<>();
    private final SortedMap<Long, Consumer<ControllerAnswer>> asked = new TreeMap<>();
    private final OwnSyncStateSet set;
    private String leader;
    private long lastRequest;
    private long busyUntilMs = Long.MIN_VALUE;
    private boolean begun;
    private int masterEpoch;
    private boolean switching;
    private Optional<GroupView> waiting = Optional.empty();

    RocketMqControl(SimBroker broker, AgentSettings settings) {
        this.broker = broker;
        this.simulation = broker.simulation;
        this.settings = settings;
        set = new OwnSyncStateSet(broker, settings.haMaxTimeSlaveNotCatchupMs(), this::alter);
        leader = simulation.controllerNames().get(0);
    }

    @Override
    public void begin() {
        simulation.controllerNames().forEach(this::dial);
        every(ATTEMPT_US, this::attempt);
        every(settings.heartbeatIntervalMs() * 1_000, () -> {
            if (begun) {
                heartbeat();
            }
        });
        every(POLL_US, this::poll);
    }

    private void every(long periodUs, Runnable task) {
        broker.after(periodUs, () -> {
            task.run();
            every(periodUs, task);
        });
    }

    @Override
    public void look() {
        if (broker.isMaster()) {
            set.look();
        }
    }

    /** It says farewell to nobody, and ends when it is done with what it does. */
    @Override
    public void stop() {
        broker.after(broker.chance.between(500_000, 3_000_000), broker::endSoon);
    }

    @Override
    public boolean takesWrites() {
        return true;
    }

    @Override
    public boolean allowsWrites() {
        return true;
    }

    // ---- its controllers

    private final class Session implements SimController.Agent {
        private final String name;
        private final SimController controller;
        private final SimNetwork.Link link;

        Session(String name) {
            this.name = name;
            controller = simulation.controller(name);
            link = simulation.network().dial(broker, controller, made -> controller.accept(made, this), this::lost);
        }

        void send(long request, ControllerRequest content) {
            link.send(broker, () -> controller.request(link, this, broker.group(), request, content));
        }

        @Override
        public boolean isAgent() {
            return false;
        }

        @Override
        public void greeted(boolean leads, String known) {
            // Nothing of the kind is said in RocketMQ's protocol.
        }

        @Override
        public void answered(long request, ControllerAnswer answer) {
            Consumer<ControllerAnswer> whenAnswered = asked.remove(request);
            if (whenAnswered == null || broker.control() != RocketMqControl.this) {
                return;
            }
            busyUntilMs = Long.MIN_VALUE;
            if (answer instanceof ControllerAnswer.NotDone refused
                    && refused.reason() == ControllerAnswer.Reason.NOT_LEADER) {
                leader = refused.leaderAddress().isEmpty() ? another() : refused.leaderAddress();
            }
            whenAnswered.accept(answer);
        }

        @Override
        public void pushed(GroupView view) {
            // From a controller that does not know yet that the agent is gone: not a word of RocketMQ's protocol.
        }

        @Override
        public void lost() {
            sessions.remove(name);
            broker.after(REDIAL_US, () -> dial(name));
        }
    }

    private void dial(String controller) {
        sessions.put(controller, new Session(controller));
    }

    private String another() {
        List<String> names = simulation.controllerNames();
        return names.get((names.indexOf(leader) + 1) % names.size());
    }

    /** Once at a time: who waits for an answer asks nothing else. */
    private void ask(ControllerRequest content, Consumer<ControllerAnswer> whenAnswered) {
        Session session = sessions.get(leader);
        if (broker.nowMs() < busyUntilMs) {
            return;
        }
        asked.clear();
        if (session == null) {
            leader = another();
            return;
        }
        long request = ++lastRequest;
        asked.put(request, whenAnswered);
        busyUntilMs = broker.nowMs() + ANSWER_WITHIN_MS;
        session.send(request, content);
        broker.after(ANSWER_WITHIN_MS * 1_000, () -> {
            if (asked.remove(request) != null) {
                leader = another();
            }
        });
    }

    // ---- its start

    private void attempt() {
        if (begun) {
            return;
        }
        Optional<Identity> identity = broker.identity();
        if (identity.isEmpty()) {
            ask(new ControllerRequest.NextBrokerId(), this::onOffer);
        } else if (!identity.get().isFinal()) {
            ask(
                    new ControllerRequest.ApplyBrokerId(
                            identity.get().brokerId(),
                            identity.get().checkCode().orElseThrow()),
                    this::onApplied);
        } else {
            register();
        }
    }

    private void onOffer(ControllerAnswer answer) {
        if (answer instanceof ControllerAnswer.BrokerIdOffered offer) {
            String code = broker.name + ";" + simulation.time().nowUs();
            keep(offer.brokerId(), Optional.of(code));
        }
    }

    private void onApplied(ControllerAnswer answer) {
        if (answer instanceof ControllerAnswer.BrokerIdTaken) {
            keep(broker.identity().orElseThrow().brokerId(), Optional.empty());
        } else if (answer instanceof ControllerAnswer.NotDone refused
                && refused.reason() == ControllerAnswer.Reason.BROKER_ID_TAKEN) {
            broker.forgetIdentity();
        }
    }

    private void keep(long brokerId, Optional<String> checkCode) {
        broker.keep(new Identity(settings.cluster(), settings.brokerName(), brokerId, checkCode));
    }

    private void register() {
        ask(new ControllerRequest.Register(broker.brokerId(), broker.name, ""), answer -> {
            if (answer instanceof ControllerAnswer.Group told) {
                heartbeat();
                take(told.group());
            }
        });
    }

    /** A group without a master is asked to elect one; else the role is as it is told. */
    private void take(GroupView view) {
        if (view.master() != 0) {
            begun = true;
            told(view);
        } else {
            ask(new ControllerRequest.ElectMaster(broker.brokerId()), answer -> {
                if (answer instanceof ControllerAnswer.Group elected
                        && elected.group().master() != 0) {
                    begun = true;
                    told(elected.group());
                }
            });
        }
    }

    // ---- its role

    private void heartbeat() {
        BrokerReport report = broker.report();
        ControllerRequest heartbeat = new ControllerRequest.Heartbeat(
                broker.brokerId(),
                broker.name,
                "",
                report.lastEpoch(),
                0,
                report.maxOffset(),
                report.confirmOffset(),
                settings.heartbeatTimeoutMs(),
                settings.priority(),
                ControllerRequest.Role.FENCED,
                0,
                AckRule.ALL_IN_SYNC,
                false,
                false,
                "",
                new ControllerRequest.HeartbeatStatus(0, 0, List.of()),
                HandOverReport.NONE,
                0,
                false);
        List.copyOf(sessions.values()).forEach(session -> session.send(0, heartbeat));
    }

    private void poll() {
        if (!begun) {
            return;
        }
        ask(new ControllerRequest.GetGroup(), answer -> {
            if (answer instanceof ControllerAnswer.Group told) {
                take(told.group());
                set.checkInTurn();
            } else if (answer instanceof ControllerAnswer.NotDone refused
                    && refused.reason() == ControllerAnswer.Reason.UNKNOWN_GROUP) {
                register();
            }
        });
    }

    /** The group is like this: as an answer says, or a controller by itself. */
    void told(GroupView view) {
        if (!begun || view.master() == 0) {
            return;
        }
        if (view.masterEpoch() > masterEpoch) {
            masterEpoch = view.masterEpoch();
            become(view);
        } else if (view.masterEpoch() == masterEpoch && broker.isMaster()) {
            set.confirm(view.syncStateSet());
        }
    }

    /** One change after the other; of those that wait only the newest counts. */
    private void become(GroupView view) {
        if (switching) {
            waiting = Optional.of(view);
            return;
        }
        switching = true;
        simulation.note(broker.name, "is told of " + view);
        if (view.master() == broker.brokerId()) {
            broker.becomeMaster(view.masterEpoch(), view.syncStateSet().members(), done -> {
                simulation.count(Counter.MASTERS_WITHOUT_AGENT);
                set.begin(view.syncStateSet());
                becomeNext();
            });
        } else {
            String master = view.replica(view.master()).orElseThrow().address();
            broker.becomeSlave(view.masterEpoch(), master, done -> becomeNext());
        }
    }

    private void becomeNext() {
        Optional<GroupView> next = waiting;
        switching = false;
        waiting = Optional.empty();
        next.ifPresent(this::become);
    }

    private void alter(SortedSet<Long> wanted, int knownEpoch) {
        int epoch = masterEpoch;
        simulation.count(Counter.SETS_ASKED_FOR);
        simulation.invariants().onSetAsked(broker, wanted);
        simulation.faults().onSetAsked(broker);
        ask(new ControllerRequest.AlterSyncStateSet(broker.brokerId(), epoch, wanted, knownEpoch), answer -> {
            if (answer instanceof ControllerAnswer.Group told && epoch == masterEpoch && broker.isMaster()) {
                set.confirm(told.group().syncStateSet());
            }
        });
    }
}
