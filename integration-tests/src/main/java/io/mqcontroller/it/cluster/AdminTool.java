package io.mqcontroller.it.cluster;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The real {@code mqadmin}, a process for each command. */
public final class AdminTool {
    private final AtomicInteger runs = new AtomicInteger();
    private final String version;
    private final Path folder;
    private final String nameServer;

    public AdminTool(String version, Path folder, String nameServer) {
        this.version = version;
        this.folder = folder;
        this.nameServer = nameServer;
    }

    /** Runs one command to its end and gives back what it printed. */
    public String run(String command, String... options) {
        String[] arguments = new String[options.length + 3];
        arguments[0] = command;
        System.arraycopy(options, 0, arguments, 1, options.length);
        arguments[options.length + 1] = "-n";
        arguments[options.length + 2] = nameServer;
        try (ManagedProcess process = ManagedProcess.start(
                "mqadmin-" + runs.incrementAndGet() + "-" + command,
                folder,
                ApacheCommand.of(
                        version,
                        folder.resolve("home-mqadmin"),
                        "-Xmx160m -XX:+UseSerialGC -XX:TieredStopAtLevel=1",
                        "tools.command.MQAdminStartup",
                        arguments),
                Map.of())) {
            process.awaitExit(60);
            return String.join("\n", process.lines());
        }
    }
}
