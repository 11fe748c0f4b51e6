package io.mqcontroller.controller.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.proto.controller.AckRule;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.ClusterRequest;
import io.mqcontroller.proto.controller.GroupView;
import io.mqcontroller.proto.controller.HeartbeatReply;
import io.mqcontroller.proto.controller.LeaderHint;
import io.mqcontroller.proto.controller.ServerFrame;
import io.mqcontroller.proto.controller.StatusCode;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agents as the wire has them and real controllers: leases, news, another leader, a thousand of them. */
class AgentsOverSocketsTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final AgentTraffic one = new AgentTraffic("g", 1, 5_000);
    private final AgentTraffic two = new AgentTraffic("g", 2, 5_000);
    private TestDaemons daemons;

    @AfterEach
    void stop() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        daemons.close();
        assertEquals(List.of(), daemons.faults);
    }

    private static ServerFrame ok(ServerFrame answer) {
        assertEquals(StatusCode.OK, answer.getStatus().getCode(), answer.toString());
        return answer;
    }

    /** Asks any controller that runs for the leader, as an agent does. */
    private int leader(int asked) {
        List<Integer> found = new ArrayList<>();
        await().atMost(SOON).ignoreExceptionsInstanceOf(IOException.class).until(() -> {
            try (AgentClient client = AgentClient.greet(loops, daemons.ports.get(asked))) {
                LeaderHint hint = client.call(ClientFrame.newBuilder().setCluster(ClusterRequest.getDefaultInstance()))
                        .getLeader();
                if (hint.getAddress().isEmpty()) {
                    return false;
                }
                found.add(daemons.ports.indexOf(Integer.parseInt(
                        hint.getAddress().substring(hint.getAddress().indexOf(':') + 1))));
                return true;
            }
        });
        return found.get(found.size() - 1);
    }

    private AgentClient dial(int controller) throws IOException {
        return AgentClient.greet(loops, daemons.ports.get(controller));
    }

    /** Both replicas registered and in the SyncStateSet, 1 being master. */
    private GroupView pair(AgentClient master, AgentClient slave) throws IOException {
        ok(master.call(one.apply()));
        ok(master.call(one.register()));
        ok(master.call(one.heartbeat(0, AckRule.WEAKER, false)));
        assertTrue(ok(master.call(one.elect())).getElectMaster().getChanged());
        ok(slave.call(two.apply()));
        GroupView known = ok(slave.call(two.register())).getGroup().getGroup();
        ok(slave.call(two.heartbeat(0, AckRule.WEAKER, false)));
        return ok(master.call(one.alter(known, 1, 2))).getGroup().getGroup();
    }

    private GroupView pushed(AgentClient to, long master) {
        await().atMost(SOON).until(() -> to.pushes.stream().anyMatch(view -> view.getMaster() == master));
        return to.pushes.stream()
                .filter(view -> view.getMaster() == master)
                .reduce((first, last) -> last)
                .orElseThrow();
    }

    @Test
    void leasesAreGrantedHonouredGivenBackAndAssumedAfterAChangeOfLeader() throws Exception {
        daemons = new TestDaemons(folder, 3, "metricsApacheNames=true");
        int leader = leader(0);
        int follower = (leader + 1) % 3;

        try (AgentClient elsewhere = dial(follower)) {
            ServerFrame answer = elsewhere.call(one.heartbeat(0, AckRule.WEAKER, false));
            assertEquals(StatusCode.NOT_LEADER, answer.getStatus().getCode());
            assertEquals(
                    "127.0.0.1:" + daemons.ports.get(leader), answer.getLeader().getAddress());
        }
        AgentClient master = dial(leader);
        AgentClient slave = dial(leader);
        GroupView view = pair(master, slave);
        assertEquals("10.0.0.1:10912", view.getReplicas(0).getHaAddress());
        assertTrue(view.getReplicas(1).getAgent());
        GroupView news = pushed(slave, 1);
        assertEquals(List.of(1L, 2L), news.getSyncStateSetList());
        HeartbeatReply lease =
                ok(master.call(one.heartbeat(1, AckRule.WEAKER, false))).getHeartbeat();
        assertEquals(2_000, lease.getLeaseMs());

        // The leader goes; the next one takes the master to have a lease.
        daemons.stop(leader);
        int next = leader(follower);
        master.close();
        slave.close();
        slave = dial(next);
        ok(slave.call(two.heartbeat(0, AckRule.WEAKER, false)));
        long sinceNanos = System.nanoTime();
        AgentClient late = slave;
        await().atMost(SOON).pollInterval(Duration.ofMillis(50)).until(() -> {
            HeartbeatReply reply =
                    ok(late.call(two.heartbeat(0, AckRule.WEAKER, false))).getHeartbeat();
            return reply.getGroup().getMaster() == 2;
        });
        GroupView elected = pushed(slave, 2);
        assertEquals(2, elected.getMasterEpoch());
        assertTrue(System.nanoTime() - sinceNanos < 10_000_000_000L);

        // The new master resigns, and the old one, back as slave and in sync, follows at once.
        master = dial(next);
        ok(master.call(one.heartbeat(0, AckRule.WEAKER, false)));
        GroupView both = ok(slave.call(two.alter(elected, 1, 2))).getGroup().getGroup();
        assertEquals(
                2_000,
                ok(slave.call(two.heartbeat(2, AckRule.WEAKER, false)))
                        .getHeartbeat()
                        .getLeaseMs());
        long resignedNanos = System.nanoTime();
        ok(slave.call(two.heartbeat(2, AckRule.WEAKER, true)));
        GroupView last = pushed(master, 1);
        assertTrue(System.nanoTime() - resignedNanos < 1_500_000_000L, "no waiting for a lease that was given back");
        assertEquals(both.getMasterEpoch() + 1, last.getMasterEpoch());
        assertTrue(daemons.metric(next, "mqcontroller_leases_granted_total") >= 1);
        assertEquals(1, daemons.metric(next, "mqcontroller_leases_given_back_total"));
        assertTrue(daemons.metric(next, "mqcontroller_agent_pushes_total{result=\"sent\"}") >= 3);
        assertEquals(2, daemons.metric(next, "mqcontroller_connections{listener=\"agent\"}"));
        assertEquals(1, daemons.metric(next, apacheSeries(next, "role", "")));
        await().until(() -> daemons.shows(
                next, apacheSeries(next, "active_broker_num", "broker_set=\"g\",cluster=\"C\",") + " 2.0"));
    }

    private String apacheSeries(int controller, String name, String labels) {
        return name + "{address=\"127.0.0.1:" + daemons.ports.get(controller) + "\"," + labels
                + "group=\"test\",otel_scope_name=\"controller\",peer_id=\"n" + controller + "\"}";
    }

    @Test
    void aMasterWhoseConnectionClosesIsReplacedWhenItsLeaseIsOver() throws Exception {
        daemons = new TestDaemons(folder, 1, "masterLeaseMillis=1000");
        AgentClient master = dial(leader(0));
        AgentClient slave = dial(0);
        pair(master, slave);
        long grantedNanos = System.nanoTime();
        assertEquals(
                1_000,
                ok(master.call(one.heartbeat(1, AckRule.WEAKER, false)))
                        .getHeartbeat()
                        .getLeaseMs());
        master.close();
        while (slave.pushes.stream().noneMatch(view -> view.getMaster() == 2)) {
            ok(slave.call(two.heartbeat(0, AckRule.WEAKER, false)));
            TimeUnit.MILLISECONDS.sleep(20);
            assertTrue(System.nanoTime() - grantedNanos < SOON.toNanos());
        }
        long tookMs = (System.nanoTime() - grantedNanos) / 1_000_000;
        assertTrue(tookMs >= 1_000, "after " + tookMs + " ms");
        assertEquals(1, daemons.metric(0, "mqcontroller_elections_held_up_total"));
    }

    @Test
    void aThousandAgentsStayInBounds() throws Exception {
        daemons = new TestDaemons(folder, 1);
        int groups = 500;
        List<AgentClient> masters = new ArrayList<>();
        List<AgentClient> slaves = new ArrayList<>();
        leader(0);
        long heapBefore = usedHeap();
        for (int i = 0; i < groups; i++) {
            masters.add(dial(0));
            slaves.add(dial(0));
        }
        List<CompletableFuture<?>> ready = new ArrayList<>();
        for (int i = 0; i < groups; i++) {
            AgentTraffic first = new AgentTraffic("g" + i, 1, 60_000);
            AgentTraffic second = new AgentTraffic("g" + i, 2, 60_000);
            AgentClient master = masters.get(i);
            AgentClient slave = slaves.get(i);
            ready.add(master.ask(first.apply())
                    .thenCompose(a -> master.ask(after(a, first.register())))
                    .thenCompose(a -> master.ask(after(a, first.heartbeat(0, AckRule.WEAKER, false))))
                    .thenCompose(a -> master.ask(after(a, first.elect())))
                    .thenCompose(a -> slave.ask(after(a, second.apply())))
                    .thenCompose(a -> slave.ask(after(a, second.register())))
                    .thenCompose(a -> slave.ask(after(a, second.heartbeat(0, AckRule.WEAKER, false))))
                    .thenCompose(
                            a -> master.ask(first.alter(ok(a).getHeartbeat().getGroup(), 1, 2)))
                    .thenAccept(AgentsOverSocketsTest::ok));
        }
        CompletableFuture.allOf(ready.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
        for (int beat = 0; beat < 10; beat++) {
            List<CompletableFuture<?>> beats = new ArrayList<>();
            for (int i = 0; i < groups; i++) {
                beats.add(masters.get(i)
                        .ask(new AgentTraffic("g" + i, 1, 60_000).heartbeat(1, AckRule.WEAKER, false))
                        .thenAccept(
                                a -> assertEquals(2_000, ok(a).getHeartbeat().getLeaseMs())));
                beats.add(slaves.get(i)
                        .ask(new AgentTraffic("g" + i, 2, 60_000).heartbeat(0, AckRule.WEAKER, false))
                        .thenAccept(AgentsOverSocketsTest::ok));
            }
            CompletableFuture.allOf(beats.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
        }
        assertEquals(2 * groups, daemons.metric(0, "mqcontroller_connections{listener=\"agent\"}"));
        // One for each master elected, to the only agent then, and one for each set, to both; nobody is told twice.
        assertEquals(3 * groups, daemons.metric(0, "mqcontroller_agent_pushes_total{result=\"sent\"}"));
        assertEquals(0, daemons.metric(0, "mqcontroller_role_notifications_total{result=\"sent\"}"));
        assertEquals(0, daemons.metric(0, "mqcontroller_elections_held_up_total"));
        // Both ends of each connection are in this heap.
        long grownMib = (usedHeap() - heapBefore) >> 20;
        assertTrue(grownMib < 128, "1,000 agents took " + grownMib + " MiB");
        masters.forEach(AgentClient::close);
        slaves.forEach(AgentClient::close);
        await().atMost(SOON).until(() -> daemons.metric(0, "mqcontroller_connections{listener=\"agent\"}") == 0);
    }

    private static ClientFrame.Builder after(ServerFrame answer, ClientFrame.Builder next) {
        ok(answer);
        return next;
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
