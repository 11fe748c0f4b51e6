package io.mqcontroller.raft.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real file system without room, that only a process of its own can see. Needs root. */
class FullDiskTest {
    private static final String MOUNTED_FIRST =
            "mkdir \"$0/n0\" && mount -t tmpfs -o size=112m small-disk \"$0/n0\" && exec \"$@\"";

    @TempDir
    private Path directory;

    @Test
    void memberWhoseDiskIsFullHandsOnAndComesBackWhenThereIsRoom() throws Exception {
        assumeTrue(canMount(), "mounting a small disk needs root");
        Path output = directory.resolve("output");
        Process program = new ProcessBuilder(
                        "unshare",
                        "-m",
                        "sh",
                        "-c",
                        MOUNTED_FIRST,
                        directory.toString(),
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FullDiskProgram.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            boolean ended = program.waitFor(3, TimeUnit.MINUTES);
            List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
            assertEquals("done", lines.isEmpty() ? "" : lines.get(lines.size() - 1), () -> String.join("\n", lines));
            assertEquals(true, ended);
        } finally {
            program.destroyForcibly();
        }
    }

    private static boolean canMount() throws InterruptedException {
        try {
            return new ProcessBuilder("unshare", "-m", "true").start().waitFor() == 0;
        } catch (IOException noSuchCommand) {
            return false;
        }
    }
}
