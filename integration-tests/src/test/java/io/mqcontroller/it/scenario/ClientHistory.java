package io.mqcontroller.it.scenario;

import io.mqcontroller.it.check.GroupAnswer;
import io.mqcontroller.it.check.GroupAnswer.Roles;
import io.mqcontroller.it.check.GroupRequest;
import io.mqcontroller.it.check.GroupSpecification;
import io.mqcontroller.it.check.GroupState;
import io.mqcontroller.it.cluster.ControllerCluster;
import io.mqcontroller.it.cluster.ControllerNode;
import io.mqcontroller.raft.linearizability.History;
import io.mqcontroller.raft.linearizability.LinearizabilityChecker;
import io.mqcontroller.raft.linearizability.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients at work on a few groups of their own, from whose beginning on all that they call and are told is taken down. The
 * replicas of the groups speak to all controllers, so their masters live as long as any controller hears them.
 */
final class ClientHistory implements AutoCloseable {
    static final int REPLICAS = 3;

    private static final int GROUPS = 3;
    private static final int CLIENTS = 4;
    private static final int PACE_MS = 5;
    private static final long HEARTBEAT_TIMEOUT_MS = 120_000;

    private final ControllerCluster controllers;
    private final History<GroupRequest, GroupAnswer> calls = new History<>();
    private final List<SimulatedGroup> groups = new ArrayList<>();
    private final List<HistoryClient> clients = new ArrayList<>();
    private final List<ScheduledFuture<?>> work = new ArrayList<>();
    private final Map<String, GroupState> before = new HashMap<>();
    private final Map<String, Roles> lastSeen = new ConcurrentHashMap<>();
    private final Map<String, Long> nextIds = new ConcurrentHashMap<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger changes = new AtomicInteger();
    /** Calls from then on tell how long it took. */
    private final AtomicLong struckNanos = new AtomicLong(Long.MAX_VALUE);

    private volatile long faultNanos;
    private volatile long firstChangeAfterMs = -1;
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(CLIENTS);

    ClientHistory(ControllerCluster controllers) throws IOException {
        this.controllers = controllers;
        for (int i = 0; i < GROUPS; i++) {
            SimulatedGroup group = SimulatedGroup.healthy(controllers, REPLICAS, HEARTBEAT_TIMEOUT_MS);
            groups.add(group);
            takeDownBeginning(group);
        }
        for (ControllerNode node : controllers.nodes()) {
            beatTo(node);
        }
        for (int i = 0; i < CLIENTS; i++) {
            HistoryClient client = newClient(i);
            clients.add(client);
            work.add(threads.scheduleWithFixedDelay(client::callAnything, 0, PACE_MS, TimeUnit.MILLISECONDS));
        }
    }

    private void takeDownBeginning(SimulatedGroup group) {
        Roles roles = GroupCalls.roles(group.view());
        SortedMap<Long, String> owners = new TreeMap<>();
        for (long id = 1; id <= REPLICAS; id++) {
            owners.put(id, group.broker(id).address() + ";1");
        }
        before.put(
                group.name(),
                new GroupState(
                        owners, REPLICAS + 1, roles.master(), roles.masterEpoch(), roles.set(), roles.setEpoch()));
        lastSeen.put(group.name(), roles);
        nextIds.put(group.name(), REPLICAS + 1L);
    }

    private HistoryClient newClient(long id) {
        return new HistoryClient(
                id,
                controllers.nodes().stream().map(ControllerNode::address).toList(),
                groups.stream().map(SimulatedGroup::name).toList(),
                this);
    }

    /** All replicas speak to this controller, too, which has just been started. */
    void beatTo(ControllerNode node) throws IOException {
        for (SimulatedGroup group : groups) {
            for (long id = 1; id <= REPLICAS; id++) {
                group.broker(id).beatTo(node.address());
            }
        }
    }

    History<GroupRequest, GroupAnswer> calls() {
        return calls;
    }

    /** The roles in each group that any client has seen last. */
    Map<String, Roles> lastSeen() {
        return lastSeen;
    }

    /** The id that is likely to be the next free one. */
    long nextId(String group) {
        return nextIds.get(group);
    }

    /** An id that somebody has taken since the beginning. */
    Optional<Long> anyTakenId(String group, SplittableRandom random) {
        int taken = (int) (nextIds.get(group) - REPLICAS - 1);
        return taken == 0 ? Optional.empty() : Optional.of(REPLICAS + 1L + random.nextInt(taken));
    }

    void onAnswered(GroupRequest request, GroupAnswer answer, long calledNanos) {
        if (answer instanceof Roles roles) {
            lastSeen.put(request.group(), roles);
        } else if (answer instanceof GroupAnswer.NextId free) {
            nextIds.merge(request.group(), free.id(), Math::max);
        } else if (request instanceof GroupRequest.ApplyBrokerId apply && answer instanceof GroupAnswer.Applied) {
            nextIds.merge(request.group(), apply.id() + 1, Math::max);
        }
        boolean change = request instanceof GroupRequest.Designate
                || request instanceof GroupRequest.Alter
                || request instanceof GroupRequest.ApplyBrokerId;
        if (change && !(answer instanceof GroupAnswer.Refused)) {
            changes.incrementAndGet();
            if (calledNanos > struckNanos.get()) {
                firstChangeAfterMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - faultNanos);
                struckNanos.set(Long.MAX_VALUE);
            }
        }
        answered.incrementAndGet();
    }

    /** Something was done to the controllers, and works now: calls from now on show for how long. */
    void struck(long beganNanos) {
        firstChangeAfterMs = -1;
        faultNanos = beganNanos;
        struckNanos.set(System.nanoTime());
    }

    /** How long after the begin of the last fault a change was acknowledged that was asked for after it; -1 while there is none. */
    long firstChangeAfterMs() {
        return firstChangeAfterMs;
    }

    int answered() {
        return answered.get();
    }

    int changes() {
        return changes.get();
    }

    /** Ends all work, looks at each group once more, and decides whether what was told can be true. */
    Verdict finish() throws InterruptedException {
        work.forEach(clientWork -> clientWork.cancel(false));
        threads.shutdown();
        if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("a client hangs");
        }
        work.forEach(ClientHistory::failIfFailed);
        try (HistoryClient last = newClient(CLIENTS)) {
            for (SimulatedGroup group : groups) {
                org.awaitility.Awaitility.await("a last look at " + group.name())
                        .until(() -> last.call(new GroupRequest.Read(group.name())));
            }
        }
        return new LinearizabilityChecker<>(new GroupSpecification(before)).check(calls.operations());
    }

    private static void failIfFailed(ScheduledFuture<?> clientWork) {
        if (clientWork.isCancelled()) {
            return;
        }
        try {
            clientWork.get(1, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw new AssertionError("a client was told what it does not understand", failed.getCause());
        } catch (TimeoutException late) {
            throw new IllegalStateException(late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        clients.forEach(HistoryClient::close);
        groups.forEach(SimulatedGroup::close);
    }
}
