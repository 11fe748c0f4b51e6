package io.mqcontroller.controller.rpc;

import io.mqcontroller.raft.transport.EventLoops;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Listens on the controller's port and keeps count of the connections. The event loops stay the caller's. */
public final class RpcServer implements AutoCloseable {
    private static final int BACKLOG = 1024;
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(256 * 1024, 1024 * 1024);
    private static final long CLOSE_TIMEOUT_MS = 2_000;

    private final ChannelGroup connections = new DefaultChannelGroup("connections", GlobalEventExecutor.INSTANCE, true);
    private final Channel listener;

    private RpcServer(
            RpcSettings settings,
            EventLoops acceptor,
            EventLoops workers,
            Handover peers,
            Handover remoting,
            Handover agents,
            RpcObserver observer)
            throws IOException {
        ChannelFuture bound = new ServerBootstrap()
                .group(acceptor.group(), workers.group())
                .channel(acceptor.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        boolean onlyPeers = connections.size() >= settings.maxConnections();
                        connections.add(channel);
                        channel.pipeline()
                                .addLast(new PortUnification(peers, remoting, agents, settings, observer, onlyPeers));
                    }
                })
                .bind(settings.host(), settings.port())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + settings.host() + ":" + settings.port() + ": "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        listener = bound.channel();
    }

    /**
     * Opens the port.
     *
     * @param peers takes connections of other controllers, for instance {@code NettyTransport::accept}
     * @param remoting takes those of brokers and tools, for instance {@code RemotingProtocol::accept}
     * @param agents takes those of agents and of tools of ours, for instance {@code AgentProtocol::accept}
     * @throws IOException when the address is taken or not of this host; the message names it
     */
    public static RpcServer start(
            RpcSettings settings,
            EventLoops acceptor,
            EventLoops workers,
            Handover peers,
            Handover remoting,
            Handover agents,
            RpcObserver observer)
            throws IOException {
        return new RpcServer(settings, acceptor, workers, peers, remoting, agents, observer);
    }

    /** Where it listens, with the port that was chosen. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** Connections open now, of every kind. Any thread. */
    public int connections() {
        return connections.size();
    }

    /** No new connections from now on; those that are open go on. */
    public void stopAccepting() {
        listener.close().awaitUninterruptibly(CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }

    /** Stops accepting and closes every connection. Waits for it, shortly; not to be called on an event loop. */
    @Override
    public void close() {
        stopAccepting();
        connections.close().awaitUninterruptibly(CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }
}
