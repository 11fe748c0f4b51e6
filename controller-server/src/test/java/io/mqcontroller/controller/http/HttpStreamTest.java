package io.mqcontroller.controller.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.http.HttpPage.Answer;
import io.mqcontroller.controller.http.HttpStream.Outlet;
import io.mqcontroller.raft.transport.EventLoops;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers that others give, and answers without an end. */
class HttpStreamTest {
    private static final int TIMEOUT_MS = 30_000;

    private final BlockingQueue<Outlet> outlets = new LinkedBlockingQueue<>();
    private final CompletableFuture<Answer> late = new CompletableFuture<>();
    private EventLoops loops;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        loops = EventLoops.start("http-test", 1);
        server = HttpServer.start(
                "127.0.0.1",
                0,
                loops,
                new HttpSite(
                        Map.of("/page", query -> Answer.text(200, "the page")),
                        Map.of("/late", request -> late, "/failing", request -> {
                            throw new IllegalStateException("made to fail");
                        }),
                        Map.of("/events", (request, outlet) -> {
                            outlets.add(outlet);
                            return Optional.empty();
                        })));
    }

    @AfterEach
    void stop() {
        server.close();
        loops.close();
    }

    @Test
    void eventsArriveAsTheyAreSent() throws Exception {
        try (Socket socket = ask("/events")) {
            Outlet outlet = outlets.poll(TIMEOUT_MS, TimeUnit.MILLISECONDS);
            assertTrue(outlet.send("data: one\n\n".getBytes(StandardCharsets.UTF_8)));
            String head = readUntil(socket, "data: one\n\n");
            assertTrue(head.startsWith("HTTP/1.1 200 OK\r\n"), head);
            assertTrue(head.toLowerCase().contains("content-type: text/event-stream"), head);
            assertTrue(head.toLowerCase().contains("transfer-encoding: chunked"), head);

            outlet.send("data: two\n\n".getBytes(StandardCharsets.UTF_8));
            readUntil(socket, "data: two\n\n");
        }
    }

    @Test
    void whoDoesNotReadIsCutOffAndTheOthersAreNot() throws Exception {
        try (Socket slow = ask("/events")) {
            Outlet ofSlow = outlets.poll(TIMEOUT_MS, TimeUnit.MILLISECONDS);
            Socket other = ask("/events");
            Outlet ofOther = outlets.poll(TIMEOUT_MS, TimeUnit.MILLISECONDS);

            byte[] much = ("data: " + "x".repeat(64 << 10) + "\n\n").getBytes(StandardCharsets.UTF_8);
            Awaitility.await("the slow one is cut off")
                    .atMost(Duration.ofMillis(TIMEOUT_MS))
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> !ofSlow.send(much));

            assertTrue(ofOther.send("data: still here\n\n".getBytes(StandardCharsets.UTF_8)));
            readUntil(other, "data: still here\n\n");
            other.close();
            assertEnds(slow);
        }
    }

    @Test
    void whoIsGoneIsNoticed() throws Exception {
        Socket socket = ask("/events");
        Outlet outlet = outlets.poll(TIMEOUT_MS, TimeUnit.MILLISECONDS);
        socket.close();
        Awaitility.await("the outlet knows")
                .atMost(Duration.ofMillis(TIMEOUT_MS))
                .until(() -> !outlet.send(": \n\n".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aLateAnswerKeepsItsPlace() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(TIMEOUT_MS);
            socket.getOutputStream()
                    .write(("GET /late HTTP/1.1\r\nHost: x\r\n\r\nGET /failing HTTP/1.1\r\nHost: x\r\n\r\n"
                                    + "GET /page HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            try (Socket another = ask("/page")) {
                readUntil(another, "the page");
            }
            late.complete(Answer.text(200, "late"));
            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int first = all.indexOf("late");
            int second = all.indexOf("could not be made");
            assertTrue(first > 0 && second > first && all.endsWith("the page"), all);
        }
    }

    private Socket ask(String path) throws IOException {
        Socket socket = new Socket();
        // Small, so that little is in the system's hands when it is not read.
        socket.setReceiveBufferSize(4 << 10);
        socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
        socket.setSoTimeout(TIMEOUT_MS);
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String readUntil(Socket socket, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        InputStream in = socket.getInputStream();
        while (text.indexOf(end) < 0) {
            int next = in.read();
            assertTrue(next >= 0, "ended after " + text);
            text.append((char) next);
        }
        return text.toString();
    }

    private static void assertEnds(Socket socket) throws IOException {
        try {
            assertTrue(socket.getInputStream().readAllBytes().length >= 0);
        } catch (SocketException reset) {
            assertEquals("Connection reset", reset.getMessage());
        }
    }
}
