package io.mqcontroller.controller.cli;

import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.ClientHello;
import io.mqcontroller.proto.controller.GroupView;
import io.mqcontroller.proto.controller.NodeKind;
import io.mqcontroller.proto.controller.ServerFrame;
import io.mqcontroller.proto.frame.FrameDecoder;
import io.mqcontroller.proto.frame.FrameWriter;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** One connection of an agent to a controller, as the wire has it. */
final class AgentClient implements AutoCloseable {
    final Queue<GroupView> pushes = new ConcurrentLinkedQueue<>();
    private final Map<Long, CompletableFuture<ServerFrame>> waiting = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private final Channel channel;

    private AgentClient(EventLoopGroup loops, int port) throws IOException {
        var connected = new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new FrameDecoder(FrameDecoder.CLIENT_PREFACE))
                                .addLast(new Receiver());
                    }
                })
                .connect("127.0.0.1", port)
                .awaitUninterruptibly();
        if (!connected.isSuccess()) {
            throw new IOException(connected.cause());
        }
        channel = connected.channel();
        channel.write(FrameWriter.preface(channel.alloc(), FrameDecoder.CLIENT_PREFACE));
    }

    /** Dials, and says hello. */
    static AgentClient greet(EventLoopGroup loops, int port) throws IOException {
        AgentClient client = new AgentClient(loops, port);
        client.call(ClientFrame.newBuilder()
                .setHello(ClientHello.newBuilder()
                        .setProtocolVersion(1)
                        .setKind(NodeKind.AGENT)
                        .setControllerCluster("test")));
        return client;
    }

    private final class Receiver extends SimpleChannelInboundHandler<ByteBuf> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf payload) throws IOException {
            ServerFrame frame = ServerFrame.parseFrom(payload.nioBuffer());
            if (frame.getRequestId() == 0) {
                pushes.add(frame.getChanged());
            } else {
                waiting.remove(frame.getRequestId()).complete(frame);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            waiting.values().forEach(answer -> answer.completeExceptionally(new IOException("connection closed")));
        }
    }

    CompletableFuture<ServerFrame> ask(ClientFrame.Builder request) {
        long number = numbers.incrementAndGet();
        CompletableFuture<ServerFrame> answer = new CompletableFuture<>();
        waiting.put(number, answer);
        channel.writeAndFlush(
                FrameWriter.frame(channel.alloc(), request.setRequestId(number).build()));
        return answer;
    }

    ServerFrame call(ClientFrame.Builder request) throws IOException {
        try {
            return ask(request).get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IOException("no answer to " + request, e);
        }
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
    }
}
