package io.mqcontroller.controller.controller;

import static io.mqcontroller.controller.controller.CoreHarness.ids;

import com.sun.management.OperatingSystemMXBean;
import io.mqcontroller.controller.controller.service.ConnectionId;
import io.mqcontroller.controller.controller.service.ControllerService;
import io.mqcontroller.controller.controller.service.ControllerService.AlterSyncStateSet;
import io.mqcontroller.controller.controller.service.ControllerService.ApplyBrokerId;
import io.mqcontroller.controller.controller.service.ControllerService.ElectMaster;
import io.mqcontroller.controller.controller.service.ControllerService.Heartbeat;
import io.mqcontroller.controller.controller.service.ControllerService.Register;
import io.mqcontroller.controller.controller.service.GroupRef;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.controller.service.RoleView;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.raft.core.NodeId;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * Rates, CPU and memory of the loop over real Raft without any protocol before it, run by hand: {@code LoopBenchmark [members]
 * [groups]}. All members are in this process.
 */
public final class LoopBenchmark {
    private static final int CALLERS = 64;
    private static final int ALTERED_GROUPS = 64;

    private final List<LoopMember> members;
    private final int groups;
    private final int[] changes = new int[ALTERED_GROUPS];

    private LoopBenchmark(List<LoopMember> members, int groups) {
        this.members = members;
        this.groups = groups;
    }

    public static void main(String[] args) throws Exception {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 3;
        int groups = args.length > 1 ? Integer.parseInt(args[1]) : 10_000;
        Path directory = Files.createTempDirectory("loop-benchmark");
        List<LoopMember> members = new ArrayList<>();
        try {
            SortedMap<NodeId, InetSocketAddress> addresses = addresses(count);
            for (NodeId id : addresses.keySet()) {
                members.add(new LoopMember(id, addresses, directory.resolve(id.value())));
            }
            new LoopBenchmark(members, groups).run();
            members.forEach(LoopMember::close);
            long startNanos = System.nanoTime();
            members.clear();
            for (NodeId id : addresses.keySet()) {
                members.add(new LoopMember(id, addresses, directory.resolve(id.value())));
            }
            leaderOf(members);
            System.out.printf("restart with %d groups: %d ms%n", groups, millisSince(startNanos));
        } finally {
            members.forEach(LoopMember::close);
            deleteAll(directory);
        }
    }

    private void run() throws Exception {
        ControllerService service = leaderOf(members).service();
        measure("register new groups (1013, 1003, 1002)", groups, CALLERS, i -> makeGroup(service, i));
        for (int i = 0; i < groups; i++) {
            service.heartbeat(heartbeat(i, 1, 0));
        }
        for (int i = 0; i < ALTERED_GROUPS; i++) {
            service.applyBrokerId(
                    new ApplyBrokerId(key(i), new BrokerId(2), "127.0.0.2:" + i + ";1", new ConnectionId(i)));
            service.heartbeat(heartbeat(i, 2, 0));
        }
        for (int round = 0; round < 3; round++) {
            measure("alter, " + CALLERS + " callers", 40_000, CALLERS, i -> alter(service, i));
        }
        measure("alter, 1 caller", 4_000, 1, i -> alter(service, i));
        measure("replica info, " + CALLERS + " callers", 100_000, CALLERS, i -> service.replicaInfo(ref(i % groups))
                .toCompletableFuture());
        heartbeats(service);
        massDeath(service);
        System.gc();
        long usedMiB =
                (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 20;
        System.out.printf(
                "heap after GC, %d members in one process, %d groups: %d MiB%n", members.size(), groups, usedMiB);
    }

    /** The next change of one of the first groups: replica 2 joins or leaves. What is decided in order needs no answer in between. */
    private CompletableFuture<?> alter(ControllerService service, int call) {
        int group = call % ALTERED_GROUPS;
        int change = changes[group]++;
        return service.alterSyncStateSet(new AlterSyncStateSet(
                        ref(group), new BrokerId(1), 1, change % 2 == 0 ? ids(1, 2) : ids(1), 1 + change))
                .toCompletableFuture();
    }

    private static CompletableFuture<?> makeGroup(ControllerService service, int i) {
        ConnectionId connection = new ConnectionId(i);
        BrokerId one = new BrokerId(1);
        return service.applyBrokerId(new ApplyBrokerId(key(i), one, "127.0.0.1:" + i + ";1", connection))
                .thenCompose(x -> service.register(new Register(key(i), one, "127.0.0.1:" + i, connection)))
                .thenCompose(x -> service.electMaster(new ElectMaster(ref(i), Optional.of(one), false)))
                .toCompletableFuture();
    }

    private void heartbeats(ControllerService service) throws Exception {
        int count = 500_000;
        long startNanos = System.nanoTime();
        long cpuNanos = cpuNanos();
        for (int i = 0; i < count; i++) {
            service.heartbeat(heartbeat(i % groups, 1, i));
            while (leaderOf(members).loop.mailboxDepth() > 20_000) {
                Thread.onSpinWait();
            }
        }
        service.replicaInfo(ref(0)).toCompletableFuture().get(10, TimeUnit.SECONDS);
        print("heartbeats", count, System.nanoTime() - startNanos, cpuNanos() - cpuNanos);
    }

    private void massDeath(ControllerService service) throws Exception {
        int dying = Math.min(1_000, groups);
        long startNanos = System.nanoTime();
        for (int i = groups - dying; i < groups; i++) {
            service.connectionClosed(new ConnectionId(i));
        }
        while (true) {
            Reply<RoleView> reply =
                    service.replicaInfo(ref(groups - 1)).toCompletableFuture().get(10, TimeUnit.SECONDS);
            if (((Reply.Done<RoleView>) reply).value().group().master().isEmpty()) {
                break;
            }
        }
        System.out.printf(
                "%d masters dead at once: decided and committed after %d ms (50 ms of it grace)%n",
                dying, millisSince(startNanos));
    }

    private static void measure(String what, int count, int callers, IntFunction<CompletableFuture<?>> call)
            throws InterruptedException {
        Semaphore underWay = new Semaphore(callers);
        long startNanos = System.nanoTime();
        long cpuNanos = cpuNanos();
        for (int i = 0; i < count; i++) {
            underWay.acquire();
            call.apply(i).whenComplete((reply, error) -> underWay.release());
        }
        underWay.acquire(callers);
        print(what, count, System.nanoTime() - startNanos, cpuNanos() - cpuNanos);
    }

    private static void print(String what, int count, long nanos, long cpuNanos) {
        System.out.printf(
                "%s: %,d/s, %.1f us of CPU each%n", what, count * 1_000_000_000L / nanos, cpuNanos / 1_000.0 / count);
    }

    private static LoopMember leaderOf(List<LoopMember> members) {
        while (true) {
            for (LoopMember member : members) {
                if (member.loop.view().leading()) {
                    return member;
                }
            }
            Thread.onSpinWait();
        }
    }

    private static GroupKey key(int group) {
        return new GroupKey("C", "g" + group);
    }

    private static GroupRef ref(int group) {
        return new GroupRef(Optional.of("C"), "g" + group, new ConnectionId(group));
    }

    private static Heartbeat heartbeat(int group, long id, long offset) {
        return new Heartbeat(
                key(group),
                new BrokerId(id),
                "127.0.0." + id + ":" + group,
                0,
                offset,
                offset,
                300_000,
                1,
                new ConnectionId(group));
    }

    private static SortedMap<NodeId, InetSocketAddress> addresses(int count) throws Exception {
        SortedMap<NodeId, InetSocketAddress> addresses = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                addresses.put(
                        new NodeId("n" + i),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), probe.getLocalPort()));
            }
        }
        return addresses;
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    private static void deleteAll(Path directory) throws java.io.IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
