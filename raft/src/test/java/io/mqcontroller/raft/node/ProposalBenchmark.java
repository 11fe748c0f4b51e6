package io.mqcontroller.raft.node;

import com.sun.management.OperatingSystemMXBean;
import io.mqcontroller.raft.core.Bytes;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Proposals per second and CPU per proposal of three members in one process, run by hand: {@code ProposalBenchmark [proposals]
 * [bytes]}. Callers keep a fixed number of proposals under way.
 */
public final class ProposalBenchmark {
    private ProposalBenchmark() {}

    public static void main(String[] args) throws Exception {
        int proposals = args.length > 0 ? Integer.parseInt(args[0]) : 20_000;
        int bytes = args.length > 1 ? Integer.parseInt(args[1]) : 128;
        Path directory = Files.createTempDirectory("proposal-benchmark");
        try (TestCluster cluster = new TestCluster(directory, 3, 50_000, 5_000)) {
            TestMember leader = cluster.awaitLeader();
            measure(leader, 256, proposals, bytes);
            System.out.println("| under way | proposals/s | CPU us/proposal | p50 ms | p99 ms |");
            System.out.println("| --- | --- | --- | --- | --- |");
            for (int underWay : new int[] {1, 8, 64, 256, 1024}) {
                int count = underWay == 1 ? proposals / 10 : proposals;
                System.out.println(measure(leader, underWay, count, bytes));
            }
        } finally {
            deleteAll(directory);
        }
    }

    private static String measure(TestMember leader, int underWay, int count, int bytes) throws Exception {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        Semaphore room = new Semaphore(underWay);
        AtomicInteger notDone = new AtomicInteger();
        long[] latencies = new long[count];
        Bytes command = Bytes.wrap(new byte[bytes]);
        long cpu = system.getProcessCpuTime();
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            int number = i;
            room.acquire();
            long sent = System.nanoTime();
            leader.node.propose(command, result -> {
                if (!(result instanceof ProposalResult.Done)) {
                    notDone.incrementAndGet();
                }
                latencies[number] = System.nanoTime() - sent;
                room.release();
            });
        }
        room.acquire(underWay);
        double seconds = (System.nanoTime() - begin) / 1e9;
        double cpuMicros = (system.getProcessCpuTime() - cpu) / 1e3 / count;
        Arrays.sort(latencies);
        return String.format(
                "| %d | %.0f | %.1f | %.2f | %.2f |%s",
                underWay,
                count / seconds,
                cpuMicros,
                latencies[count / 2] / 1e6,
                latencies[count * 99 / 100] / 1e6,
                notDone.get() == 0 ? "" : " " + notDone + " not done");
    }

    private static void deleteAll(Path directory) throws Exception {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
