package io.mqcontroller.benchmark;

import io.mqcontroller.it.cluster.ControllerClient;
import io.mqcontroller.it.cluster.Json;
import io.mqcontroller.it.cluster.RemotingClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A thousand groups of two replicas, every broker with a connection of its own and one heartbeat a second; all masters die
 * at once.
 */
final class MassFailover implements AutoCloseable {
    private static final int GROUPS = 1_000;
    private static final long GIVE_UP_MS = 60_000;

    private final String leader;
    private final Target target;
    private final List<RemotingClient> masters = new ArrayList<>();
    private final List<RemotingClient> slaves = new ArrayList<>();
    private final Thread heart = new Thread(this::beat, "heartbeats");
    private volatile boolean running = true;

    private MassFailover(Target target) {
        this.target = target;
        leader = target.leader();
        heart.setDaemon(true);
    }

    static void measure(Target target, BrokerCalls calls, Measurements measurements) throws Exception {
        try (MassFailover failover = new MassFailover(target)) {
            failover.prepare(calls);
            failover.run(measurements);
        }
    }

    private void prepare(BrokerCalls calls) throws Exception {
        for (int i = 0; i < GROUPS; i++) {
            masters.add(open());
            slaves.add(open());
        }
        AtomicInteger next = new AtomicInteger();
        Callers.Result registered =
                Callers.run(target, 64, 60, GROUPS, caller -> register(calls, caller, next.getAndIncrement()));
        if (registered.done() != GROUPS) {
            throw new IllegalStateException("only " + registered.done() + " of " + GROUPS + " groups registered");
        }
        heart.start();
        // Some rounds, so that every broker is known by its own connection.
        Thread.sleep(2_000);
    }

    /** A connection that has said something: a controller closes those that stay silent for long. */
    private RemotingClient open() throws IOException {
        RemotingClient connection = new RemotingClient(leader);
        connection.call(ControllerClient.GET_METADATA_INFO, Map.of(), "", 10_000);
        return connection;
    }

    /** Every heartbeat, the first too, goes over the broker's own connection: that is what its life hangs on. */
    private void register(BrokerCalls calls, int caller, int group) throws Exception {
        String name = name(group);
        calls.registerGroup(caller, name, (g, id) -> firstBeat(masters.get(group), g, id));
        calls.registerReplica(caller, name, 2, (g, id) -> firstBeat(slaves.get(group), g, id));
        int[] epochs = calls.epochs(caller, name);
        calls.alter(caller, name, epochs[0], Set.of(1L, 2L), epochs[1]);
    }

    private static void firstBeat(RemotingClient connection, String group, long id) throws IOException {
        connection.sendOneway(ControllerClient.HEARTBEAT, Heartbeats.fields(group, id));
        connection.call(ControllerClient.GET_METADATA_INFO, Map.of(), "", 10_000);
    }

    /** Closes the masters' connections and watches all groups, each look being one request. */
    private void run(Measurements measurements) throws IOException {
        try (ControllerClient watcher = new ControllerClient(leader)) {
            long startNanos = System.nanoTime();
            List<RemotingClient> dying = new ArrayList<>(masters);
            masters.clear();
            dying.forEach(RemotingClient::close);
            double firstMs = -1;
            double lastMs = -1;
            int replaced = 0;
            while (replaced < GROUPS && lastMs < GIVE_UP_MS) {
                replaced = replaced(watcher);
                lastMs = (System.nanoTime() - startNanos) / 1e6;
                if (firstMs < 0 && replaced > 0) {
                    firstMs = lastMs;
                }
            }
            measurements.add("1,000 masters die: first replaced after, ms", false, target.kind(), firstMs);
            measurements.add("1,000 masters die: last replaced after, ms", false, target.kind(), lastMs);
            measurements.add("1,000 masters die: replaced within 60 s", true, target.kind(), replaced);
        }
    }

    private static int replaced(ControllerClient watcher) throws IOException {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < GROUPS; i++) {
            names.add(Json.quote(name(i)));
        }
        Object body = watcher.call(ControllerClient.GET_SYNC_STATE_DATA, Map.of(), names.toString())
                .body();
        int replaced = 0;
        for (Object view : ((Map<?, ?>) ((Map<?, ?>) body).get("replicasInfoTable")).values()) {
            if (Long.valueOf(2).equals(((Map<?, ?>) view).get("masterBrokerId"))) {
                replaced++;
            }
        }
        return replaced;
    }

    private void beat() {
        try {
            while (running) {
                for (int i = 0; i < GROUPS; i++) {
                    beat(masters, i, 1);
                    beat(slaves, i, 2);
                }
                Thread.sleep(800);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void beat(List<RemotingClient> connections, int group, long id) {
        try {
            if (group < connections.size()) {
                connections.get(group).sendOneway(ControllerClient.HEARTBEAT, Heartbeats.fields(name(group), id));
            }
        } catch (IOException | IndexOutOfBoundsException died) {
            // This broker has been killed meanwhile.
        }
    }

    private static String name(int group) {
        return "mass-" + group;
    }

    @Override
    public void close() {
        running = false;
        masters.forEach(RemotingClient::close);
        slaves.forEach(RemotingClient::close);
    }
}
