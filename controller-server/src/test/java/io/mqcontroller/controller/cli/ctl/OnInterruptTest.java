package io.mqcontroller.controller.cli.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mqcontroller.controller.cli.ctl.client.CallException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OnInterruptTest {
    /** Does one thing that ends, and one that does not. */
    static final class Endless {
        private Endless() {}

        public static void main(String[] arguments) throws CallException {
            OnInterrupt onInterrupt = new OnInterrupt(System.err);
            onInterrupt.during(() -> "never said", () -> true);
            onInterrupt.during(() -> "nothing was written", () -> {
                System.out.println("in the middle");
                return hang();
            });
        }

        private static boolean hang() {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return false;
        }
    }

    @Test
    void whoEndsItHearsWhatGoesOnOfThatAlone() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Endless.class.getName())
                .start();
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
                BufferedReader errors = process.errorReader(StandardCharsets.UTF_8)) {
            assertEquals("in the middle", output.readLine());
            // Not the process itself, which would close its output as well.
            process.toHandle().destroy();
            assertEquals(
                    "mqctl: interrupted; nothing was written",
                    errors.lines().filter(line -> line.startsWith("mqctl:")).collect(Collectors.joining("\n")));
        } finally {
            process.destroyForcibly();
            process.waitFor();
        }
    }
}
