package io.mqcontroller.controller.http;

import io.mqcontroller.raft.transport.EventLoops;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Shows pages under fixed paths, and streams of events. Everything a client can make it hold is bounded: the request (4 KiB line,
 * 8 KiB headers, no body to speak of), the time for one (10 s), connections (256), waiting pages (64), events that a client
 * does not read (1 MiB).
 */
public final class HttpServer implements AutoCloseable {
    private static final int MAX_CONNECTIONS = 256;
    private static final int MAX_WAITING_PAGES = 64;
    private static final int MAX_LINE_BYTES = 4 << 10;
    private static final int MAX_HEADER_BYTES = 8 << 10;
    private static final int MAX_BODY_BYTES = 1 << 10;
    private static final int WRITE_TIMEOUT_SECONDS = 10;

    private final EventLoops loops;
    private final HttpSite site;
    private final ExecutorService worker;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Channel listener;

    private HttpServer(String host, int port, EventLoops loops, HttpSite site) throws IOException {
        this.loops = loops;
        this.site = site;
        this.worker = new ThreadPoolExecutor(
                1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING_PAGES), HttpServer::daemonThread);
        var bound = bootstrap().bind(host, port).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            worker.shutdownNow();
            throw new IOException(
                    "can't listen for HTTP on " + host + ":" + port + " (httpListenHost, httpListenPort): "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        this.listener = bound.channel();
    }

    /**
     * Listens.
     *
     * @param port 0 for any free one
     * @param loops stay the caller's
     * @param site by path, such as {@code /metrics}
     * @throws IOException if the port can't be listened on; the message says why
     */
    public static HttpServer start(String host, int port, EventLoops loops, HttpSite site) throws IOException {
        return new HttpServer(host, port, loops, site);
    }

    /** Shows pages only. */
    public static HttpServer start(String host, int port, EventLoops loops, Map<String, HttpPage> pages)
            throws IOException {
        return start(host, port, loops, HttpSite.of(pages));
    }

    /** The port in fact. */
    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** Stops listening, and drops all connections. */
    @Override
    public void close() {
        listener.close().awaitUninterruptibly();
        connections.close().awaitUninterruptibly();
        worker.shutdownNow();
    }

    private ServerBootstrap bootstrap() {
        return new ServerBootstrap()
                .group(loops.group())
                .channel(loops.serverChannel())
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, MAX_CONNECTIONS)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (connections.size() >= MAX_CONNECTIONS) {
                            channel.close();
                            return;
                        }
                        connections.add(channel);
                        addHandlers(channel);
                    }
                });
    }

    private void addHandlers(Channel channel) {
        channel.pipeline()
                .addLast(new WriteTimeoutHandler(WRITE_TIMEOUT_SECONDS))
                .addLast(new HttpServerCodec(MAX_LINE_BYTES, MAX_HEADER_BYTES, MAX_BODY_BYTES))
                .addLast(new HttpServerKeepAliveHandler())
                .addLast(new HttpObjectAggregator(MAX_BODY_BYTES))
                .addLast(new HttpRequestHandler(site, worker));
    }

    private static Thread daemonThread(Runnable work) {
        Thread thread = new Thread(work, "http-worker");
        thread.setDaemon(true);
        return thread;
    }
}
