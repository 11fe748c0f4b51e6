package io.mqcontroller.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Controllers given by name, to a whole agent; in a JVM of its own, for names lead where a file says from its start on. */
class ControllersByNameTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(ControllersByName.class)
    void agentFollowsTheName(ControllersByName story) throws IOException, InterruptedException {
        Path hosts = folder.resolve("hosts");
        Process process = new ProcessBuilder(List.of(
                        System.getProperty("java.home") + "/bin/java",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Djdk.net.hosts.file=" + hosts,
                        "-Dsun.net.inetaddr.ttl=0",
                        "-Dsun.net.inetaddr.negative.ttl=0",
                        ControllersByName.class.getName(),
                        story.name(),
                        folder.toString()))
                .redirectErrorStream(true)
                .start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), output);
        } finally {
            process.destroyForcibly();
        }
    }
}
