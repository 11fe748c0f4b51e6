package io.mqcontroller.controller.controller;

import io.mqcontroller.controller.controller.history.HistoryEvent;
import io.mqcontroller.controller.controller.service.ConnectionId;
import io.mqcontroller.controller.controller.service.ControllerObserver;
import io.mqcontroller.controller.controller.service.ControllerService.AlterSyncStateSet;
import io.mqcontroller.controller.controller.service.ControllerService.ApplyBrokerId;
import io.mqcontroller.controller.controller.service.ControllerService.CleanBrokers;
import io.mqcontroller.controller.controller.service.ControllerService.ElectMaster;
import io.mqcontroller.controller.controller.service.ControllerService.Elected;
import io.mqcontroller.controller.controller.service.ControllerService.Heartbeat;
import io.mqcontroller.controller.controller.service.ControllerService.Register;
import io.mqcontroller.controller.controller.service.GroupRef;
import io.mqcontroller.controller.controller.service.LeaseRefusal;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.controller.service.RoleNotifier;
import io.mqcontroller.controller.controller.service.RoleView;
import io.mqcontroller.controller.election.InSyncFirstPolicy;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.ElectionPolicy;
import io.mqcontroller.controller.metadata.ElectionReason;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.Refusal;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.node.ReadResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** A controller core with a fake Raft and a clock that only the test moves; brokers that send a heartbeat each second. */
final class CoreHarness {
    static final String CLUSTER = "C";
    static final NodeId SELF = new NodeId("n0");
    static final NodeId OTHER = new NodeId("n1");

    final FakeConsensus raft = new FakeConsensus(SELF);
    final List<String> notified = new ArrayList<>();
    final List<String> pushed = new ArrayList<>();
    final List<NodeId> leaders = new ArrayList<>();
    final Recorder observer = new Recorder();
    final List<HistoryEvent> history = new ArrayList<>();
    final ControllerCore core;
    final Map<String, Broker> brokers = new LinkedHashMap<>();
    boolean commits = true;
    long nowMs = 1_000_000;

    /** Counts what the core says. */
    static final class Recorder implements ControllerObserver {
        final List<String> elections = new ArrayList<>();
        final List<String> nobody = new ArrayList<>();
        final List<Refusal> refusals = new ArrayList<>();
        final List<String> failures = new ArrayList<>();
        final List<LeaseRefusal> leaseRefusals = new ArrayList<>();
        int heldUp;
        int heartbeatsRefused;
        int adopted;
        int settled;

        @Override
        public void onElection(GroupKey group, ElectionReason reason, Optional<BrokerId> master, boolean unclean) {
            elections.add(group.brokerName() + " " + reason + " "
                    + master.map(BrokerId::toString).orElse("none") + (unclean ? " unclean" : ""));
        }

        @Override
        public void onNobodyEligible(GroupKey group, String why) {
            nobody.add(why);
        }

        @Override
        public void onRefused(String useCase, Refusal refusal) {
            refusals.add(refusal);
        }

        @Override
        public void onHeartbeatRefused(String reason) {
            heartbeatsRefused++;
        }

        @Override
        public void onReplicaAdopted(GroupKey group, BrokerId id) {
            adopted++;
        }

        @Override
        public void onSyncStateSetSettled(GroupKey group) {
            settled++;
        }

        @Override
        public void onLeaseRefused(GroupKey group, LeaseRefusal reason) {
            leaseRefusals.add(reason);
        }

        @Override
        public void onElectionHeldUp(GroupKey group, long ms) {
            heldUp++;
        }

        @Override
        public void onTaskFailed(String task, Throwable error) {
            failures.add(task + ": " + error);
        }
    }

    /** A broker as the controller hears it. */
    static final class Broker {
        final GroupKey group;
        final long id;
        String address;
        long connection;
        int epoch = -1;
        long maxOffset;
        int priority = Integer.MAX_VALUE;
        boolean beating = true;

        Broker(GroupKey group, long id, long connection) {
            this.group = group;
            this.id = id;
            this.connection = connection;
            this.address = "127.0.0.1:" + (10_000 + connection);
        }
    }

    CoreHarness() {
        this(new InSyncFirstPolicy());
    }

    CoreHarness(ElectionPolicy policy) {
        this(policy, ControllerSettings.DEFAULT);
    }

    CoreHarness(ElectionPolicy policy, ControllerSettings settings) {
        core = new ControllerCore(settings, raft, policy, new Notifications(), observer, history::add);
    }

    /** What the core says by itself. */
    private final class Notifications implements RoleNotifier {
        @Override
        public void notifyRole(String address, BrokerGroup group) {
            notified.add(address + describe(group));
        }

        @Override
        public void notifyLeader(NodeId leader) {
            leaders.add(leader);
        }

        @Override
        public void notifyAgent(ConnectionId connection, RoleView view) {
            pushed.add(connection.value() + describe(view.group()) + " set "
                    + view.group().syncStateSet().describeMembers());
        }

        private static String describe(BrokerGroup group) {
            return " " + group.key().brokerName() + " master "
                    + group.master().map(BrokerId::toString).orElse("none") + " epoch " + group.masterEpoch();
        }
    }

    static CoreHarness leading() {
        CoreHarness harness = new CoreHarness();
        harness.lead(1);
        return harness;
    }

    void lead(long term) {
        raft.term = term;
        deliver(new ControllerEvent.Leading(term));
    }

    void follow(NodeId leader) {
        deliver(new ControllerEvent.Following(raft.term, Optional.ofNullable(leader)));
    }

    /** One turn with this event, and what Raft has to say to it. */
    void deliver(ControllerEvent... events) {
        core.turn(nowMs, List.of(events));
        settle();
    }

    void settle() {
        while (commits && (!raft.proposals.isEmpty() || !raft.reads.isEmpty())) {
            List<ControllerEvent> events = new ArrayList<>();
            if (!raft.proposals.isEmpty()) {
                events.addAll(raft.commitNext());
            } else {
                events.add(raft.readNext(new ReadResult.Ready(raft.log.size())));
            }
            core.turn(nowMs, events);
        }
    }

    /** Lets time pass; every broker that is beating sends a heartbeat each second. */
    void pass(long ms) {
        long endMs = nowMs + ms;
        while (nowMs < endMs) {
            long stepMs = Math.min(10, endMs - nowMs);
            nowMs += stepMs;
            if (nowMs / 1000 != (nowMs - stepMs) / 1000) {
                brokers.values().stream().filter(b -> b.beating).forEach(this::beat);
            }
            deliver();
        }
    }

    <Q, T> Answer<T> ask(ControllerEvent.UseCase<Q, T> useCase, Q request) {
        Answer<T> answer = new Answer<>();
        deliver(new ControllerEvent.Ask<>(useCase, request, answer::set));
        return answer;
    }

    /** An answer that may not have come yet. */
    static final class Answer<T> {
        private Reply<T> reply;
        private int count;

        void set(Reply<T> value) {
            reply = value;
            count++;
        }

        boolean isThere() {
            return count > 0;
        }

        boolean isWaiting() {
            return count == 0;
        }

        boolean isIndeterminate() {
            return get() instanceof Reply.Indeterminate<T>;
        }

        Reply<T> get() {
            if (count != 1) {
                throw new AssertionError("answered " + count + " times: " + reply);
            }
            return reply;
        }

        T value() {
            if (get() instanceof Reply.Done<T> done) {
                return done.value();
            }
            throw new AssertionError("not done: " + reply);
        }

        Refusal refusal() {
            return refused().refusal();
        }

        String message() {
            return refused().message();
        }

        private Reply.Refused<T> refused() {
            if (get() instanceof Reply.Refused<T> refused) {
                return refused;
            }
            throw new AssertionError("not refused: " + reply);
        }
    }

    static GroupKey key(String name) {
        return new GroupKey(CLUSTER, name);
    }

    static SortedSet<BrokerId> ids(long... values) {
        SortedSet<BrokerId> ids = new TreeSet<>();
        for (long value : values) {
            ids.add(new BrokerId(value));
        }
        return ids;
    }

    BrokerGroup group(String name) {
        return core.state().metadata().group(key(name)).orElseThrow();
    }

    /** A broker that is known to the test, and says nothing yet. */
    Broker broker(String name, long id) {
        return brokers.computeIfAbsent(name + "/" + id, k -> new Broker(key(name), id, brokers.size() + 1L));
    }

    void beat(Broker broker) {
        deliver(new ControllerEvent.HeartbeatReceived(heartbeatOf(broker)));
    }

    Heartbeat heartbeatOf(Broker b) {
        return new Heartbeat(
                b.group,
                new BrokerId(b.id),
                b.address,
                b.epoch,
                b.maxOffset,
                b.maxOffset,
                10_000,
                b.priority,
                new ConnectionId(b.connection));
    }

    Answer<GroupKey> apply(Broker b) {
        return ask(
                UseCases::applyBrokerId,
                new ApplyBrokerId(b.group, new BrokerId(b.id), b.address + ";1", new ConnectionId(b.connection)));
    }

    Answer<RoleView> register(Broker b) {
        return ask(
                UseCases::register,
                new Register(b.group, new BrokerId(b.id), b.address, new ConnectionId(b.connection)));
    }

    Answer<Elected> electFor(Broker b) {
        return ask(UseCases::electMaster, new ElectMaster(ref(b), Optional.of(new BrokerId(b.id)), false));
    }

    Answer<Elected> designate(String name, long id) {
        return ask(UseCases::electMaster, new ElectMaster(ref(name), Optional.of(new BrokerId(id)), true));
    }

    Answer<Elected> electForNobody(String name) {
        return ask(UseCases::electMaster, new ElectMaster(ref(name), Optional.empty(), false));
    }

    Answer<RoleView> alter(String name, long master, int masterEpoch, SortedSet<BrokerId> set, int knownEpoch) {
        return ask(
                UseCases::alterSyncStateSet,
                new AlterSyncStateSet(ref(name), new BrokerId(master), masterEpoch, set, knownEpoch));
    }

    Answer<RoleView> info(String name) {
        return ask(UseCases::replicaInfo, ref(name));
    }

    /** As the broker itself asks, over its connection. */
    Answer<RoleView> info(Broker b) {
        return ask(UseCases::replicaInfo, ref(b));
    }

    Answer<GroupKey> clean(String name, boolean living, long... ids) {
        return ask(UseCases::cleanBrokers, new CleanBrokers(ref(name), ids(ids), living));
    }

    static GroupRef ref(String name) {
        return new GroupRef(Optional.empty(), name, new ConnectionId(999));
    }

    private static GroupRef ref(Broker b) {
        return new GroupRef(Optional.of(b.group.cluster()), b.group.brokerName(), new ConnectionId(b.connection));
    }

    void close(long connection) {
        deliver(new ControllerEvent.ConnectionClosed(new ConnectionId(connection)));
    }

    /** The broker's process is gone: silence, and its connection closed. */
    void kill(Broker b) {
        b.beating = false;
        close(b.connection);
    }

    /** What an Apache broker does at its first start. */
    void start(Broker b) {
        apply(b).value();
        register(b).value();
        b.beating = true;
        beat(b);
        if (group(b.group.brokerName()).master().isEmpty()) {
            electFor(b).value();
        }
    }

    /** A group with replicas 1 to {@code size}, all in the SyncStateSet, 1 being master. */
    void group(String name, int size) {
        for (long id = 1; id <= size; id++) {
            start(broker(name, id));
        }
        for (int id = 2; id <= size; id++) {
            long[] members = java.util.stream.LongStream.rangeClosed(1, id).toArray();
            BrokerGroup now = group(name);
            alter(name, 1, now.masterEpoch(), ids(members), now.syncStateSet().epoch())
                    .value();
        }
    }
}
