package io.mqcontroller.controller.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.raft.transport.EventLoops;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpServerTest {
    @TempDir
    Path folder;

    private final AtomicReference<Optional<String>> leaderFailure = new AtomicReference<>(Optional.empty());
    private final HttpClient client = HttpClient.newHttpClient();
    private EventLoops loops;
    private Metrics metrics;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        loops = EventLoops.start("http-test", 1);
        metrics = new Metrics("1.2.3", folder);
        HealthPage ready = new HealthPage(List.of(
                new HealthCheck("leader", leaderFailure::get), new HealthCheck("disk_writable", Optional::empty)));
        HttpPage failing = query -> {
            throw new IllegalStateException("made to fail");
        };
        server = HttpServer.start(
                "127.0.0.1", 0, loops, Map.of("/metrics", metrics.page(), "/readyz", ready, "/failing", failing));
    }

    @AfterEach
    void stop() {
        server.close();
        metrics.close();
        loops.close();
    }

    @Test
    void metricsAreTextUnlessOpenMetricsIsAskedFor() throws Exception {
        HttpResponse<String> text = get("/metrics");
        HttpResponse<String> open =
                get("/metrics", "Accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5");

        assertEquals("text/plain; version=0.0.4; charset=utf-8", contentType(text));
        assertTrue(text.body().contains("mqcontroller_build_info{"), text.body());
        assertTrue(text.body().contains("version=\"1.2.3\""), text.body());
        assertFalse(text.body().contains("# EOF"));
        assertEquals("application/openmetrics-text; version=1.0.0; charset=utf-8", contentType(open));
        assertTrue(open.body().endsWith("# EOF\n"));
    }

    @Test
    void readinessNamesTheChecksThatFail() throws Exception {
        assertEquals(200, get("/readyz").statusCode());
        assertEquals(
                "{\"status\":\"ok\",\"failed\":[],\"passed\":[\"leader\",\"disk_writable\"]}\n",
                get("/readyz?verbose").body());

        leaderFailure.set(Optional.of("no leader known"));

        HttpResponse<String> failed = get("/readyz");
        assertEquals(503, failed.statusCode());
        assertEquals(
                "{\"status\":\"failed\",\"failed\":[{\"check\":\"leader\",\"message\":\"no leader known\"}]}\n",
                failed.body());
    }

    @Test
    void unknownPathsMethodsAndFailingPagesAreAnswered() throws Exception {
        HttpResponse<String> unknown = get("/nothing");
        assertEquals(404, unknown.statusCode());
        assertTrue(unknown.body().contains("/metrics"), unknown.body());

        HttpRequest post = HttpRequest.newBuilder(uri("/metrics"))
                .POST(HttpRequest.BodyPublishers.ofString("x"))
                .build();
        assertEquals(
                405, client.send(post, HttpResponse.BodyHandlers.ofString()).statusCode());

        assertEquals(500, get("/failing").statusCode());
        assertEquals(200, get("/metrics").statusCode());
    }

    @Test
    void headGivesTheLengthAndNoBody() throws Exception {
        HttpRequest head = HttpRequest.newBuilder(uri("/readyz"))
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build();

        HttpResponse<String> response = client.send(head, HttpResponse.BodyHandlers.ofString());

        assertEquals(200, response.statusCode());
        assertEquals("", response.body());
        assertEquals(28, response.headers().firstValueAsLong("content-length").orElseThrow());
    }

    @Test
    void oneConnectionServesRequestsSentTogetherInTheirOrder() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(
                    ("GET /readyz HTTP/1.1\r\nHost: x\r\n\r\nGET /readyz?verbose HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));

            String both = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            int first = both.indexOf("{\"status\":\"ok\",\"failed\":[]}");
            int second = both.indexOf("\"passed\"");
            assertTrue(first > 0 && second > first, both);
        }
    }

    @Test
    void anEndlessLineOrGarbageEndsTheConnection() throws Exception {
        assertRefused(("GET /" + "x".repeat(100_000) + " HTTP/1.1\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        assertRefused("\u0000\u0001garbage\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));

        assertEquals(200, get("/readyz").statusCode());
    }

    @Test
    void aPortInUseIsNamed() {
        IOException e = org.junit.jupiter.api.Assertions.assertThrows(
                IOException.class, () -> HttpServer.start("127.0.0.1", server.port(), loops, Map.of()));

        assertTrue(e.getMessage().contains("127.0.0.1:" + server.port()), e.getMessage());
    }

    /** The connection ends, with a client error as its last word unless the reset overtakes it. */
    private void assertRefused(byte[] bytes) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(bytes);
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.startsWith("HTTP/1.1 4"), answer);
        } catch (SocketException e) {
            assertTrue(e.getMessage().matches("(?i).*(reset|broken pipe).*"), e.getMessage());
        }
    }

    private HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    private static String contentType(HttpResponse<?> response) {
        return response.headers().firstValue("content-type").orElseThrow();
    }
}
