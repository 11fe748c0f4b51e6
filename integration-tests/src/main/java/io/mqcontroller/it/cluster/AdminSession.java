package io.mqcontroller.it.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** The real {@code mqadmin} for many commands: one process, which runs Apache's own entry point for each. */
public final class AdminSession implements AutoCloseable {
    private static final String END = "END";

    private final String nameServer;
    private final ManagedProcess process;
    private int read;

    public AdminSession(String version, Path folder, String nameServer) {
        this.nameServer = nameServer;
        process = ManagedProcess.start(
                "mqadmin",
                folder,
                ApacheCommand.driver(
                        version,
                        folder.resolve("home-mqadmin"),
                        "-Xmx160m -XX:+UseSerialGC -XX:TieredStopAtLevel=1",
                        "admin"),
                Map.of());
    }

    /** Runs one command to its end and gives back what it printed. */
    public String run(String command, String... options) {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of("-n", nameServer));
        process.input(String.join("\t", arguments));
        Awaitility.await(command)
                .atMost(Duration.ofSeconds(60))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> printed().contains(END) || !process.isRunning());
        List<String> printed = printed();
        int end = printed.indexOf(END);
        if (end < 0) {
            throw new AssertionError(command + " ended mqadmin\n" + process.tail(30));
        }
        read += end + 1;
        return String.join("\n", printed.subList(0, end));
    }

    private List<String> printed() {
        List<String> lines = process.lines();
        return lines.subList(read, lines.size());
    }

    @Override
    public void close() {
        process.close();
    }
}
