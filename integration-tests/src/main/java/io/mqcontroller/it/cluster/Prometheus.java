package io.mqcontroller.it.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A real Prometheus, as Debian packages it, that scrapes our controllers every second and knows our alarms. */
public final class Prometheus implements AutoCloseable {
    /** The job of the controllers, as the alarms and the board expect it. */
    public static final String JOB = "mqcontroller";

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final String address;
    private final ManagedProcess process;

    private Prometheus(String address, ManagedProcess process) {
        this.address = address;
        this.process = process;
    }

    /**
     * Starts it on a free port of the loopback interface.
     *
     * @throws UncheckedIOException when there is no {@code prometheus} on the path
     */
    public static Prometheus start(Path folder, List<ControllerNode> controllers, Path rules) {
        String address = "127.0.0.1:" + Ports.free();
        String targets = controllers.stream()
                .map(node -> Json.quote(node.host().at(node.httpPort())))
                .collect(Collectors.joining(", ", "[", "]"));
        Path configuration = folder.resolve("prometheus.yml");
        try {
            Files.writeString(
                    configuration,
                    """
                    global: {scrape_interval: 1s, evaluation_interval: 1s}
                    rule_files: [%s]
                    scrape_configs:
                      - job_name: %s
                        static_configs: [{targets: %s}]
                    """
                            .formatted(Json.quote(rules.toAbsolutePath().toString()), JOB, targets));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> command = List.of(
                "prometheus",
                "--config.file=" + configuration,
                "--storage.tsdb.path=" + folder.resolve("prometheus"),
                "--web.listen-address=" + address);
        return new Prometheus(address, ManagedProcess.start("prometheus", folder, command, Map.of()));
    }

    public boolean isReady() {
        try {
            return get("/-/ready").statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /**
     * The series that a query yields now, each as Prometheus' API shows it.
     *
     * @throws IllegalArgumentException if Prometheus refuses the query
     */
    @SuppressWarnings("unchecked")
    public List<Object> query(String expression) throws IOException {
        HttpResponse<String> response =
                get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        if (response.statusCode() != 200) {
            throw new IllegalArgumentException(expression + ": " + response.body());
        }
        Map<String, Object> data =
                (Map<String, Object>) Json.parseObject(response.body()).get("data");
        return (List<Object>) data.get("result");
    }

    /** Whether an alarm rings, for whichever labels. */
    public boolean rings(String alarm) throws IOException {
        return !query("ALERTS{alertname=\"" + alarm + "\", alertstate=\"firing\"}")
                .isEmpty();
    }

    /** The alarms that ring or are about to, who answers its scrapes, and the end of its log. */
    public String describe() {
        StringBuilder text = new StringBuilder("-- prometheus " + address + "\n");
        for (String query : List.of("ALERTS", "up", "scrape_duration_seconds", "mqcontroller_masters_missing")) {
            try {
                text.append(query).append(": ").append(query(query)).append('\n');
            } catch (IOException e) {
                text.append(query).append(": ").append(e).append('\n');
            }
        }
        return text.append(process.tail(10)).append('\n').toString();
    }

    private HttpResponse<String> get(String path) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + path))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
