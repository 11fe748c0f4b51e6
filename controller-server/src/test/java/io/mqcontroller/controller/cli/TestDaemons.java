package io.mqcontroller.controller.cli;

import io.mqcontroller.controller.config.ConfigLoader;
import io.mqcontroller.controller.config.ConfigLoader.Loaded;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Controllers of one cluster in this JVM, with real sockets and disks. */
final class TestDaemons implements AutoCloseable {
    final List<String> faults = new CopyOnWriteArrayList<>();
    final List<Integer> ports;
    final List<Integer> httpPorts;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<Integer, ControllerDaemon> running = new TreeMap<>();
    private final Path folder;
    private final List<String> more;

    /** @param more lines of each configuration */
    TestDaemons(Path folder, int count, String... more) throws Exception {
        this.folder = folder;
        this.more = List.of(more);
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
        for (int i = 0; i < count; i++) {
            start(i);
        }
    }

    void start(int i) throws Exception {
        List<String> peers = new ArrayList<>();
        for (int n = 0; n < ports.size(); n++) {
            peers.add("n" + n + "-127.0.0.1:" + ports.get(n));
        }
        List<String> lines = new ArrayList<>(List.of(
                "controllerDLegerGroup=test",
                "controllerDLegerPeers=" + String.join(";", peers),
                "controllerDLegerSelfId=n" + i,
                "controllerStorePath=" + folder.resolve("store-" + i),
                "diskReserveMegabytes=1",
                "bindAddress=127.0.0.1",
                "httpListenPort=" + httpPorts.get(i)));
        lines.addAll(more);
        Path file = Files.writeString(folder.resolve("n" + i + ".conf"), String.join("\n", lines));
        Loaded loaded = ConfigLoader.load(Optional.of(file), Map.of(), "/nowhere");
        running.put(i, ControllerDaemon.start(loaded, "test", (what, cause) -> faults.add(what + ": " + cause)));
    }

    void stop(int i) {
        running.remove(i).close();
    }

    /** The value of a series of one controller, named as on the page. */
    double metric(int i, String series) throws IOException, InterruptedException {
        return page(i).lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(series + " is not on the page"));
    }

    /** Whether this line is among the metrics of a controller. */
    boolean shows(int i, String line) throws IOException, InterruptedException {
        return page(i).lines().anyMatch(line::equals);
    }

    private String page(int i) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + httpPorts.get(i) + "/metrics");
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Override
    public void close() {
        running.values().forEach(ControllerDaemon::close);
    }
}
