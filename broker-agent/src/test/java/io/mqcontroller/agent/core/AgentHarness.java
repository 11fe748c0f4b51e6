package io.mqcontroller.agent.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** An agent under test, the clock, the broker and the controllers being the test's. Its own id is 1 unless it says otherwise. */
final class AgentHarness {
    static final String LEADER = "n0:9877";
    static final String OTHER = "n1:9877";

    final AgentSettings settings;
    final AgentCore core;
    final List<AgentAction> actions = new ArrayList<>();
    long nowMs = 1_000_000;
    long maxOffset = 100;
    long confirmOffset = 100;
    AckRule wanted = AckRule.ALL_IN_SYNC;
    String unfit = "";
    List<SlaveProgress> slaves = List.of();
    long connection;
    long id = 1;

    /** Whether time brings answers to heartbeats and polls: the group as last told, and this lease. */
    boolean answering = true;

    long grantsMs;
    private GroupView told = view(0, 0, 0);
    private final List<AgentAction.Ask> unanswered = new ArrayList<>();

    AgentHarness() {
        this(LeaseMode.SAFE);
    }

    AgentHarness(LeaseMode mode) {
        this(AgentSettings.defaults("C", "b", "b1:10911", "b1:10912").withRole(7, false, mode));
    }

    AgentHarness(AgentSettings settings) {
        this.settings = settings;
        core = new AgentCore(settings);
    }

    // ---- what happens

    AgentHarness on(AgentEvent event) {
        actions.clear();
        actions.addAll(core.step(nowMs, event));
        for (AgentAction action : actions) {
            if (action instanceof AgentAction.Ask ask) {
                unanswered.add(ask);
            }
        }
        return this;
    }

    AgentHarness start(Identity identity) {
        return on(
                new AgentEvent.Started(Optional.ofNullable(identity), "b1:10911;77", List.of(LEADER, OTHER), report()));
    }

    BrokerReport report() {
        return new BrokerReport(0, maxOffset, confirmOffset, 0, wanted, unfit, slaves);
    }

    AgentHarness tick() {
        return on(new AgentEvent.Tick(report()));
    }

    /** The time goes on; no tick in between. */
    AgentHarness after(long ms) {
        nowMs += ms;
        List<AgentAction> first = answerWhatWaits();
        tick();
        actions.addAll(0, first);
        return this;
    }

    /** The time goes on as a driver lets it, with a tick whenever one is due; keeps all actions. */
    AgentHarness pass(long ms) {
        long endMs = nowMs + ms;
        List<AgentAction> all = new ArrayList<>();
        while (core.nextDueMs() <= endMs) {
            nowMs = Math.max(nowMs, core.nextDueMs());
            all.addAll(answerWhatWaits());
            tick();
            all.addAll(actions);
            if (nowMs == endMs) {
                break;
            }
        }
        if (nowMs < endMs) {
            nowMs = endMs;
            tick();
            all.addAll(actions);
        }
        actions.clear();
        actions.addAll(all);
        return this;
    }

    private List<AgentAction> answerWhatWaits() {
        List<AgentAction> followed = new ArrayList<>();
        List<AgentAction.Ask> waiting = List.copyOf(unanswered);
        unanswered.clear();
        for (AgentAction.Ask ask : waiting) {
            if (!answering || ask.connection() != connection) {
                continue;
            }
            if (ask.content() instanceof ControllerRequest.Heartbeat) {
                on(new AgentEvent.Answered(connection, ask.request(), granted(told, grantsMs)));
            } else if (ask.content() instanceof ControllerRequest.GetGroup) {
                on(new AgentEvent.Answered(connection, ask.request(), group(told)));
            } else if (ask.content() instanceof ControllerRequest.ElectMaster) {
                on(new AgentEvent.Answered(
                        connection,
                        ask.request(),
                        new ControllerAnswer.NotDone(ControllerAnswer.Reason.NO_ELIGIBLE_REPLICA, "", "")));
            } else if (ask.content() instanceof ControllerRequest.GetCluster) {
                on(new AgentEvent.Answered(
                        connection, ask.request(), new ControllerAnswer.Members(List.of(LEADER, OTHER))));
            } else {
                unanswered.add(ask);
                continue;
            }
            followed.addAll(actions);
        }
        return followed;
    }

    private void heard(ControllerAnswer answer) {
        if (answer instanceof ControllerAnswer.Group group) {
            told = group.group();
        } else if (answer instanceof ControllerAnswer.Heartbeat heartbeat) {
            told = heartbeat.group();
        }
    }

    AgentHarness greetedByLeader() {
        AgentAction.Dial dial = last(AgentAction.Dial.class);
        connection = dial.connection();
        return on(new AgentEvent.Greeted(connection, true, dial.address()));
    }

    AgentHarness answer(AgentAction.Ask ask, ControllerAnswer answer) {
        unanswered.remove(ask);
        heard(answer);
        return on(new AgentEvent.Answered(ask.connection(), ask.request(), answer));
    }

    AgentHarness answer(Class<? extends ControllerRequest> kind, ControllerAnswer answer) {
        return answer(ask(kind), answer);
    }

    AgentHarness refuse(Class<? extends ControllerRequest> kind, ControllerAnswer.Reason reason) {
        return answer(kind, new ControllerAnswer.NotDone(reason, "no", ""));
    }

    AgentHarness push(GroupView view) {
        told = view;
        return on(new AgentEvent.Pushed(connection, view));
    }

    // ---- what is known

    static Identity identity(long id) {
        return new Identity("C", "b", id, Optional.empty());
    }

    static Identity appliedFor(long id, String code) {
        return new Identity("C", "b", id, Optional.of(code));
    }

    /** Replicas 1, 2 and 3, all alive and with agents. */
    static GroupView view(long master, int masterEpoch, int setEpoch, long... set) {
        return view(master, masterEpoch, setEpoch, true, set);
    }

    static GroupView view(long master, int masterEpoch, int setEpoch, boolean agents, long... set) {
        List<ReplicaView> replicas = new ArrayList<>();
        for (long id = 1; id <= 3; id++) {
            replicas.add(new ReplicaView(id, "b" + id + ":10911", "b" + id + ":10912", true, agents || id == 1));
        }
        return new GroupView(
                master,
                masterEpoch,
                SyncStateSet.of(setEpoch, Arrays.stream(set).boxed().toList()),
                replicas);
    }

    static ControllerAnswer.Group group(GroupView view) {
        return new ControllerAnswer.Group(view);
    }

    static ControllerAnswer.Heartbeat granted(GroupView view, long leaseMs) {
        return new ControllerAnswer.Heartbeat(view, leaseMs, AckRule.ALL_IN_SYNC);
    }

    static SlaveProgress slave(long id, long ackOffset) {
        return new SlaveProgress(id, true, ackOffset, false);
    }

    static SlaveProgress gone(long id) {
        return new SlaveProgress(id, false, -1, false);
    }

    static SortedSet<Long> ids(long... ids) {
        return new TreeSet<>(Arrays.stream(ids).boxed().toList());
    }

    // ---- shortcuts to states

    /** With brokerId 1, registered; the group is as given. */
    AgentHarness registered(GroupView view) {
        start(identity(id)).greetedByLeader();
        return answer(ControllerRequest.Register.class, group(view));
    }

    /** Master under epoch 5 with this set of epoch 8, all of whom have all, its promise from the start over, no lease. */
    AgentHarness master(long... set) {
        slaves = Arrays.stream(set)
                .filter(member -> member != id)
                .mapToObj(member -> slave(member, maxOffset))
                .toList();
        registered(view(0, 4, 7, set));
        push(view(1, 5, 8, set)).done();
        return promiseOver();
    }

    /** The switch that was asked for succeeds. */
    AgentHarness done() {
        return on(new AgentEvent.SwitchDone(switchAttempt()));
    }

    AgentHarness failed() {
        return on(new AgentEvent.SwitchFailed(switchAttempt(), "disk"));
    }

    private long attempt;

    long switchAttempt() {
        for (AgentAction action : actions) {
            if (action instanceof AgentAction.BecomeMaster become) {
                attempt = become.attempt();
            } else if (action instanceof AgentAction.BecomeSlave become) {
                attempt = become.attempt();
            }
        }
        return attempt;
    }

    /** The promise that every process begins with runs out. */
    AgentHarness promiseOver() {
        pass(core.status().promisedUntilMs() - nowMs);
        return tick();
    }

    // ---- what it did

    <A extends AgentAction> Optional<A> find(Class<A> kind) {
        return actions.stream().filter(kind::isInstance).map(kind::cast).reduce((first, second) -> second);
    }

    <A extends AgentAction> A last(Class<A> kind) {
        return find(kind).orElseThrow(() -> new AssertionError("no " + kind.getSimpleName() + " in " + actions));
    }

    boolean did(Class<? extends AgentAction> kind) {
        return find(kind).isPresent();
    }

    int indexOf(Class<? extends AgentAction> kind) {
        for (int i = 0; i < actions.size(); i++) {
            if (kind.isInstance(actions.get(i))) {
                return i;
            }
        }
        throw new AssertionError("no " + kind.getSimpleName() + " in " + actions);
    }

    AgentAction.Ask ask(Class<? extends ControllerRequest> kind) {
        AgentAction.Ask found = null;
        for (AgentAction action : actions) {
            if (action instanceof AgentAction.Ask ask && kind.isInstance(ask.content())) {
                found = ask;
            }
        }
        assertTrue(found != null, () -> "no " + kind.getSimpleName() + " in " + actions);
        return found;
    }

    boolean asks(Class<? extends ControllerRequest> kind) {
        return actions.stream().anyMatch(a -> a instanceof AgentAction.Ask ask && kind.isInstance(ask.content()));
    }

    <R extends ControllerRequest> R request(Class<R> kind) {
        return kind.cast(ask(kind).content());
    }

    /** Lets time pass to the next heartbeat, which waits for an answer then. */
    ControllerRequest.Heartbeat heartbeat() {
        boolean sent = unanswered.stream()
                .anyMatch(ask -> actions.contains(ask) && ask.content() instanceof ControllerRequest.Heartbeat);
        for (int i = 0; i < 100 && !sent; i++) {
            pass(Math.max(0, core.nextDueMs() - nowMs));
            sent = asks(ControllerRequest.Heartbeat.class);
        }
        return request(ControllerRequest.Heartbeat.class);
    }

    /** The next heartbeat is answered with this lease. */
    AgentHarness lease(long leaseMs) {
        heartbeat();
        return answer(ControllerRequest.Heartbeat.class, granted(told, leaseMs));
    }

    long writableForMs() {
        long untilMs = core.status().writableUntilMs();
        return untilMs == Long.MAX_VALUE ? Long.MAX_VALUE : untilMs <= nowMs ? 0 : untilMs - nowMs;
    }

    boolean isWritable() {
        return core.status().writableUntilMs() > nowMs;
    }

    AgentHarness is(AgentState state) {
        assertEquals(state, core.status().state());
        return this;
    }
}
