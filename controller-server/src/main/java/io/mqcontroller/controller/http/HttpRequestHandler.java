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
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection: finds the page, has it made by the worker, and cuts off who sends no whole request in time. */
final class HttpRequestHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(HttpRequestHandler.class);
    private static final long REQUEST_TIMEOUT_MS = 10_000;
    private static final long IDLE_TIMEOUT_MS = 60_000;

    private final Map<String, HttpPage> pages;
    private final Executor worker;
    private ScheduledFuture<?> deadline;

    HttpRequestHandler(Map<String, HttpPage> pages, Executor worker) {
        this.pages = pages;
        this.worker = worker;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        closeUnlessAskedWithin(context, REQUEST_TIMEOUT_MS);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        deadline.cancel(false);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        closeUnlessAskedWithin(context, IDLE_TIMEOUT_MS);
        if (!request.decoderResult().isSuccess()) {
            write(context, HttpMethod.GET, Answer.text(400, "not an HTTP request\n"));
            context.close();
            return;
        }
        HttpMethod method = request.method();
        if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
            write(context, method, Answer.text(405, "only GET and HEAD\n"));
            return;
        }
        QueryStringDecoder uri = new QueryStringDecoder(request.uri());
        HttpPage page = pages.get(uri.path());
        if (page == null) {
            write(context, method, Answer.text(404, "no such page; there are " + new TreeSet<>(pages.keySet()) + "\n"));
            return;
        }
        String accept = request.headers().get(HttpHeaderNames.ACCEPT, "");
        show(context, method, page, new Query(accept, uri.parameters().containsKey("verbose")));
    }

    /** One worker serves all in turn, so the answers of a connection leave in the order of its requests. */
    private void show(ChannelHandlerContext context, HttpMethod method, HttpPage page, Query query) {
        try {
            worker.execute(() -> write(context, method, answer(page, query)));
        } catch (RejectedExecutionException e) {
            write(context, method, Answer.text(503, "too many requests wait already\n"));
            context.close();
        }
    }

    private static Answer answer(HttpPage page, Query query) {
        try {
            return page.answer(query);
        } catch (RuntimeException e) {
            LOG.warn("event=http_page_failed page={}", page.getClass().getSimpleName(), e);
            return Answer.text(500, "this page could not be made; the log of the controller says why\n");
        }
    }

    private static void write(ChannelHandlerContext context, HttpMethod method, Answer answer) {
        boolean head = method.equals(HttpMethod.HEAD);
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(answer.status()),
                head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(answer.body()));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, answer.contentType())
                .setInt(HttpHeaderNames.CONTENT_LENGTH, answer.body().length)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set("X-Content-Type-Options", "nosniff");
        if (answer.status() == 405) {
            response.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
        }
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
