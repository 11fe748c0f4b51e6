package io.mqcontroller.spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Runs TLC in a process of its own: it keeps its state in static fields, and ends the process that it runs in. */
final class Tlc {
    private static final Pattern STATES = Pattern.compile("([0-9,]+) distinct states found, ([0-9,]+) states left");
    private static final Pattern VIOLATION =
            Pattern.compile("(?:Invariant|Action property|property) (\\w+) is violated");

    private Tlc() {}

    /**
     * What TLC says in the end.
     *
     * @param violated the property that does not hold, if any
     * @param distinctStates that were found
     * @param complete whether no state was left to be looked at
     */
    record Result(Optional<String> violated, long distinctStates, boolean complete, String output) {}

    /**
     * Checks {@code module} in the folder {@code specification} under this configuration.
     *
     * @param workers threads of TLC, or {@code auto}
     */
    static Result check(Path specification, String module, String configuration, String workers, long minutes)
            throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("tlc");
        try {
            Path config = Files.writeString(work.resolve("model.cfg"), configuration);
            Path output = work.resolve("output");
            Process process = new ProcessBuilder(command(module, config, workers, work))
                    .directory(specification.toAbsolutePath().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(minutes, TimeUnit.MINUTES)) {
                process.destroyForcibly().waitFor();
            }
            return read(Files.readString(output));
        } finally {
            delete(work);
        }
    }

    private static List<String> command(String module, Path config, String workers, Path work) {
        String jar = tlc2.TLC
                .class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx1g",
                // TLC unpacks its modules there, and two that run at once must not do so in one place.
                "-Djava.io.tmpdir=" + work,
                "-cp",
                jar,
                "tlc2.TLC",
                "-workers",
                workers,
                "-deadlock",
                "-nowarning",
                "-metadir",
                work.resolve("states").toString(),
                "-config",
                config.toString(),
                module + ".tla");
    }

    private static Result read(String output) {
        Matcher violation = VIOLATION.matcher(output);
        Optional<String> violated = violation.find() ? Optional.of(violation.group(1)) : Optional.empty();
        long distinct = 0;
        long left = Long.MAX_VALUE;
        Matcher states = STATES.matcher(output);
        while (states.find()) {
            distinct = number(states.group(1));
            left = number(states.group(2));
        }
        boolean complete = left == 0 && output.contains("No error has been found");
        return new Result(violated, distinct, complete, output);
    }

    private static long number(String withCommas) {
        return Long.parseLong(withCommas.replace(",", ""));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
