package io.mqcontroller.controller.remoting;

import io.mqcontroller.controller.controller.service.ConnectionId;
import io.mqcontroller.controller.controller.service.ControllerService;
import io.mqcontroller.controller.controller.service.Drained;
import io.mqcontroller.controller.controller.service.GroupDetails;
import io.mqcontroller.controller.controller.service.GroupRef;
import io.mqcontroller.controller.controller.service.LeaseAnswer;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.controller.service.RoleView;
import io.mqcontroller.controller.metadata.AckRule;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.Replica;
import io.mqcontroller.controller.metadata.ReplicaReport;
import io.mqcontroller.controller.metadata.SyncStateSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands in for the controller: keeps what it is asked, and answers everything with one group, or as it was told. */
public final class FakeControllerService implements ControllerService {
    public static final GroupKey KEY = new GroupKey("C", "b");

    /** Group {@code b} with replicas 1 (master) and 2, both in sync, epochs 3 and 8. */
    public static final BrokerGroup GROUP = group(1, 3, List.of(1L, 2L), 8);

    public final List<Object> calls = new CopyOnWriteArrayList<>();
    public final List<ConnectionId> closed = new CopyOnWriteArrayList<>();

    /** When set, every call gets this stage instead. */
    public volatile CompletionStage<?> next;

    public static BrokerGroup group(long master, int masterEpoch, List<Long> inSync, int setEpoch) {
        TreeMap<BrokerId, Replica> replicas = new TreeMap<>();
        for (long id = 1; id <= 2; id++) {
            replicas.put(
                    new BrokerId(id),
                    new Replica(new BrokerId(id), id == 1 ? "127.0.0.1:10911" : "127.0.0.1:10921", ""));
        }
        TreeSet<BrokerId> members = new TreeSet<>();
        inSync.forEach(id -> members.add(new BrokerId(id)));
        Optional<BrokerId> masterId = master == 0 ? Optional.empty() : Optional.of(new BrokerId(master));
        return new BrokerGroup(KEY, replicas, 3, masterId, masterEpoch, new SyncStateSet(members, setEpoch));
    }

    public static RoleView view(BrokerGroup group, boolean masterAlive) {
        TreeMap<BrokerId, Boolean> alive = new TreeMap<>();
        alive.put(new BrokerId(1), masterAlive);
        alive.put(new BrokerId(2), false);
        return new RoleView(group, masterAlive, alive, new TreeMap<>());
    }

    /** All of {@link #GROUP}, whose master is alive. */
    public static GroupDetails details() {
        Replica master = GROUP.replicas().get(new BrokerId(1));
        GroupDetails.OfReplica ofMaster = new GroupDetails.OfReplica(
                master,
                new ReplicaReport(true, 3, 3, 100, 0, 5),
                "",
                100,
                10_000,
                List.of(),
                "",
                Optional.empty(),
                Optional.empty());
        return new GroupDetails(GROUP, 0, false, "", List.of(ofMaster));
    }

    @Override
    public CompletionStage<Reply<Long>> nextBrokerId(GroupKey group) {
        return answer(group, 1L);
    }

    @Override
    public CompletionStage<Reply<GroupKey>> applyBrokerId(ApplyBrokerId request) {
        return answer(request, request.group());
    }

    @Override
    public CompletionStage<Reply<RoleView>> register(Register request) {
        return answer(request, view(GROUP, true));
    }

    @Override
    public CompletionStage<Reply<Elected>> electMaster(ElectMaster request) {
        return answer(request, new Elected(view(group(1, 4, List.of(1L), 9), true), true));
    }

    @Override
    public CompletionStage<Reply<RoleView>> alterSyncStateSet(AlterSyncStateSet request) {
        return answer(request, view(GROUP, true));
    }

    @Override
    public CompletionStage<Reply<RoleView>> replicaInfo(GroupRef group) {
        return answer(group, view(GROUP, false));
    }

    @Override
    public CompletionStage<Reply<List<RoleView>>> syncStateData(List<String> brokerNames, ConnectionId connection) {
        return answer(brokerNames, List.of(view(GROUP, true)));
    }

    @Override
    public CompletionStage<Reply<GroupKey>> cleanBrokers(CleanBrokers request) {
        return answer(request, KEY);
    }

    @Override
    public CompletionStage<Reply<GroupDetails.Page>> groups(GroupQuery query) {
        return answer(query, new GroupDetails.Page(List.of(), false));
    }

    @Override
    public CompletionStage<Reply<LeaseAnswer>> agentHeartbeat(AgentHeartbeat heartbeat) {
        return answer(heartbeat, new LeaseAnswer(view(GROUP, true), 0, AckRule.WEAKER));
    }

    @Override
    public CompletionStage<Reply<Elected>> switchOver(SwitchOver request) {
        return answer(request, new Elected(view(GROUP, true), true));
    }

    @Override
    public CompletionStage<Reply<Drained>> drain(Drain request) {
        return answer(
                request,
                new Drained(List.of(new Drained.One(KEY, new BrokerId(1), "127.0.0.1:10911", true, true, "")), true));
    }

    @Override
    public void heartbeat(Heartbeat heartbeat) {
        calls.add(heartbeat);
    }

    @Override
    public void connectionClosed(ConnectionId connection) {
        closed.add(connection);
    }

    @SuppressWarnings("unchecked")
    private <T> CompletionStage<Reply<T>> answer(Object call, T value) {
        calls.add(call);
        CompletionStage<?> told = next;
        return told == null
                ? CompletableFuture.completedFuture(new Reply.Done<>(value))
                : (CompletionStage<Reply<T>>) told;
    }
}
