package io.mqcontroller.it.scenario;

import io.mqcontroller.it.cluster.Answer;
import io.mqcontroller.it.cluster.ControllerClient;
import io.mqcontroller.it.cluster.ControllerCluster;
import io.mqcontroller.it.cluster.GroupView;
import io.mqcontroller.it.cluster.SimulatedBroker;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A group of simulated brokers with a name of its own, registered as real brokers register. */
final class SimulatedGroup implements AutoCloseable {
    static final String CLUSTER = "C";

    private static final AtomicInteger GROUPS = new AtomicInteger();

    private final ControllerCluster controllers;
    private final String name = "g" + GROUPS.incrementAndGet();
    private final ControllerClient client;
    private final SortedMap<Long, SimulatedBroker> brokers = new TreeMap<>();

    SimulatedGroup(ControllerCluster controllers) throws IOException {
        this.controllers = controllers;
        client = controllers.connectToLeader();
    }

    /** So many replicas, all alive on connections of their own, replica 1 master, all in the SyncStateSet. */
    static SimulatedGroup healthy(ControllerCluster controllers, int replicas) throws IOException {
        return healthy(controllers, replicas, 10_000);
    }

    static SimulatedGroup healthy(ControllerCluster controllers, int replicas, long timeoutMs) throws IOException {
        SimulatedGroup group = new SimulatedGroup(controllers);
        for (long id = 1; id <= replicas; id++) {
            group.join(id)
                    .timingOutAfter(timeoutMs)
                    .beatTo(controllers.awaitLeader().address());
            group.awaitAlive(id);
            if (id == 1) {
                group.expect(0, group.client.elect(CLUSTER, group.name, 1, false));
            }
        }
        if (replicas > 1) {
            GroupView view = group.view();
            group.expect(
                    0, group.client.alter(group.name, 1, view.masterEpoch(), group.brokers.keySet(), view.setEpoch()));
        }
        return group;
    }

    /** Takes an id for a new replica and registers it; no heartbeat yet. */
    SimulatedBroker join(long id) throws IOException {
        SimulatedBroker broker = new SimulatedBroker(CLUSTER, name, id);
        brokers.put(id, broker);
        expect(0, client.applyBrokerId(CLUSTER, name, id, broker.address() + ";1"));
        expect(0, client.register(CLUSTER, name, id, broker.address()));
        return broker;
    }

    String name() {
        return name;
    }

    ControllerClient client() {
        return client;
    }

    SimulatedBroker broker(long id) {
        return brokers.get(id);
    }

    /** The group as it is now. */
    GroupView view() {
        return find().orElseThrow(
                        () -> new AssertionError("group " + name + " is not known\n" + controllers.describe()));
    }

    GroupView await(String what, Predicate<GroupView> condition) {
        try {
            return Awaitility.await(what)
                    .atMost(Duration.ofSeconds(30))
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(20))
                    .until(this::find, view -> view.filter(condition).isPresent())
                    .orElseThrow();
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("not within 30 s: " + what + "\n" + find() + "\n" + controllers.describe(), e);
        }
    }

    GroupView awaitAlive(Long... ids) {
        return await("alive " + List.of(ids), view -> view.alive().containsAll(new TreeSet<>(List.of(ids))));
    }

    GroupView awaitMaster(long id) {
        return await("master " + id, view -> view.isMaster(id));
    }

    /** Fails with the state of the controllers unless the answer has this code. */
    Answer expect(int code, Answer answer) {
        if (answer.code() != code) {
            throw new AssertionError(
                    "expected code " + code + ", got " + answer + "\n" + find() + "\n" + controllers.describe());
        }
        return answer;
    }

    private Optional<GroupView> find() {
        try {
            return client.group(name);
        } catch (IOException e) {
            throw new AssertionError("the leader does not answer\n" + controllers.describe(), e);
        }
    }

    @Override
    public void close() {
        client.close();
        brokers.values().forEach(SimulatedBroker::close);
    }
}
