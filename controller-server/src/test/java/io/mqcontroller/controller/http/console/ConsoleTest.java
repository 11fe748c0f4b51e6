package io.mqcontroller.controller.http.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.controller.service.GroupDetails;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.controller.service.Survey.Life;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.remoting.FakeControllerService;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConsoleTest {
    private static final GroupKey GROUP = ShownCluster.group(1);

    private final HttpClient client = HttpClient.newHttpClient();
    private ShownCluster cluster;

    @BeforeEach
    void start() throws IOException {
        cluster = new ShownCluster();
        cluster.addGroup(GROUP);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void thePageLoadsNothingFromElsewhereAndRunsNothingInline() throws Exception {
        HttpResponse<byte[]> page = get("/");
        assertEquals(200, page.statusCode());
        String policy = page.headers().firstValue("Content-Security-Policy").orElseThrow();
        assertTrue(policy.contains("default-src 'none'; script-src 'self'; style-src 'self';"), policy);
        assertFalse(policy.contains("unsafe"), policy);
        assertEquals(
                "nosniff", page.headers().firstValue("X-Content-Type-Options").orElseThrow());

        String text = new String(page.body(), StandardCharsets.UTF_8);
        assertFalse(text.matches("(?s).*(<script>|<style| style=| on[a-z]+=|https?://).*"), text);
        Matcher links = Pattern.compile("(?:src|href)=\"(/console/[^\"]+)\"").matcher(text);
        int found = 0;
        for (; links.find(); found++) {
            assertEquals(200, get(links.group(1)).statusCode(), links.group(1));
        }
        assertTrue(found >= 4, text);
    }

    @Test
    void eachFileIsServedAndEachImportIsAFile() throws Exception {
        Path folder = Path.of("src/main/resources/console");
        Set<String> served = new TreeSet<>(ConsoleFiles.NAMES);
        try (Stream<Path> files = Files.walk(folder)) {
            Set<String> there = files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .filter(name -> !name.startsWith("uplot/LICENSE") && !name.endsWith(".md"))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(there, served);
        }
        for (String name : served) {
            if (name.startsWith("js/")) {
                String script = Files.readString(folder.resolve(name));
                assertFalse(script.matches("(?s).*(innerHTML|outerHTML|insertAdjacentHTML|document\\.write).*"), name);
                Matcher imports = Pattern.compile("from '([^']+)'").matcher(script);
                while (imports.find()) {
                    String target = Path.of(name)
                            .resolveSibling(imports.group(1))
                            .normalize()
                            .toString();
                    assertTrue(served.contains(target), name + " imports " + target);
                }
            }
        }
    }

    @Test
    void filesAreSentOnceAndCompressed() throws Exception {
        HttpResponse<byte[]> plain = get("/console/uplot/uPlot.esm.js");
        HttpResponse<byte[]> small = get("/console/uplot/uPlot.esm.js", "Accept-Encoding", "br, gzip");
        String tag = plain.headers().firstValue("ETag").orElseThrow();
        HttpResponse<byte[]> known = get("/console/uplot/uPlot.esm.js", "If-None-Match", tag);

        assertTrue(plain.body().length > 3 * small.body().length);
        assertEquals(new String(plain.body(), StandardCharsets.UTF_8), unzipped(small.body()));
        assertEquals(304, known.statusCode());
        assertEquals(0, known.body().length);
    }

    @Test
    void changesFollowTheStateWithNothingBetween() throws Exception {
        String state = state();
        assertTrue(state.contains("\"cluster\":\"DefaultCluster\",\"name\":\"broker-00001\""), state);
        assertTrue(state.contains("\"master\":1,\"masterEpoch\":1,\"syncStateSet\":[1,2,3]"), state);

        cluster.elect(GROUP, 2);
        try (EventStream events = new EventStream(cluster.port(), cursor(state), "")) {
            assertTrue(events.head.startsWith("HTTP/1.1 200"), events.head);
            assertTrue(events.head.contains("text/event-stream"), events.head);
            String groups = events.next("groups").data();
            assertTrue(groups.contains("\"master\":2,\"masterEpoch\":2,\"syncStateSet\":[2]"), groups);
            String told = events.next("history").data();
            assertTrue(told.contains("\"masterBefore\":1,\"master\":2"), told);
            assertTrue(told.contains("\"cause\":\"master dead\""), told);
            assertTrue(told.contains("\"durationMs\":12"), told);

            cluster.setLife(GROUP, 3, new Life(false, -1, -1));
            assertTrue(events.next("groups")
                    .data()
                    .contains("\"id\":3,\"address\":\"10.0.0.3:10911\",\"agent\":true,\"alive\":false"));
            cluster.remove(GROUP);
            assertTrue(events.next("groups")
                    .data()
                    .endsWith("\"removed\":[{\"cluster\":\"DefaultCluster\",\"name\":\"broker-00001\"}]}"));
        }
    }

    @Test
    void whoComesBackGetsWhatWasMissed() throws Exception {
        String seen;
        try (EventStream events = new EventStream(cluster.port(), cursor(state()), "")) {
            cluster.elect(GROUP, 2);
            seen = events.next("history").id();
        }
        cluster.elect(GROUP, 3);
        try (EventStream events = new EventStream(cluster.port(), "of.old", seen)) {
            assertTrue(events.next("groups").data().contains("\"master\":3,\"masterEpoch\":3"));
            assertTrue(events.next("history").data().contains("\"masterBefore\":2,\"master\":3"));
        }
    }

    @Test
    void whoStandsSomewhereUnknownBeginsAnew() throws Exception {
        for (String cursor :
                new String[] {"", "1", "another.5", cursor(state()).replaceAll("\\..*", ".999999"), "x.y"}) {
            try (EventStream events = new EventStream(cluster.port(), cursor, "")) {
                assertEquals("reset", events.next().name(), cursor);
            }
        }
    }

    @Test
    void lagThatMeansNothingIsNoChange() throws Exception {
        try (EventStream events = new EventStream(cluster.port(), cursor(state()), "")) {
            cluster.setLife(GROUP, 2, new Life(true, 900, 1_000_000));
            cluster.elect(GROUP, 1);
            String first = events.next("groups").data();
            assertFalse(first.contains("lag"), first);
            cluster.setLife(GROUP, 2, new Life(true, 4_900, 5_000_000));
            String second = events.next("groups").data();
            assertTrue(second.contains("\"lagMs\":4000,\"lagBytes\":4194304"), second);
        }
    }

    @Test
    void aFollowerDoesNotSayWhoIsAlive() throws Exception {
        cluster.stopLeading();
        assertTrue(state().contains("\"id\":1,\"address\":\"10.0.0.1:10911\",\"agent\":true,\"alive\":null"), state());
    }

    @Test
    void tenThousandGroupsAreFewBytesAndManyChangesAreFetchedAsAWhole() throws Exception {
        for (int i = 2; i <= 10_000; i++) {
            cluster.addGroup(ShownCluster.group(i));
        }
        HttpResponse<byte[]> state = get("/api/v1/state", "Accept-Encoding", "gzip");
        assertTrue(state.body().length < 400_000, state.body().length + " bytes");
        String text = unzipped(state.body());
        assertTrue(text.contains("broker-10000"));

        try (EventStream events = new EventStream(cluster.port(), cursor(text), "")) {
            for (int i = 1; i <= 1_000; i++) {
                cluster.setLife(ShownCluster.group(i), 3, new Life(false, -1, -1));
            }
            // The survey may fall into the middle of these changes, and find few of them.
            assertTrue(Set.of("reset", "groups").contains(nextOf(events, Set.of("reset", "groups"))));
        }
    }

    @Test
    void oneGroupIsAskedOfTheLeader() throws Exception {
        assertEquals(400, get("/api/v1/group?cluster=C").statusCode());
        cluster.service.next = CompletableFuture.completedFuture(new Reply.Done<>(new GroupDetails.Page(
                List.of(new GroupDetails(FakeControllerService.GROUP, 1_500, false, "its <b>master</b>", List.of())),
                false)));
        HttpResponse<byte[]> found = get("/api/v1/group?cluster=C&name=b");
        assertEquals(
                "{\"cluster\":\"C\",\"name\":\"b\",\"leaseLeftMs\":1500,\"leaseGivenBack\":false,"
                        + "\"trouble\":\"its <b>master</b>\",\"replicas\":[]}",
                new String(found.body(), StandardCharsets.UTF_8));
        cluster.service.next = CompletableFuture.completedFuture(new Reply.NotLeader<>(Optional.empty()));
        assertEquals(409, get("/api/v1/group?cluster=C&name=b").statusCode());
    }

    private static String nextOf(EventStream events, Set<String> names) throws IOException {
        String name = events.next().name();
        while (!names.contains(name)) {
            name = events.next().name();
        }
        return name;
    }

    private String state() throws Exception {
        return new String(get("/api/v1/state").body(), StandardCharsets.UTF_8);
    }

    private static String cursor(String state) {
        Matcher cursor = Pattern.compile("\"cursor\":\"([^\"]+)\"").matcher(state);
        assertTrue(cursor.find(), state);
        return cursor.group(1);
    }

    private static String unzipped(byte[] bytes) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + cluster.port() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }
}
