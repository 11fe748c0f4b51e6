package io.mqcontroller.controller.http;

import io.mqcontroller.controller.http.HttpPage.Answer;
import io.mqcontroller.controller.http.HttpPage.Query;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: answers its requests in their order, one after the other, and cuts off who sends no whole request in time. Pages are
 * made by the worker; calls and streams look after themselves.
 */
final class HttpRequestHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(HttpRequestHandler.class);
    private static final long REQUEST_TIMEOUT_MS = 10_000;
    private static final long IDLE_TIMEOUT_MS = 60_000;
    private static final int MAX_WAITING_REQUESTS = 16;

    private final HttpSite site;
    private final Executor worker;
    private final Deque<HttpCall.Request> waiting = new ArrayDeque<>();
    private boolean answering;
    private boolean streaming;
    private ScheduledFuture<?> deadline;

    HttpRequestHandler(HttpSite site, Executor worker) {
        this.site = site;
        this.worker = worker;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        closeUnlessAskedWithin(context, REQUEST_TIMEOUT_MS);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        deadline.cancel(false);
        waiting.clear();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest message) {
        closeUnlessAskedWithin(context, IDLE_TIMEOUT_MS);
        if (!message.decoderResult().isSuccess()) {
            write(context, false, Answer.text(400, "not an HTTP request\n"));
            context.close();
        } else if (streaming || waiting.size() == MAX_WAITING_REQUESTS) {
            context.close();
        } else {
            waiting.add(request(message, context.channel().remoteAddress().toString()));
            answerNext(context);
        }
    }

    private static HttpCall.Request request(FullHttpRequest message, String remote) {
        QueryStringDecoder uri = new QueryStringDecoder(message.uri());
        Map<String, String> parameters = new TreeMap<>();
        uri.parameters().forEach((name, values) -> parameters.put(name, values.get(0)));
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        message.headers().forEach(header -> headers.putIfAbsent(header.getKey(), header.getValue()));
        return new HttpCall.Request(
                message.method().name(),
                uri.path(),
                parameters,
                headers,
                message.content().toString(StandardCharsets.UTF_8),
                remote);
    }

    private void answerNext(ChannelHandlerContext context) {
        HttpCall.Request request = answering || streaming ? null : waiting.poll();
        if (request == null) {
            return;
        }
        answering = true;
        boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
        HttpCall call = site.calls().get(request.path());
        HttpPage page = site.pages().get(request.path());
        HttpStream stream = site.streams().get(request.path());
        if (call != null) {
            call(context, call, request);
        } else if (page == null && stream == null) {
            done(context, request, Answer.text(404, "no such page; there are " + site.paths() + "\n"));
        } else if (!reads) {
            Map<String, String> allowed = Map.of(HttpHeaderNames.ALLOW.toString(), "GET, HEAD");
            Answer refusal = Answer.text(405, "only GET and HEAD\n");
            done(context, request, new Answer(405, refusal.contentType(), refusal.body(), allowed));
        } else if (page != null) {
            show(context, page, request);
        } else {
            stream(context, stream, request);
        }
    }

    private void call(ChannelHandlerContext context, HttpCall call, HttpCall.Request request) {
        CompletionStage<Answer> answer;
        try {
            answer = call.answer(request);
        } catch (RuntimeException e) {
            done(context, request, failed(request.path(), e));
            return;
        }
        answer.whenComplete(
                (made, failure) -> done(context, request, failure == null ? made : failed(request.path(), failure)));
    }

    private void show(ChannelHandlerContext context, HttpPage page, HttpCall.Request request) {
        Query query = new Query(request.header("Accept"), request.parameters().containsKey("verbose"));
        try {
            worker.execute(() -> done(context, request, answer(page, query, request.path())));
        } catch (RejectedExecutionException e) {
            done(context, request, Answer.text(503, "too many requests wait already\n"));
            context.close();
        }
    }

    private void stream(ChannelHandlerContext context, HttpStream stream, HttpCall.Request request) {
        if (request.method().equals("HEAD")) {
            done(context, request, new Answer(200, StreamOutlet.CONTENT_TYPE, new byte[0]));
            return;
        }
        StreamOutlet outlet = new StreamOutlet(context);
        Optional<Answer> instead = stream.open(request, outlet);
        if (instead.isPresent()) {
            done(context, request, instead.get());
            return;
        }
        streaming = true;
        deadline.cancel(false);
        outlet.begin();
    }

    private static Answer answer(HttpPage page, Query query, String path) {
        try {
            return page.answer(query);
        } catch (RuntimeException e) {
            return failed(path, e);
        }
    }

    private static Answer failed(String path, Throwable cause) {
        LOG.warn("event=http_page_failed path={}", path, cause);
        return Answer.text(500, "this page could not be made; the log of the controller says why\n");
    }

    /** From any thread. */
    private void done(ChannelHandlerContext context, HttpCall.Request request, Answer answer) {
        if (!context.executor().inEventLoop()) {
            context.executor().execute(() -> done(context, request, answer));
            return;
        }
        answering = false;
        write(context, request.method().equals("HEAD"), answer);
        answerNext(context);
    }

    private static void write(ChannelHandlerContext context, boolean head, Answer answer) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(answer.status()),
                head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(answer.body()));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, answer.contentType())
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set("X-Content-Type-Options", "nosniff")
                // Pages of other sites can neither show nor read it, whatever they take it for.
                .set("X-Frame-Options", "DENY")
                .set("Cross-Origin-Resource-Policy", "same-origin");
        if (answer.status() != 304) {
            response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, answer.body().length);
        }
        answer.headers().forEach((name, value) -> response.headers().set(name, value));
        context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    private void closeUnlessAskedWithin(ChannelHandlerContext context, long timeoutMs) {
        if (deadline != null) {
            deadline.cancel(false);
        }
        deadline = context.executor().schedule(() -> context.close(), timeoutMs, TimeUnit.MILLISECONDS);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug(
                "event=http_connection_failed remote={} cause=\"{}\"",
                context.channel().remoteAddress(),
                cause.toString());
        context.close();
    }
}
