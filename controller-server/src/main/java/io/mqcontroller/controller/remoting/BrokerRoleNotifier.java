package io.mqcontroller.controller.remoting;

import io.mqcontroller.controller.controller.service.RoleNotifier;
import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.raft.transport.EventLoops;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends code 1008 to brokers: oneway, over connections that are kept for a while, because elections come in groups. All
 * state belongs to one event loop. What cannot be sent is dropped: brokers ask by themselves every few seconds.
 */
public final class BrokerRoleNotifier implements RoleNotifier, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerRoleNotifier.class);
    private static final int CONNECT_TIMEOUT_MS = 3_000;
    private static final int IDLE_CLOSE_MS = 30_000;

    /** Bounds what invented addresses can take; beyond it brokers learn of their role by asking. */
    private static final int MAX_TARGETS = 4096;

    private final EventLoop loop;
    private final Executor blockingCalls;
    private final RemotingObserver observer;
    private final Bootstrap bootstrap;
    private final Map<String, Target> targets = new HashMap<>();
    private int nextOpaque;
    private boolean closed;

    /**
     * @param loops one of them is used; they stay the caller's
     * @param blockingCalls looks up host names
     */
    public BrokerRoleNotifier(EventLoops loops, Executor blockingCalls, RemotingObserver observer) {
        this.blockingCalls = Objects.requireNonNull(blockingCalls, "blockingCalls");
        this.observer = Objects.requireNonNull(observer, "observer");
        loop = loops.group().next();
        bootstrap = new Bootstrap()
                .group(loop)
                .channel(loops.clientChannel())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MS)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new IdleStateHandler(0, 0, IDLE_CLOSE_MS, TimeUnit.MILLISECONDS))
                                .addLast(new Discard());
                    }
                });
    }

    @Override
    public void notifyRole(String address, BrokerGroup group) {
        if (group.masterReplica().isPresent()) {
            try {
                loop.execute(() -> onNotify(address, group));
            } catch (RejectedExecutionException e) {
                LOG.debug("event=role_notification_dropped address={} cause=stopping", address);
            }
        }
    }

    /** Ends what is open; what still waits is dropped. */
    @Override
    public void close() {
        loop.execute(() -> {
            closed = true;
            targets.values().forEach(Target::close);
            targets.clear();
        });
    }

    private void onNotify(String address, BrokerGroup group) {
        Target target = targets.get(address);
        if (target == null) {
            if (closed || targets.size() >= MAX_TARGETS || !Requests.isAddress(address)) {
                observer.onNotification(false);
                return;
            }
            target = new Target(address);
            targets.put(address, target);
        }
        target.offer(group);
    }

    private static boolean isNewer(BrokerGroup group, BrokerGroup than) {
        if (!group.key().equals(than.key()) || group.masterEpoch() > than.masterEpoch()) {
            return true;
        }
        return group.masterEpoch() == than.masterEpoch()
                && group.syncStateSet().epoch() >= than.syncStateSet().epoch();
    }

    /** One broker's address: connecting, connected, or waiting to be tried again. */
    private final class Target {
        private final String address;
        private BrokerGroup newest;
        private Channel channel;
        private boolean connecting;
        private boolean failedBefore;

        private Target(String address) {
            this.address = address;
        }

        private void offer(BrokerGroup group) {
            if (newest == null || isNewer(group, newest)) {
                newest = group;
            }
            if (channel != null && channel.isActive()) {
                send();
            } else if (!connecting) {
                connecting = true;
                resolveAndConnect();
            }
        }

        private void resolveAndConnect() {
            int colon = address.lastIndexOf(':');
            String host = address.substring(0, colon);
            int port = Integer.parseInt(address.substring(colon + 1));
            byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
            try {
                if (literal != null) {
                    connect(new InetSocketAddress(InetAddress.getByAddress(literal), port));
                } else {
                    blockingCalls.execute(() -> lookUpAndConnect(host, port));
                }
            } catch (UnknownHostException | RejectedExecutionException e) {
                onFailure(e);
            }
        }

        /** On a thread that may block. */
        private void lookUpAndConnect(String host, int port) {
            try {
                InetSocketAddress resolved = new InetSocketAddress(InetAddress.getByName(host), port);
                loop.execute(() -> connect(resolved));
            } catch (UnknownHostException e) {
                loop.execute(() -> onFailure(e));
            }
        }

        private void connect(InetSocketAddress to) {
            ChannelFuture connected = bootstrap.connect(to);
            connected.addListener(result -> {
                connecting = false;
                if (!result.isSuccess()) {
                    onFailure(result.cause());
                } else if (closed) {
                    connected.channel().close();
                } else {
                    onConnected(connected.channel());
                }
            });
        }

        private void onConnected(Channel newChannel) {
            channel = newChannel;
            channel.closeFuture().addListener(closing -> targets.remove(address, this));
            if (failedBefore) {
                failedBefore = false;
                LOG.info("event=broker_reachable address={}", address);
            }
            send();
        }

        private void send() {
            BrokerGroup group = newest;
            newest = null;
            channel.writeAndFlush(FrameWriter.onewayRequest(
                            channel.alloc(), HeaderType.JSON, nextOpaque++, Answers.roleChanged(group)))
                    .addListener(sent -> observer.onNotification(sent.isSuccess()));
        }

        /** The target stays, as a memory that its failure was logged, until it is forgotten. */
        private void onFailure(Throwable cause) {
            connecting = false;
            newest = null;
            observer.onNotification(false);
            if (!failedBefore) {
                failedBefore = true;
                LOG.warn("event=broker_unreachable address={} cause=\"{}\"", address, cause.toString());
                loop.schedule(this::forgetIfFailed, IDLE_CLOSE_MS, TimeUnit.MILLISECONDS);
            }
        }

        private void forgetIfFailed() {
            if (channel == null && !connecting) {
                targets.remove(address, this);
            } else if (channel == null) {
                loop.schedule(this::forgetIfFailed, IDLE_CLOSE_MS, TimeUnit.MILLISECONDS);
            }
        }

        private void close() {
            newest = null;
            if (channel != null) {
                channel.close();
            }
        }
    }

    /** A broker has nothing to say on this connection; what it says nevertheless is not kept. */
    private static final class Discard extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof IdleStateEvent) {
                ctx.close();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
