package io.mqcontroller.raft.transport;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;

/** A port for peers alone, where tests have no daemon that owns one for all protocols. */
public final class PeerListener implements AutoCloseable {
    private final Channel server;

    private PeerListener(Channel server) {
        this.server = server;
    }

    /** Listens on 127.0.0.1; port 0 takes a free one. */
    public static PeerListener listen(int port, NettyTransport transport, EventLoops loops) {
        return listen(InetSocketAddress.createUnresolved("127.0.0.1", port), transport, loops);
    }

    public static PeerListener listen(InetSocketAddress address, NettyTransport transport, EventLoops loops) {
        Channel server = new ServerBootstrap()
                .group(loops.group())
                .channel(loops.serverChannel())
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        transport.accept(accepted);
                    }
                })
                .bind(address.getHostString(), address.getPort())
                .syncUninterruptibly()
                .channel();
        return new PeerListener(server);
    }

    public int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    /** Stops listening; connections stay. */
    @Override
    public void close() {
        server.close().syncUninterruptibly();
    }
}
