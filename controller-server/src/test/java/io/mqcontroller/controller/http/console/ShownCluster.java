package io.mqcontroller.controller.http.console;

import io.mqcontroller.controller.controller.history.EventHistory;
import io.mqcontroller.controller.controller.history.HistoryEvent;
import io.mqcontroller.controller.controller.history.HistoryEvent.Roles;
import io.mqcontroller.controller.controller.history.OperatorActions;
import io.mqcontroller.controller.controller.service.ControllerView;
import io.mqcontroller.controller.controller.service.Survey;
import io.mqcontroller.controller.controller.service.Survey.Life;
import io.mqcontroller.controller.http.HttpServer;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.ClusterMetadata;
import io.mqcontroller.controller.metadata.ElectionReason;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.MetadataRecord;
import io.mqcontroller.controller.metadata.SyncStateSet;
import io.mqcontroller.controller.metadata.Tombstone;
import io.mqcontroller.controller.remoting.FakeControllerService;
import io.mqcontroller.raft.core.Configuration;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.core.RoleName;
import io.mqcontroller.raft.core.StoreHealth;
import io.mqcontroller.raft.transport.EventLoops;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.LongSupplier;

/** A console over sockets, of a controller that does what the test says. */
final class ShownCluster implements AutoCloseable {
    static final NodeId SELF = new NodeId("n0");
    private static final long TERM = 7;

    final FakeControllerService service = new FakeControllerService();
    final SortedSet<NodeId> withoutDrain = new ConcurrentSkipListSet<>();
    private final EventHistory history = new EventHistory(2_000, System::currentTimeMillis);
    private final EventLoops loops = EventLoops.start("console-test", 1);
    private final Console console;
    private final HttpServer server;
    private ClusterMetadata metadata = ClusterMetadata.EMPTY;
    private final SortedMap<GroupKey, SortedMap<BrokerId, Life>> lives = new TreeMap<>();
    private boolean leading = true;
    private long index;

    /** One that only reads. */
    ShownCluster() throws IOException {
        this(Optional.empty(), System::nanoTime);
    }

    ShownCluster(Optional<PasswordHash> password, LongSupplier nanos) throws IOException {
        console = Console.start(
                new ConsoleSources(
                        "shown",
                        "1.2.3",
                        ShownCluster::status,
                        TreeMap::new,
                        () -> "",
                        () -> ControllerView.EMPTY,
                        () -> CompletableFuture.completedFuture(survey()),
                        history,
                        List.of(),
                        service,
                        () -> withoutDrain,
                        new OperatorActions(SELF, ShownCluster::status, history)),
                password,
                nanos);
        server = HttpServer.start("127.0.0.1", 0, loops, console.site());
    }

    /** What is told to have happened, the oldest first. */
    List<HistoryEvent> told() {
        return history.all().stream().map(EventHistory.Seen::event).toList();
    }

    int port() {
        return server.port();
    }

    static GroupKey group(int number) {
        return new GroupKey("DefaultCluster", String.format("broker-%05d", number));
    }

    /** Three replicas that are alive and in sync; 1 is master. */
    synchronized void addGroup(GroupKey key) {
        metadata = metadata.replay(new MetadataRecord.GroupCreated(key, 1, 0, 0));
        SortedMap<BrokerId, Life> alive = new TreeMap<>();
        TreeSet<BrokerId> ids = new TreeSet<>();
        for (long value = 1; value <= 3; value++) {
            BrokerId id = new BrokerId(value);
            ids.add(id);
            alive.put(id, new Life(true, 0, 0));
            metadata = metadata.replay(
                    new MetadataRecord.ReplicaAdded(key, id, "10.0.0." + value + ":10911", "x", value + 1, true));
        }
        lives.put(key, alive);
        metadata = metadata.replay(new MetadataRecord.MasterChanged(
                key, Optional.of(new BrokerId(1)), 1, new SyncStateSet(ids, 1), ElectionReason.FIRST, false));
    }

    synchronized void setLife(GroupKey key, long id, Life life) {
        lives.get(key).put(new BrokerId(id), life);
    }

    /** Another master, under the next epoch, with an event. */
    void elect(GroupKey key, long master) {
        Roles before;
        Roles after;
        synchronized (this) {
            BrokerGroup group = metadata.group(key).orElseThrow();
            before = new Roles(group.master(), group.masterEpoch(), group.syncStateSet());
            BrokerId elected = new BrokerId(master);
            metadata = metadata.replay(new MetadataRecord.MasterChanged(
                    key,
                    Optional.of(elected),
                    group.masterEpoch() + 1,
                    group.syncStateSet().shrunkTo(elected),
                    ElectionReason.MASTER_DEAD,
                    false));
            group = metadata.group(key).orElseThrow();
            after = new Roles(group.master(), group.masterEpoch(), group.syncStateSet());
            index++;
        }
        history.add(new HistoryEvent(
                HistoryEvent.Kind.MASTER_CHANGED,
                index,
                0,
                TERM,
                Optional.of(key),
                before,
                after,
                "master dead",
                false,
                Optional.of(new HistoryEvent.Decided(List.of("2: alive"), OptionalLong.of(12))),
                Optional.empty(),
                false));
    }

    synchronized void remove(GroupKey key) {
        lives.remove(key);
        metadata = metadata.replay(new MetadataRecord.GroupRemoved(key, new Tombstone(9, 9, 9)));
    }

    synchronized void stopLeading() {
        leading = false;
    }

    private synchronized Survey survey() {
        SortedMap<GroupKey, SortedMap<BrokerId, Life>> known = new TreeMap<>();
        if (leading) {
            lives.forEach((key, of) -> known.put(key, new TreeMap<>(of)));
        }
        return new Survey(metadata, leading, TERM, Optional.of(SELF), known);
    }

    private static RaftStatus status() {
        LogPosition last = new LogPosition(TERM, 100);
        return new RaftStatus(
                SELF,
                RoleName.LEADER,
                true,
                TERM,
                Optional.of(SELF),
                100,
                100,
                last,
                100,
                new LogPosition(0, 0),
                0,
                List.of(),
                StoreHealth.SOUND,
                Configuration.ofVoters(List.of(SELF, new NodeId("n1"), new NodeId("n2"))),
                1);
    }

    @Override
    public void close() {
        server.close();
        console.close();
        loops.close();
    }
}
