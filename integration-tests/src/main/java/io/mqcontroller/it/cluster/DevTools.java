package io.mqcontroller.it.cluster;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A connection to one page of a browser, by the Chrome DevTools protocol: JSON messages over a WebSocket. */
final class DevTools implements AutoCloseable {
    private static final long TIMEOUT_SECONDS = 30;

    private final Map<Long, CompletableFuture<Map<String, Object>>> waiting = new ConcurrentHashMap<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final WebSocket socket;
    private long lastId;

    DevTools(HttpClient client, URI address) {
        socket = client.newWebSocketBuilder().buildAsync(address, new Reader()).join();
    }

    /** Asks, and waits for the answer. */
    Map<String, Object> call(String method, String parameters) {
        CompletableFuture<Map<String, Object>> answer = new CompletableFuture<>();
        long id;
        synchronized (this) {
            id = ++lastId;
            waiting.put(id, answer);
            socket.sendText(
                            "{\"id\":" + id + ",\"method\":" + Json.quote(method) + ",\"params\":" + parameters + "}",
                            true)
                    .join();
        }
        try {
            return answer.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(method + " " + parameters + " failed", e);
        }
    }

    /** What the page has complained of so far: exceptions, and what the browser refused to do. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    @SuppressWarnings("unchecked")
    private void take(Map<String, Object> message) {
        if (message.get("id") instanceof Long id) {
            CompletableFuture<Map<String, Object>> answer = waiting.remove(id);
            if (message.get("error") != null) {
                answer.completeExceptionally(
                        new IllegalStateException(message.get("error").toString()));
            } else {
                answer.complete((Map<String, Object>) message.get("result"));
            }
        } else if ("Runtime.exceptionThrown".equals(message.get("method"))) {
            complaints.add(message.toString());
        } else if ("Log.entryAdded".equals(message.get("method"))) {
            Map<String, Object> entry =
                    (Map<String, Object>) ((Map<String, Object>) message.get("params")).get("entry");
            if ("security".equals(entry.get("source")) || "javascript".equals(entry.get("source"))) {
                complaints.add(message.toString());
            }
        }
    }

    @Override
    public void close() {
        socket.abort();
    }

    /** Puts the parts of a message together. */
    private final class Reader implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                String whole = text.toString();
                text.setLength(0);
                take(Json.parseObject(whole));
            }
            from.request(1);
            return null;
        }
    }
}
