package io.mqcontroller.it.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** A real browser without a window (Debian's {@code chromium}) with one page open. */
public final class Browser implements AutoCloseable {
    private static final Pattern LISTENS = Pattern.compile("DevTools listening on ws://([^/]+)/");
    private static final Map<String, Integer> KEY_NUMBERS = Map.of("Tab", 9, "Enter", 13, "Escape", 27);
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

    private final ManagedProcess process;
    private final DevTools page;

    private Browser(ManagedProcess process, DevTools page) {
        this.process = process;
        this.page = page;
    }

    /**
     * Starts it, with a profile of its own below {@code folder}.
     *
     * @throws UncheckedIOException when there is no {@code chromium} on the path
     */
    public static Browser open(Path folder, String address) {
        // Without a sandbox, because tests run as root; without shared memory, which containers have little of.
        List<String> command = List.of(
                "chromium",
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--no-first-run",
                "--user-data-dir=" + folder.resolve("browser"),
                "--remote-debugging-port=0",
                "about:blank");
        ManagedProcess process = ManagedProcess.start("chromium", folder, command, Map.of("HOME", folder.toString()));
        try {
            Path log = folder.resolve("chromium.log");
            String host = Awaitility.await("the browser listens")
                    .atMost(START_TIMEOUT)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> hostIn(Files.readString(log)), found -> !found.isEmpty());
            HttpClient client = HttpClient.newHttpClient();
            DevTools page = new DevTools(client, pageOf(client, host));
            page.call("Runtime.enable", "{}");
            page.call("Log.enable", "{}");
            page.call("Page.enable", "{}");
            Browser browser = new Browser(process, page);
            browser.show(address);
            return browser;
        } catch (RuntimeException e) {
            process.close();
            throw e;
        }
    }

    private static String hostIn(String log) {
        Matcher listens = LISTENS.matcher(log);
        return listens.find() ? listens.group(1) : "";
    }

    private static URI pageOf(HttpClient client, String host) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + host + "/json/new?about:blank"))
                .method("PUT", HttpRequest.BodyPublishers.noBody())
                .timeout(Duration.ofSeconds(10))
                .build();
        try {
            String made =
                    client.send(request, HttpResponse.BodyHandlers.ofString()).body();
            return URI.create((String) Json.parseObject(made).get("webSocketDebuggerUrl"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Goes to another page; does not wait until it is there. */
    public void show(String address) {
        page.call("Page.navigate", "{\"url\":" + Json.quote(address) + "}");
    }

    /** The value of a JavaScript expression on the page: text, {@code Long}, {@code Boolean}, or null. */
    @SuppressWarnings("unchecked")
    public Object evaluate(String expression) {
        Map<String, Object> answer = page.call(
                "Runtime.evaluate",
                "{\"returnByValue\":true,\"awaitPromise\":true,\"expression\":" + Json.quote(expression) + "}");
        if (answer.get("exceptionDetails") != null) {
            throw new IllegalStateException(expression + ": " + answer.get("exceptionDetails"));
        }
        return ((Map<String, Object>) answer.get("result")).get("value");
    }

    /** The text of the first element that a selector finds, or an empty one. */
    public String text(String selector) {
        return (String) evaluate("document.querySelector(" + Json.quote(selector) + ")?.innerText ?? ''");
    }

    /** Clicks on the first element that a selector finds; there must be one. */
    public void click(String selector) {
        evaluate("document.querySelector(" + Json.quote(selector) + ").click()");
    }

    /** Presses a key and lets it go, as a person does. */
    public void press(String key) {
        // What the browser itself does with a key, it does by its number and text.
        String number = ",\"windowsVirtualKeyCode\":" + KEY_NUMBERS.getOrDefault(key, 0);
        String typed = key.equals("Enter") ? "\r" : key.length() == 1 ? key : "";
        String text = typed.isEmpty() ? "" : ",\"text\":" + Json.quote(typed);
        page.call("Input.dispatchKeyEvent", "{\"type\":\"keyDown\",\"key\":" + Json.quote(key) + number + text + "}");
        page.call("Input.dispatchKeyEvent", "{\"type\":\"keyUp\",\"key\":" + Json.quote(key) + number + "}");
    }

    /** Types into what has the focus. */
    public void type(String text) {
        page.call("Input.insertText", "{\"text\":" + Json.quote(text) + "}");
    }

    /** Shows the page as on a screen of this size. */
    public void resize(int width, int height, boolean phone) {
        page.call(
                "Emulation.setDeviceMetricsOverride",
                "{\"width\":" + width + ",\"height\":" + height + ",\"deviceScaleFactor\":1,\"mobile\":" + phone + "}");
    }

    /** Says to the page which colours the system has: {@code light} or {@code dark}. */
    public void preferColours(String scheme) {
        page.call(
                "Emulation.setEmulatedMedia",
                "{\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":" + Json.quote(scheme) + "}]}");
    }

    /** Writes what is seen to a PNG file. */
    public void screenshot(Path file) {
        String data = (String)
                page.call("Page.captureScreenshot", "{\"format\":\"png\"}").get("data");
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, Base64.getDecoder().decode(data));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Exceptions on the page, and what the browser refused to do for it. */
    public List<String> complaints() {
        return page.complaints();
    }

    @Override
    public void close() {
        try {
            page.call("Browser.close", "{}");
        } catch (RuntimeException alreadyGone) {
            // It is ended below, whatever it says.
        }
        page.close();
        process.close();
    }
}
