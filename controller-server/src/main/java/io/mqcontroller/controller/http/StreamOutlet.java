package io.mqcontroller.controller.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;

/** Events on a connection, in chunks. What its client does not read waits in the connection, up to a bound. */
final class StreamOutlet implements HttpStream.Outlet {
    static final String CONTENT_TYPE = "text/event-stream; charset=utf-8";

    /** More than the longest answer to a client that comes back, and less than what hurts if all clients stand still. */
    private static final int MAX_WAITING_BYTES = 1 << 20;

    private final ChannelHandlerContext context;

    StreamOutlet(ChannelHandlerContext context) {
        this.context = context;
        context.channel().config().setWriteBufferWaterMark(new WriteBufferWaterMark(0, MAX_WAITING_BYTES));
    }

    /** On the event loop: what was sent before waits for it, in the loop's queue. */
    void begin() {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, CONTENT_TYPE)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED)
                // Some proxies would collect events.
                .set("X-Accel-Buffering", "no")
                .set("X-Content-Type-Options", "nosniff")
                .set("Cross-Origin-Resource-Policy", "same-origin");
        context.writeAndFlush(head).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    @Override
    public boolean send(byte[] bytes) {
        if (!context.channel().isActive()) {
            return false;
        }
        if (!context.channel().isWritable()) {
            context.close();
            return false;
        }
        // Always by a task of the loop, so that nothing overtakes the head.
        context.executor().execute(() -> context.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(bytes)))
                .addListener(ChannelFutureListener.CLOSE_ON_FAILURE));
        return true;
    }

    @Override
    public void close() {
        context.close();
    }
}
