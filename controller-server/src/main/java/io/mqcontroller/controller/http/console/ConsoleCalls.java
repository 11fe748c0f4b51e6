package io.mqcontroller.controller.http.console;

import io.mqcontroller.controller.controller.service.ControllerService.GroupQuery;
import io.mqcontroller.controller.controller.service.GroupDetails;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.http.HttpCall.Request;
import io.mqcontroller.controller.http.HttpPage.Answer;
import io.mqcontroller.controller.http.HttpStream.Outlet;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.zip.GZIPInputStream;

/** What the page asks for while it is open. */
final class ConsoleCalls {
    private static final String JSON = "application/json; charset=utf-8";

    private final ConsoleSources sources;
    private final ConsoleFeed feed;
    private final Executor thread;

    /** @param thread where answers are written */
    ConsoleCalls(ConsoleSources sources, ConsoleFeed feed, Executor thread) {
        this.sources = sources;
        this.feed = feed;
        this.thread = thread;
    }

    /** All groups, controllers and newest events, and the cursor with which {@link #events} goes on. */
    CompletionStage<Answer> state(Request request) {
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return CompletableFuture.completedFuture(onlyReads());
        }
        return feed.state().handle((state, failure) -> {
            if (failure != null) {
                return said(503, "the controller is too busy to say how it is; ask again");
            }
            return request.takesGzip()
                    ? new Answer(200, JSON, state.gzipped(), Map.of("Content-Encoding", "gzip"))
                    : new Answer(200, JSON, plain(state.gzipped()));
        });
    }

    /** The changes from {@code Last-Event-ID} on, which a browser sends when it comes back, or else from {@code after} on. */
    Optional<Answer> events(Request request, Outlet outlet) {
        if (feed.isFull()) {
            return Optional.of(said(503, "too many watch already"));
        }
        String last = request.header("Last-Event-ID");
        feed.watch(last.isEmpty() ? request.parameter("after") : last, outlet);
        return Optional.empty();
    }

    /** All that the leader knows of one group. */
    CompletionStage<Answer> group(Request request) {
        if (!request.method().equals("GET")) {
            return CompletableFuture.completedFuture(onlyReads());
        }
        GroupQuery query = new GroupQuery(request.parameter("cluster"), request.parameter("name"), Optional.empty(), 1);
        if (query.cluster().isEmpty() || query.brokerName().isEmpty()) {
            return CompletableFuture.completedFuture(said(400, "cluster and name are needed"));
        }
        return sources.service().groups(query).thenApplyAsync(ConsoleCalls::answer, thread);
    }

    private static Answer answer(Reply<GroupDetails.Page> reply) {
        if (reply instanceof Reply.Done<GroupDetails.Page> done) {
            return done.value().groups().isEmpty()
                    ? said(404, "there is no such group")
                    : new Answer(200, JSON, DetailsJson.of(done.value().groups().get(0)));
        }
        if (reply instanceof Reply.NotLeader<GroupDetails.Page>) {
            return said(409, "only the leader knows more, and this controller does not lead");
        }
        return said(503, "the controller can't say now; ask again");
    }

    /** A sentence for people, mostly why something was not done. */
    static Answer said(int status, String message) {
        return json(status, json -> {
            json.writeStartObject();
            json.writeStringField("message", message);
            json.writeEndObject();
        });
    }

    static Answer json(int status, ConsoleJson.Content content) {
        return new Answer(status, JSON, ConsoleJson.bytes(content));
    }

    static Answer onlyReads() {
        Answer refusal = said(405, "only GET and HEAD");
        return new Answer(405, refusal.contentType(), refusal.body(), Map.of("Allow", "GET, HEAD"));
    }

    private static byte[] plain(byte[] gzipped) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzipped))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }
}
