package io.mqcontroller.raft.transport;

import io.mqcontroller.proto.frame.FrameDecoder;
import io.mqcontroller.proto.frame.FrameWriter;
import io.mqcontroller.proto.raft.HelloReply;
import io.mqcontroller.proto.raft.PeerFrame;
import io.mqcontroller.raft.core.NodeId;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Asks somebody who is to become a member, over a connection of its own: who it is, and what its store was made with. */
final class PeerQuestion extends SimpleChannelInboundHandler<ByteBuf> {
    private final PeerSettings settings;
    private final NodeId wanted;
    private final CompletableFuture<Long> incarnation;

    private PeerQuestion(PeerSettings settings, NodeId wanted, CompletableFuture<Long> incarnation) {
        this.settings = settings;
        this.wanted = wanted;
        this.incarnation = incarnation;
    }

    /** @param incarnation told the answer, or an {@link IOException} that says why there is none */
    static void ask(
            PeerSettings settings,
            NodeId wanted,
            InetSocketAddress resolved,
            EventLoops loops,
            CompletableFuture<Long> incarnation) {
        EventLoop loop = loops.group().next();
        var connecting = new Bootstrap()
                .group(loop)
                .channel(loops.clientChannel())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.min(settings.silenceTimeoutMs(), 10_000))
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel created) {
                        created.pipeline()
                                .addLast(new FrameDecoder(FrameDecoder.PEER_PREFACE))
                                .addLast(new PeerQuestion(settings, wanted, incarnation));
                    }
                })
                .connect(resolved);
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                incarnation.completeExceptionally(new IOException(done.cause()));
            }
        });
        loop.schedule(
                () -> incarnation.completeExceptionally(
                        new IOException("no answer within " + settings.silenceTimeoutMs() + " ms")),
                settings.silenceTimeoutMs(),
                TimeUnit.MILLISECONDS);
        incarnation.whenComplete((answer, failed) -> connecting.channel().close());
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.write(FrameWriter.preface(ctx.alloc(), FrameDecoder.PEER_PREFACE));
        ctx.writeAndFlush(FrameWriter.frame(ctx.alloc(), OutboundPeerHandler.hello(settings, wanted)));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf payload) throws IOException {
        PeerFrame frame = PeerFrame.parseFrom(payload.nioBuffer());
        HelloReply reply = frame.getHelloReply();
        if (!frame.hasHelloReply() || !reply.getRefusal().isEmpty()) {
            incarnation.completeExceptionally(new IOException("refused: " + RefusalLog.said(reply.getRefusal())));
        } else {
            incarnation.complete(reply.getIncarnation());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        incarnation.completeExceptionally(new IOException(cause));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        incarnation.completeExceptionally(new IOException("the connection was closed"));
    }
}
