package io.mqcontroller.it.scenario;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.it.cluster.Checkout;
import io.mqcontroller.it.cluster.Folders;
import io.mqcontroller.it.cluster.ManagedProcess;
import io.mqcontroller.it.cluster.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/mqcontroller} as operators use it, from the checkout and from the archive. */
class LauncherIT {
    private static final long STOP_WITHIN_S = 5;
    private static final Map<String, String> SMALL = Map.of("JAVA_OPTS", "-Xmx128m -XX:TieredStopAtLevel=1");

    @TempDir
    Path folder;

    @Test
    void itIsTheDaemonAndStopsCleanlyOnSigterm() throws Exception {
        startAwaitAndStop(Checkout.launcher());
    }

    @Test
    void theArchiveRunsWithoutTheCheckout() throws Exception {
        Path home = unpackArchive();
        for (String part : List.of(
                "bin/mqcontroller",
                "bin/mqbroker",
                "bin/mqctl",
                "bin/mqnamesrv",
                "share/man/man1/mqctl.1",
                "share/completions/mqctl",
                "agent/mqcontroller-broker-agent.jar",
                "conf/controller.conf",
                "conf/broker.conf",
                "conf/prometheus/rules.yml",
                "lib",
                "LICENSE",
                "NOTICE",
                "README.md")) {
            assertTrue(Files.exists(home.resolve(part)), part + " is not in the archive");
        }

        startAwaitAndStop(home.resolve("bin/mqcontroller"));
    }

    @Test
    void theBrokerOfTheArchiveRefusesAWrongConfigurationWithAllMistakes() throws IOException {
        Path launcher = unpackArchive().resolve("bin/mqbroker");
        Path rocketMq = Files.createDirectory(folder.resolve("rocketmq"));
        Path jars = Files.createSymbolicLink(rocketMq.resolve("lib"), Checkout.rocketMqJars("5.5.0"));
        Path file = Files.writeString(
                folder.resolve("wrong.conf"), "controllerAddr=here\nmasterLeaseMillis=2s\nmasterLeaseMode=always\n");

        ManagedProcess process = ManagedProcess.start(
                "broker",
                folder,
                List.of(launcher.toString(), "-c", file.toString()),
                Map.of(
                        "ROCKETMQ_HOME",
                        rocketMq.toString(),
                        "JAVA_OPTS",
                        "-Xms64m -Xmx128m -XX:TieredStopAtLevel=1 -Duser.home=" + folder));

        assertEquals(2, process.awaitExit(30), () -> process.tail(20));
        Files.delete(jars);
        String output = String.join("\n", process.lines());
        for (String part :
                List.of("enableControllerMode", "controllerAddr", "masterLeaseMillis", "masterLeaseMode is safe")) {
            assertTrue(output.contains(part), () -> part + " is not in:\n" + output);
        }
    }

    @Test
    void aWrongConfigurationIsRefusedWithAllMistakes() throws IOException {
        Path file = Files.writeString(
                folder.resolve("wrong.conf"),
                "controllerDLegerGroup=a b\nhttpListenPorts=1\nenableElectUncleanMaster=1\n");

        ManagedProcess process = run(Checkout.launcher().toString(), "-c", file.toString());

        assertEquals(2, process.awaitExit(30));
        String output = String.join("\n", process.lines());
        for (String part : List.of(
                "controllerDLegerGroup=a b",
                "did you mean httpListenPort?",
                "must be true or false",
                "controllerDLegerPeers is missing",
                "controllerDLegerSelfId is missing")) {
            assertTrue(output.contains(part), () -> part + " is not in:\n" + output);
        }
    }

    @Test
    void theEffectiveConfigurationOfEachSampleIsPrinted() throws IOException {
        try (Stream<Path> samples = Files.list(Checkout.root().resolve("conf"))) {
            for (Path sample : samples.filter(
                            file -> file.getFileName().toString().startsWith("controller"))
                    .toList()) {
                ManagedProcess process = run(Checkout.launcher().toString(), "-c", sample.toString(), "-p");
                assertEquals(0, process.awaitExit(30), () -> process.tail(20));
                assertTrue(process.lines().stream().anyMatch(line -> line.startsWith("controllerDLegerSelfId=n")));
            }
        }
    }

    @Test
    void versionAndHelpArePrinted() {
        ManagedProcess version = run(Checkout.launcher().toString(), "--version");
        assertEquals(0, version.awaitExit(30));
        assertTrue(version.lines().get(0).matches("mqcontroller \\d+\\.\\d+.*Java.*"), version.lines()::toString);

        ManagedProcess help = run(Checkout.launcher().toString(), "--help");
        assertEquals(0, help.awaitExit(30));
        assertTrue(help.lines().get(0).startsWith("Usage: mqcontroller"), help.lines()::toString);

        assertEquals(2, run(Checkout.launcher().toString(), "--no-such-option").awaitExit(30));
    }

    @Test
    void aJavaThatIsNoneOrTooOldIsNamed() throws IOException {
        Path home = Files.createDirectories(folder.resolve("old/bin")).getParent();
        Path java =
                Files.writeString(home.resolve("bin/java"), "#!/bin/sh\necho 'openjdk version \"1.8.0_392\"' >&2\n");
        assertTrue(java.toFile().setExecutable(true));
        for (String launcher : List.of("mqcontroller", "mqctl", "mqbroker", "mqnamesrv")) {
            assertRefused(launcher, "JAVA_HOME", home.toString(), "Java 17 or newer is needed", "is 1.8.0_392");
        }
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"11.0.2\"\n");
        assertRefused("mqctl", "JAVA_HOME", home.toString(), "Java 17 or newer is needed", "is 11.0.2");
        assertRefused("mqctl", "JAVA_HOME", "/nowhere", "no Java at \"/nowhere/bin/java\"");
    }

    @Test
    void whatIsNoInstallationOfRocketMqOrTooOldIsNamed() throws IOException {
        for (String launcher : List.of("mqbroker", "mqnamesrv")) {
            assertRefused(
                    launcher,
                    "ROCKETMQ_HOME",
                    folder.toString(),
                    "ROCKETMQ_HOME=" + folder + " is no installation of it");
        }
        Path lib = Files.createDirectory(folder.resolve("lib"));
        Files.createFile(lib.resolve("rocketmq-broker-5.1.4.jar"));
        assertRefused("mqbroker", "ROCKETMQ_HOME", folder.toString(), "5.3 to 5.5", "rocketmq-broker-5.1.4.jar");
    }

    private void assertRefused(String launcher, String variable, String value, String... parts) {
        ManagedProcess process = ManagedProcess.start(
                "refused-" + System.nanoTime(),
                folder,
                List.of(Checkout.root().resolve("bin").resolve(launcher).toString(), "-c", "any.conf"),
                Map.of(variable, value));
        assertEquals(1, process.awaitExit(30), () -> process.tail(20));
        String output = String.join("\n", process.lines());
        for (String part : parts) {
            assertTrue(
                    output.contains(launcher + ": ") && output.contains(part), () -> part + " is not in:\n" + output);
        }
    }

    /** Its top folder. */
    private Path unpackArchive() throws IOException {
        Path archive;
        try (Stream<Path> files = Files.list(Checkout.root().resolve("archive/target"))) {
            archive = files.filter(file -> file.getFileName().toString().matches("mqcontroller-.*\\.tar\\.gz"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("the build made no archive: run 'mvn verify'"));
        }
        assertEquals(
                0,
                run("tar", "-xzf", archive.toString(), "-C", folder.toString()).awaitExit(60));
        try (Stream<Path> unpacked = Files.list(folder)) {
            return unpacked.filter(path -> Files.exists(path.resolve("bin")))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private void startAwaitAndStop(Path launcher) throws Exception {
        int port = Ports.free();
        int httpPort = Ports.free();
        Path file = Folders.writeProperties(
                folder.resolve("single.conf"),
                Map.of(
                        "controllerDLegerGroup",
                        "launcher",
                        "controllerDLegerPeers",
                        "n0-127.0.0.1:" + port,
                        "controllerDLegerSelfId",
                        "n0",
                        "controllerStorePath",
                        folder.resolve("store").toString(),
                        "bindAddress",
                        "127.0.0.1",
                        "httpListenPort",
                        Integer.toString(httpPort)));
        try (ManagedProcess process = ManagedProcess.start(
                "controller", folder, List.of(launcher.toString(), "-c", file.toString()), SMALL)) {
            await().atMost(Duration.ofSeconds(60))
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> status(httpPort, "/readyz") == 200);
            String command = ProcessHandle.of(process.pid())
                    .flatMap(handle -> handle.info().command())
                    .orElseThrow();
            assertTrue(command.endsWith("java"), "the launcher's pid is the daemon's: " + command);

            assertEquals(0, process.terminate(STOP_WITHIN_S), () -> process.tail(20));
        }
    }

    private ManagedProcess run(String... command) {
        return ManagedProcess.start("run-" + System.nanoTime(), folder, new ArrayList<>(List.of(command)), SMALL);
    }

    private static int status(int port, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
