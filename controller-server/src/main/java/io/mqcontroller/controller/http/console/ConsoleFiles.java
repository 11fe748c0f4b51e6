package io.mqcontroller.controller.http.console;

import io.mqcontroller.controller.http.HttpCall;
import io.mqcontroller.controller.http.HttpPage.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** The page's own files, from the class path: read once, compressed once. */
final class ConsoleFiles {
    static final List<String> NAMES = List.of(
            "index.html",
            "style.css",
            "icon.svg",
            "js/main.js",
            "js/actions.js",
            "js/api.js",
            "js/charts.js",
            "js/detail.js",
            "js/dialog.js",
            "js/dom.js",
            "js/feed.js",
            "js/format.js",
            "js/groups.js",
            "js/link.js",
            "js/machines.js",
            "js/model.js",
            "js/nodes.js",
            "js/session.js",
            "js/theme.js",
            "js/timeline.js",
            "uplot/uPlot.esm.js",
            "uplot/uPlot.min.css");

    private static final String FOLDER = "/console/";

    /** Nothing from elsewhere, nothing inline, in nobody's frame. */
    static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none';"
                    + " form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    private ConsoleFiles() {}

    /** By path: {@code /} and those of the files that it uses. */
    static Map<String, HttpCall> calls() {
        Map<String, HttpCall> calls = new TreeMap<>();
        for (String name : NAMES) {
            calls.put(name.equals("index.html") ? "/" : "/console/" + name, file(name));
        }
        return calls;
    }

    private static HttpCall file(String name) {
        byte[] plain = read(name);
        byte[] gzipped = StateText.gzip(plain);
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        String tag = '"' + hash(plain) + '"';
        return request -> {
            Map<String, String> headers = new HashMap<>(Map.of(
                    "ETag", tag,
                    "Vary", "Accept-Encoding",
                    "Cache-Control", "no-cache",
                    "Content-Security-Policy", CONTENT_SECURITY_POLICY,
                    "Referrer-Policy", "no-referrer",
                    "Cross-Origin-Opener-Policy", "same-origin"));
            if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
                return CompletableFuture.completedFuture(ConsoleCalls.onlyReads());
            }
            if (request.header("If-None-Match").equals(tag)) {
                return CompletableFuture.completedFuture(new Answer(304, type, new byte[0], headers));
            }
            if (request.takesGzip()) {
                headers.put("Content-Encoding", "gzip");
            }
            return CompletableFuture.completedFuture(
                    new Answer(200, type, request.takesGzip() ? gzipped : plain, headers));
        };
    }

    private static byte[] read(String name) {
        try (InputStream in = ConsoleFiles.class.getResourceAsStream(FOLDER + name)) {
            if (in == null) {
                throw new IllegalStateException(FOLDER + name + " is missing in this build");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + FOLDER + name, e);
        }
    }

    private static String hash(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(digest, 0, 12);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
