package io.mqcontroller.it.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Apache's client for what is done at once, as making a topic or reading it: one process for all clusters of this JVM, one errand
 * after the other. It ends with this JVM; one that hangs or has ended is replaced at the next errand.
 */
final class ClientErrands {
    private static final ClientErrands SHARED = new ClientErrands();

    private ManagedProcess process;
    private long number;

    private ClientErrands() {}

    /**
     * Runs a command of the client driver to its end.
     *
     * @param folder for its report
     * @return what it reported; if it did not end in time, what it was doing as well
     */
    static List<String> run(Path folder, long withinSeconds, String... command) {
        synchronized (SHARED) {
            return SHARED.runHere(folder, withinSeconds, command);
        }
    }

    private List<String> runHere(Path folder, long withinSeconds, String... command) {
        if (process == null || !process.isRunning()) {
            start();
        }
        Path report = folder.resolve("errand-" + ++number + "-" + command[0]);
        process.input(report + "\t" + String.join("\t", command));
        try {
            Awaitility.await(command[0])
                    .atMost(Duration.ofSeconds(withinSeconds))
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> Files.exists(report) || !process.isRunning());
        } catch (ConditionTimeoutException e) {
            process.dumpThreads();
            process.close();
        }
        return reported(report);
    }

    private List<String> reported(Path report) {
        try {
            if (Files.exists(report)) {
                return Files.readAllLines(report);
            }
            Path unfinished = report.resolveSibling(report.getFileName() + ".part");
            List<String> lines = new ArrayList<>(Files.exists(unfinished) ? Files.readAllLines(unfinished) : List.of());
            lines.add("FAILED not done");
            lines.add(process.tail(100));
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void start() {
        Path home = Folders.temporary("errands");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            process.close();
            Folders.delete(home);
        }));
        process = ManagedProcess.start(
                "errands",
                home,
                ApacheCommand.driver("5.5.0", home, "-Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1", "errands"),
                Map.of());
    }
}
