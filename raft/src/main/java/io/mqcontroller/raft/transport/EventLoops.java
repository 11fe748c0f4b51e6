package io.mqcontroller.raft.transport;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Event loops and the kinds of channels that go with them: epoll where the system has it, otherwise Java's own selectors.
 *
 * @param group the loops
 * @param clientChannel for connections that are dialled
 * @param serverChannel for listening ports
 */
public record EventLoops(
        EventLoopGroup group, Class<? extends Channel> clientChannel, Class<? extends ServerChannel> serverChannel)
        implements AutoCloseable {
    /** Starts {@code threads} loops on threads that are named {@code name-1-n}. */
    public static EventLoops start(String name, int threads) {
        DefaultThreadFactory threadFactory = new DefaultThreadFactory(name, true);
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(threads, threadFactory, handlers);
        return epoll
                ? new EventLoops(group, EpollSocketChannel.class, EpollServerSocketChannel.class)
                : new EventLoops(group, NioSocketChannel.class, NioServerSocketChannel.class);
    }

    /** Ends the loops and waits for them: what they still had to do is lost. Not to be called on one of them. */
    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
