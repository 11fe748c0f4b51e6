package io.mqcontroller.benchmark;

import io.mqcontroller.it.cluster.ControllerCluster;
import io.mqcontroller.it.cluster.ControllerKind;
import io.mqcontroller.it.cluster.ControllerNode;
import io.mqcontroller.it.cluster.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** Three controllers of one kind, and what the kernel says of them. */
final class Target implements AutoCloseable {
    /** Clock ticks of /proc, in milliseconds; 100 a second on every Linux that Java runs on. */
    private static final long TICK_MS = 10;

    private final Path folder = Folders.temporary("benchmark");
    private final ControllerCluster controllers;

    private Target(ControllerKind kind) {
        String heap = kind == ControllerKind.OURS ? "-Xms128m -Xmx256m" : "-Xms256m -Xmx512m";
        controllers = new ControllerCluster(kind, 3, folder, Map.of()).withJvmOptions(heap);
    }

    static Target start(ControllerKind kind) {
        Target target = new Target(kind);
        target.controllers.startAll();
        target.awaitReady();
        return target;
    }

    ControllerKind kind() {
        return controllers.kind();
    }

    /** What brokers call. */
    String leader() {
        return controllers.awaitLeader().address();
    }

    /** User and system time of all three processes. */
    long cpuMs() {
        return controllers.nodes().stream().mapToLong(Target::cpuMs).sum();
    }

    /** Resident memory of all three processes. */
    long residentMiB() {
        return controllers.nodes().stream().mapToLong(Target::residentKiB).sum() / 1024;
    }

    void killAll() {
        controllers.killAll();
    }

    void startAll() {
        controllers.startAll();
    }

    void awaitReady() {
        Awaitility.await(kind() + " is ready")
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> controllers.isReady() && controllers.leader().isPresent());
    }

    /** Waits until some controller leads and knows the group. */
    void awaitKnown(String group) {
        Awaitility.await(kind() + " knows " + group)
                .atMost(Duration.ofSeconds(120))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> controllers.group(group).isPresent());
    }

    @Override
    public void close() {
        controllers.close();
        Folders.delete(folder);
    }

    private static long cpuMs(ControllerNode node) {
        String stat = read("/proc/" + node.process().pid() + "/stat");
        // The second field is the program's name in parentheses and may hold blanks.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * TICK_MS;
    }

    private static long residentKiB(ControllerNode node) {
        List<String> lines =
                read("/proc/" + node.process().pid() + "/status").lines().toList();
        return lines.stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
