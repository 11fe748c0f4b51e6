package io.mqcontroller.controller.http.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.controller.history.HistoryEvent;
import io.mqcontroller.controller.controller.service.ControllerService.Drain;
import io.mqcontroller.controller.controller.service.ControllerService.ElectMaster;
import io.mqcontroller.controller.controller.service.ControllerService.SwitchOver;
import io.mqcontroller.controller.controller.service.GroupDetails;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.remoting.FakeControllerService;
import io.mqcontroller.raft.core.NodeId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may act from the console, and from where. */
class SignInTest {
    private static final String REPLICA = "{\"cluster\":\"C\",\"name\":\"b\",\"broker\":2}";
    private static final String RIGHT = "{\"password\":\"correct horse\"}";

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicLong nanos = new AtomicLong();
    private ShownCluster cluster;

    @BeforeEach
    void start() throws IOException {
        Path file = folder.resolve("password");
        Files.writeString(file, PasswordHash.of("correct horse".toCharArray()) + "\n");
        cluster = new ShownCluster(Optional.of(PasswordHash.read(file)), nanos::get);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void whoIsSignedInMayActUntilTheSessionEnds() throws Exception {
        assertEquals(
                "{\"possible\":true,\"signedIn\":false}",
                get("/api/v1/session", "").body());
        assertEquals(401, post("/api/v1/switch-over", REPLICA, "").statusCode());

        HttpResponse<String> signedIn = post("/api/v1/session", RIGHT, "");
        assertEquals(200, signedIn.statusCode(), signedIn.body());
        String set = signedIn.headers().firstValue("Set-Cookie").orElseThrow();
        assertTrue(set.endsWith("; Path=/; HttpOnly; SameSite=Strict; Max-Age=28800"), set);
        String cookie = set.substring(0, set.indexOf(';'));
        assertEquals(
                "{\"possible\":true,\"signedIn\":true}",
                get("/api/v1/session", cookie).body());

        HttpResponse<String> switched = post("/api/v1/switch-over", REPLICA, "other=1; " + cookie);
        assertEquals(200, switched.statusCode(), switched.body());
        SwitchOver asked = (SwitchOver) cluster.service.calls.get(0);
        assertEquals("b", asked.group().brokerName());
        assertEquals(new BrokerId(2), asked.to());
        assertFalse(asked.mayLose());
        assertEquals(200, post("/api/v1/drain", REPLICA, cookie).statusCode());
        assertEquals(200, post("/api/v1/undrain", REPLICA, cookie).statusCode());
        Drain undrain = (Drain) cluster.service.calls.get(2);
        assertFalse(undrain.drained());

        send(request("/api/v1/session", cookie).DELETE());
        assertEquals(401, post("/api/v1/switch-over", REPLICA, cookie).statusCode());
        assertEquals(3, cluster.service.calls.size());
    }

    @Test
    void anIdleSessionEnds() throws Exception {
        String set = post("/api/v1/session", RIGHT, "")
                .headers()
                .firstValue("Set-Cookie")
                .orElseThrow();
        String cookie = set.substring(0, set.indexOf(';'));
        nanos.addAndGet(TimeUnit.MINUTES.toNanos(29));
        assertEquals(200, post("/api/v1/switch-over", REPLICA, cookie).statusCode());
        nanos.addAndGet(TimeUnit.MINUTES.toNanos(31));
        assertEquals(401, post("/api/v1/switch-over", REPLICA, cookie).statusCode());
    }

    @Test
    void afterAWrongPasswordOneHasToWaitLongerEachTime() throws Exception {
        assertEquals(
                403, post("/api/v1/session", "{\"password\":\"guess\"}", "").statusCode());
        HttpResponse<String> early = post("/api/v1/session", RIGHT, "");
        assertEquals(429, early.statusCode());
        assertEquals("1", early.headers().firstValue("Retry-After").orElseThrow());
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        long pauseSeconds = 1;
        for (String wrong : List.of("", "{}", "[]", "{\"password\":{\"a\":1}}", "{\"password\":\"correct horse")) {
            assertEquals(403, post("/api/v1/session", wrong, "").statusCode(), wrong);
            pauseSeconds *= 2;
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(pauseSeconds) - 1);
            assertEquals(429, post("/api/v1/session", RIGHT, "").statusCode(), wrong);
            nanos.addAndGet(1);
        }
        assertEquals(200, post("/api/v1/session", RIGHT, "").statusCode());
        assertEquals(403, post("/api/v1/session", "{}", "").statusCode(), "it begins anew");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertEquals(200, post("/api/v1/session", RIGHT, "").statusCode());
    }

    @Test
    void behindAProxyWithTlsTheCookieIsForTlsOnly() throws Exception {
        HttpResponse<String> signedIn = send(request("/api/v1/session", "")
                .header("Origin", origin().replace("http://", "https://"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(RIGHT)));
        String set = signedIn.headers().firstValue("Set-Cookie").orElseThrow();
        assertTrue(set.endsWith("; Secure"), set);
    }

    @Test
    void aMachineIsDrainedAndThatIsPartOfTheHistory() throws Exception {
        String cookie = signIn();
        HttpResponse<String> drained = post("/api/v1/drain", "{\"machine\":\"10.0.0.1\"}", cookie);
        assertEquals(
                "{\"message\":\"1 replica is drained; 1 is master still, and handed over one after the other\"}",
                drained.body());
        Drain asked = (Drain) cluster.service.calls.get(0);
        assertEquals("10.0.0.1", asked.machine());
        HistoryEvent.Operation told = cluster.told().get(0).operation().orElseThrow();
        assertEquals("drain machine 10.0.0.1", told.what());
        assertTrue(told.by().startsWith("127.0.0.1:"), told.by());

        assertEquals(
                400,
                post("/api/v1/drain", "{\"machine\":\"a\",\"cluster\":\"C\",\"name\":\"b\"}", cookie)
                        .statusCode());
        assertEquals(
                400, post("/api/v1/switch-over", "{\"machine\":\"a\"}", cookie).statusCode());
        cluster.withoutDrain.add(new NodeId("n2"));
        HttpResponse<String> tooOld = post("/api/v1/drain", REPLICA, cookie);
        assertEquals(409, tooOld.statusCode());
        assertTrue(tooOld.body().contains("[n2]"), tooOld.body());
        assertEquals(1, cluster.service.calls.size());
    }

    @Test
    void aMasterIsElectedOnlyWhereNoneIsAlive() throws Exception {
        String cookie = signIn();
        HttpResponse<String> elected = post("/api/v1/elect", "{\"cluster\":\"C\",\"name\":\"b\"}", cookie);
        assertEquals("{\"message\":\"broker 1 is master now, under epoch 4\"}", elected.body());
        ElectMaster best = (ElectMaster) cluster.service.calls.get(1);
        assertFalse(best.designate());
        assertEquals(200, post("/api/v1/elect", REPLICA, cookie).statusCode());
        ElectMaster named = (ElectMaster) cluster.service.calls.get(3);
        assertTrue(named.designate());
        assertEquals(Optional.of(new BrokerId(2)), named.requester());

        cluster.service.next = CompletableFuture.completedFuture(
                new Reply.Done<>(new GroupDetails.Page(List.of(FakeControllerService.details()), false)));
        HttpResponse<String> refused = post("/api/v1/elect", REPLICA, cookie);
        assertEquals(409, refused.statusCode(), refused.body());
        assertEquals(5, cluster.service.calls.size());
        assertEquals(400, post("/api/v1/elect", "{\"name\":\"b\"}", cookie).statusCode());
    }

    private String signIn() throws Exception {
        String set = post("/api/v1/session", RIGHT, "")
                .headers()
                .firstValue("Set-Cookie")
                .orElseThrow();
        return set.substring(0, set.indexOf(';'));
    }

    @Test
    void otherSitesCannotActForWhoIsSignedIn() throws Exception {
        String set = post("/api/v1/session", RIGHT, "")
                .headers()
                .firstValue("Set-Cookie")
                .orElseThrow();
        String cookie = set.substring(0, set.indexOf(';'));
        URI uri = uri("/api/v1/switch-over");
        HttpRequest.Builder foreign = HttpRequest.newBuilder(uri)
                .header("Cookie", cookie)
                .header("Origin", "http://evil.example")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(REPLICA));
        HttpRequest.Builder form = HttpRequest.newBuilder(uri)
                .header("Cookie", cookie)
                .header("Origin", origin())
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString(REPLICA));
        HttpRequest.Builder unsaid = HttpRequest.newBuilder(uri)
                .header("Cookie", cookie)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(REPLICA));
        assertEquals(403, send(foreign).statusCode());
        assertEquals(415, send(form).statusCode());
        assertEquals(403, send(unsaid).statusCode());
        assertEquals(405, get("/api/v1/switch-over", cookie).statusCode());
        assertEquals(
                400,
                post("/api/v1/switch-over", "{\"cluster\":\"C\",\"name\":\"b\",\"broker\":\"-1\"}", cookie)
                        .statusCode());
        assertEquals(List.of(), cluster.service.calls);
    }

    @Test
    void withoutAPasswordNobodyCanSignIn() throws Exception {
        try (ShownCluster readOnly = new ShownCluster()) {
            cluster.close();
            cluster = readOnly;
            assertEquals(
                    "{\"possible\":false,\"signedIn\":false}",
                    get("/api/v1/session", "").body());
            assertEquals(403, post("/api/v1/session", RIGHT, "").statusCode());
            for (String action : List.of("switch-over", "drain", "undrain", "elect")) {
                assertEquals(404, post("/api/v1/" + action, REPLICA, "").statusCode(), action);
            }
        }
    }

    @Test
    void aFileThatHoldsSomethingElseIsNamed() throws Exception {
        for (String wrong :
                List.of("", "secret", "pbkdf2-sha512:x:y:z", "pbkdf2-sha512:0:AAAA:AAAA", "md5:1:AAAA:AAAA")) {
            Path file = Files.writeString(folder.resolve("wrong"), wrong);
            IOException refused = assertThrows(IOException.class, () -> PasswordHash.read(file), wrong);
            assertTrue(refused.getMessage().contains("consolePasswordFile"), refused.getMessage());
        }
        assertThrows(IOException.class, () -> PasswordHash.read(folder.resolve("none")));
        String line = PasswordHash.of("x".toCharArray()).toString();
        assertFalse(line.equals(PasswordHash.of("x".toCharArray()).toString()), "each has a salt of its own");
    }

    private String origin() {
        return "http://127.0.0.1:" + cluster.port();
    }

    private URI uri(String path) {
        return URI.create(origin() + path);
    }

    private HttpRequest.Builder request(String path, String cookie) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
        return cookie.isEmpty() ? request : request.header("Cookie", cookie);
    }

    private HttpResponse<String> get(String path, String cookie) throws Exception {
        return send(request(path, cookie));
    }

    private HttpResponse<String> post(String path, String body, String cookie) throws Exception {
        return send(request(path, cookie)
                .header("Origin", origin())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }
}
