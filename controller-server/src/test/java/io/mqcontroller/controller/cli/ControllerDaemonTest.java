package io.mqcontroller.controller.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.config.ConfigLoader;
import io.mqcontroller.controller.config.ConfigLoader.Loaded;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The parts together: real sockets, real disk, one JVM. */
class ControllerDaemonTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final List<ControllerDaemon> running = new ArrayList<>();
    private List<Integer> ports;
    private List<Integer> httpPorts;

    @AfterEach
    void stopAll() {
        running.forEach(ControllerDaemon::close);
        assertEquals(List.of(), faults);
    }

    @Test
    void aSingleControllerBecomesReadyAndLeadsAgainAfterARestart() throws Exception {
        choosePorts(1);
        ControllerDaemon daemon = start(0);
        awaitReady(0);
        assertTrue(metadata(0).contains("\"isLeader\":\"true\""), metadata(0));
        long term = metric(0, "mqcontroller_term");

        daemon.close();
        running.remove(daemon);
        assertThrows(IOException.class, () -> metadata(0));
        start(0);
        awaitReady(0);

        assertTrue(metric(0, "mqcontroller_term") > term);
    }

    @Test
    void aLeaderThatIsStoppedHandsLeadershipOnFirst() throws Exception {
        choosePorts(3);
        for (int i = 0; i < 3; i++) {
            start(i);
        }
        for (int i = 0; i < 3; i++) {
            awaitReady(i);
        }
        int leader = leader();
        long term = metric(leader, "mqcontroller_term");
        int other = (leader + 1) % 3;

        running.get(leader).close();

        await().atMost(SOON)
                .until(() -> metadata(other).contains("\"controllerLeaderId\"")
                        && !metadata(other).contains("\"controllerLeaderId\":\"n" + leader + "\""));
        // One term and no more: nobody had to run for it twice, and nobody waited for a timeout to run.
        assertEquals(term + 1, metric(other, "mqcontroller_term"));
    }

    @Test
    void withoutAMajorityAControllerIsAliveAndNotReady() throws Exception {
        choosePorts(3);
        start(0);

        HttpResponse<String> ready = get(0, "/readyz");
        assertEquals(503, ready.statusCode());
        assertTrue(ready.body().contains("\"check\":\"leader\""), ready.body());
        assertEquals(200, get(0, "/livez").statusCode());
        assertFalse(metadata(0).contains("controllerLeaderAddress"), metadata(0));
    }

    @Test
    void aStoreOfAnotherClusterIsRefusedByName() throws Exception {
        choosePorts(1);
        ControllerDaemon daemon = start(0);
        awaitReady(0);
        daemon.close();
        running.remove(daemon);

        IOException e = assertThrows(IOException.class, () -> start(0, "another-cluster"));

        assertTrue(e.getMessage().contains("another-cluster"), e.getMessage());
    }

    @Test
    void aControllerWhoseStoreIsDamagedIsFilledAgainAndKeepsTheOldFiles() throws Exception {
        choosePorts(3);
        for (int i = 0; i < 3; i++) {
            start(i);
        }
        for (int i = 0; i < 3; i++) {
            awaitReady(i);
        }
        int damaged = (leader() + 1) % 3;
        running.get(damaged).close();
        Path store = folder.resolve("store-" + damaged);
        Files.delete(store.resolve("raft").resolve("CURRENT"));
        running.set(damaged, startWithStore(damaged, "test", store));

        awaitReady(damaged);

        assertEquals(0, metric(damaged, "mqcontroller_store_recovering"));
        try (Stream<Path> files = Files.list(store)) {
            assertEquals(
                    1,
                    files.filter(file -> file.getFileName().toString().startsWith("raft.damaged-"))
                            .count());
        }
    }

    @Test
    void aSingleControllerWhoseStoreIsDamagedIsRefusedWithTheWayOut() throws Exception {
        choosePorts(1);
        ControllerDaemon daemon = start(0);
        awaitReady(0);
        daemon.close();
        running.remove(daemon);
        Path raft = folder.resolve("store-0").resolve("raft");
        Files.delete(raft.resolve("CURRENT"));

        IOException e = assertThrows(IOException.class, () -> start(0));

        assertTrue(e.getMessage().contains("mv " + raft + " " + raft + ".lost"), e.getMessage());
        Files.move(raft, raft.resolveSibling("raft.lost"));
        start(0);
        awaitReady(0);
    }

    @Test
    void aStoreInUseOrAPortInUseIsRefusedAndNothingIsLeftBehind() throws Exception {
        choosePorts(1);
        start(0);
        awaitReady(0);
        assertThrows(IOException.class, () -> start(0));

        try (ServerSocket taken = new ServerSocket(0)) {
            ports = List.of(taken.getLocalPort());
            IOException e =
                    assertThrows(IOException.class, () -> startWithStore(0, "test", folder.resolve("elsewhere")));
            assertTrue(e.getMessage().contains(Integer.toString(taken.getLocalPort())), e.getMessage());
        }
        choosePorts(1);
        running.add(startWithStore(0, "test", folder.resolve("elsewhere")));
        awaitReady(0);
    }

    private void choosePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        for (int i = 0; i < 2 * count; i++) {
            sockets.add(new ServerSocket(0));
        }
        List<Integer> free = sockets.stream().map(ServerSocket::getLocalPort).toList();
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        ports = free.subList(0, count);
        httpPorts = free.subList(count, 2 * count);
    }

    private ControllerDaemon start(int i) throws Exception {
        return start(i, "test");
    }

    private ControllerDaemon start(int i, String cluster) throws Exception {
        ControllerDaemon daemon = startWithStore(i, cluster, folder.resolve("store-" + i));
        running.add(daemon);
        return daemon;
    }

    private ControllerDaemon startWithStore(int i, String cluster, Path store) throws Exception {
        List<String> peers = new ArrayList<>();
        for (int n = 0; n < ports.size(); n++) {
            peers.add("n" + n + "-127.0.0.1:" + ports.get(n));
        }
        Path file = Files.writeString(
                folder.resolve("n" + i + ".conf"),
                String.join(
                        "\n",
                        "controllerDLegerGroup=" + cluster,
                        "controllerDLegerPeers=" + String.join(";", peers),
                        "controllerDLegerSelfId=n" + i,
                        "controllerStorePath=" + store,
                        "diskReserveMegabytes=1",
                        "bindAddress=127.0.0.1",
                        "httpListenPort=" + httpPorts.get(i)));
        Loaded loaded = ConfigLoader.load(Optional.of(file), Map.of(), "/nowhere");
        return ControllerDaemon.start(loaded, "test", (what, cause) -> faults.add(what + ": " + cause));
    }

    private void awaitReady(int i) {
        await().atMost(SOON)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> get(i, "/readyz").statusCode() == 200);
    }

    private int leader() throws IOException {
        for (int i = 0; i < ports.size(); i++) {
            if (metadata(i).contains("\"isLeader\":\"true\"")) {
                return i;
            }
        }
        throw new AssertionError("nobody leads");
    }

    private HttpResponse<String> get(int i, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + httpPorts.get(i) + path);
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private long metric(int i, String name) throws IOException, InterruptedException {
        return get(i, "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    /** The header of the answer to RocketMQ's request 1005. */
    private String metadata(int i) throws IOException {
        byte[] header = "{\"code\":1005,\"flag\":0,\"language\":\"JAVA\",\"opaque\":7,\"version\":479}"
                .getBytes(StandardCharsets.UTF_8);
        try (Socket socket = new Socket("127.0.0.1", ports.get(i))) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(ByteBuffer.allocate(8 + header.length)
                            .putInt(4 + header.length)
                            .putInt(header.length)
                            .put(header)
                            .array());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            in.readInt();
            byte[] answer = new byte[in.readInt() & 0xffffff];
            in.readFully(answer);
            return new String(answer, StandardCharsets.UTF_8);
        }
    }
}
