package io.mqcontroller.controller.controller;

import static io.mqcontroller.controller.controller.CoreHarness.ids;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.controller.service.ConnectionId;
import io.mqcontroller.controller.controller.service.ControllerService;
import io.mqcontroller.controller.controller.service.ControllerService.AlterSyncStateSet;
import io.mqcontroller.controller.controller.service.ControllerService.ApplyBrokerId;
import io.mqcontroller.controller.controller.service.ControllerService.ElectMaster;
import io.mqcontroller.controller.controller.service.ControllerService.Heartbeat;
import io.mqcontroller.controller.controller.service.GroupRef;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.controller.service.RoleView;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.raft.core.NodeId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The loop over real Raft: threads, RocksDB, sockets. */
class ControllerLoopTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private final SortedMap<NodeId, InetSocketAddress> addresses = new TreeMap<>();
    private final SortedMap<NodeId, LoopMember> members = new TreeMap<>();

    @AfterEach
    void stop() {
        members.values().forEach(LoopMember::close);
    }

    private void start(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            held.add(socket);
            addresses.put(
                    new NodeId("n" + i),
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort()));
        }
        for (ServerSocket socket : held) {
            socket.close();
        }
        for (NodeId id : addresses.keySet()) {
            start(id);
        }
    }

    private void start(NodeId id) throws IOException {
        members.put(id, new LoopMember(id, addresses, directory.resolve(id.value())));
    }

    private void stop(NodeId id) {
        members.remove(id).close();
    }

    private LoopMember leader() {
        return await().atMost(PATIENCE)
                .until(
                        () -> members.values().stream()
                                .filter(member -> member.loop.view().leading())
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private static <T> T done(CompletionStage<Reply<T>> stage) throws Exception {
        Reply<T> reply = stage.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (reply instanceof Reply.Done<T> answer) {
            return answer.value();
        }
        throw new AssertionError("not done: " + reply);
    }

    private static GroupKey key(int group) {
        return new GroupKey("C", "g" + group);
    }

    private static GroupRef ref(int group) {
        return new GroupRef(Optional.of("C"), "g" + group, new ConnectionId(group));
    }

    /** Registers replicas 1 and 2 of a group over one connection and brings both in sync. */
    private static void makeGroup(ControllerService service, int group) throws Exception {
        ConnectionId connection = new ConnectionId(group);
        for (long id = 1; id <= 2; id++) {
            done(service.applyBrokerId(new ApplyBrokerId(key(group), new BrokerId(id), "h" + id + ":1;1", connection)));
            beat(service, group, id, 60_000);
        }
        done(service.electMaster(new ElectMaster(ref(group), Optional.of(new BrokerId(1)), false)));
        done(alter(service, group, ids(1, 2), 1));
    }

    private static void beat(ControllerService service, int group, long id, long timeoutMs) {
        service.heartbeat(new Heartbeat(
                key(group),
                new BrokerId(id),
                "h" + id + ":1",
                -1,
                0,
                0,
                timeoutMs,
                1,
                new ConnectionId(group * 10L + id)));
    }

    private static CompletionStage<Reply<RoleView>> alter(
            ControllerService service, int group, SortedSet<BrokerId> set, int knownEpoch) {
        return service.alterSyncStateSet(new AlterSyncStateSet(ref(group), new BrokerId(1), 1, set, knownEpoch));
    }

    @Test
    void soleMemberDecidesFailsOverAndRemembersAfterARestart() throws Exception {
        start(1);
        LoopMember member = leader();
        makeGroup(member.service(), 1);
        member.service().connectionClosed(new ConnectionId(1));
        member.service().connectionClosed(new ConnectionId(11));
        await().atMost(PATIENCE).until(() -> {
            BrokerGroup group = done(member.service().replicaInfo(ref(1))).group();
            return group.masterEpoch() == 2 && group.master().equals(Optional.of(new BrokerId(2)));
        });
        assertTrue(member.notified.contains("h2:1 2"));

        stop(new NodeId("n0"));
        start(new NodeId("n0"));
        BrokerGroup after = done(leader().service().replicaInfo(ref(1))).group();
        assertEquals(Optional.of(new BrokerId(2)), after.master());
        assertEquals(2, after.masterEpoch());
        assertEquals(ids(2), after.syncStateSet().members());
    }

    @Test
    void manyCallersAtOnceAreAllAnsweredInTheOrderOfTheirChanges() throws Exception {
        start(1);
        ControllerService service = leader().service();
        makeGroup(service, 1);
        List<CompletionStage<Reply<RoleView>>> answers = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            answers.add(alter(service, 1, i % 2 == 0 ? ids(1) : ids(1, 2), 2 + i));
        }
        for (int i = 0; i < answers.size(); i++) {
            assertEquals(3 + i, done(answers.get(i)).group().syncStateSet().epoch());
        }
    }

    @Test
    void threeMembersKeepWhatWasAnsweredWhenTheLeaderGoes() throws Exception {
        start(3);
        LoopMember first = leader();
        NodeId gone = first.node.status().self();
        for (int group = 1; group <= 5; group++) {
            makeGroup(first.service(), group);
        }
        LoopMember follower = members.values().stream()
                .filter(member -> member != first)
                .findFirst()
                .orElseThrow();
        Reply<RoleView> elsewhere =
                follower.service().replicaInfo(ref(1)).toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertEquals(new Reply.NotLeader<RoleView>(Optional.of(gone)), elsewhere);

        stop(gone);
        LoopMember second = leader();
        for (int group = 1; group <= 5; group++) {
            BrokerGroup kept = done(second.service().replicaInfo(ref(group))).group();
            assertEquals(ids(1, 2), kept.syncStateSet().members());
            assertEquals(2, kept.syncStateSet().epoch());
        }
        done(alter(second.service(), 1, ids(1), 2));

        start(gone);
        await().atMost(PATIENCE).until(() -> members.get(gone)
                .loop
                .view()
                .metadata()
                .equals(second.loop.view().metadata()));
    }

    @Test
    void replicaThatOnlyAFollowerHearsIsAliveForTheLeader() throws Exception {
        start(3);
        LoopMember first = leader();
        makeGroup(first.service(), 1);
        done(first.service().applyBrokerId(new ApplyBrokerId(key(1), new BrokerId(3), "h3:1;1", new ConnectionId(1))));
        LoopMember follower = members.values().stream()
                .filter(member -> member != first)
                .findFirst()
                .orElseThrow();
        await().atMost(PATIENCE).until(() -> {
            beat(follower.service(), 1, 3, 10_000);
            return done(first.service().replicaInfo(ref(1))).alive().get(new BrokerId(3));
        });
        follower.service().connectionClosed(new ConnectionId(13));
        await().atMost(Duration.ofSeconds(8))
                .until(() -> !done(first.service().replicaInfo(ref(1))).alive().get(new BrokerId(3)));
    }

    @Test
    void requestsAfterTheEndAreAnswered() throws Exception {
        start(1);
        LoopMember member = leader();
        ControllerService service = member.service();
        stop(new NodeId("n0"));
        assertInstanceOf(
                Reply.NotLeader.class,
                service.nextBrokerId(key(1)).toCompletableFuture().get(10, TimeUnit.SECONDS));
        assertTrue(member.faults.isEmpty(), member.faults.toString());
    }
}
