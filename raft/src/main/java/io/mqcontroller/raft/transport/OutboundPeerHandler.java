package io.mqcontroller.raft.transport;

import io.mqcontroller.proto.frame.FrameDecoder;
import io.mqcontroller.proto.frame.FrameWriter;
import io.mqcontroller.proto.raft.Hello;
import io.mqcontroller.proto.raft.HelloReply;
import io.mqcontroller.proto.raft.PeerFrame;
import io.mqcontroller.proto.raft.Ping;
import io.mqcontroller.raft.core.NodeId;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.HashSet;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * The dialling end: says hello, waits for the answer, then asks at intervals whether the peer is still there. A connection
 * through a network that has parted would otherwise look alive for minutes, and come back late when the network has.
 */
final class OutboundPeerHandler extends ChannelDuplexHandler {
    private final PeerSettings settings;
    private final NodeId peer;
    private final PeerLink link;

    private long lastHeardNanos;
    private long submittedBytes;
    private long takenBytes;
    private long pings;
    private ScheduledFuture<?> pinging;
    private String reason = "the connection was closed by the peer";

    OutboundPeerHandler(PeerSettings settings, NodeId peer, PeerLink link) {
        this.settings = settings;
        this.peer = peer;
        this.link = link;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        lastHeardNanos = System.nanoTime();
        ctx.write(FrameWriter.preface(ctx.alloc(), FrameDecoder.PEER_PREFACE));
        send(ctx, hello(settings, peer));
        long intervalMs = settings.silenceTimeoutMs() / 4;
        pinging = ctx.executor().scheduleAtFixedRate(() -> ping(ctx), intervalMs, intervalMs, TimeUnit.MILLISECONDS);
    }

    /** The first frame to {@code wanted}. */
    static PeerFrame hello(PeerSettings settings, NodeId wanted) {
        return PeerFrame.newBuilder()
                .setHello(Hello.newBuilder()
                        .setProtocolVersion(InboundPeerHandler.PROTOCOL_VERSION)
                        .setCluster(settings.cluster())
                        .setNodeId(settings.self().value())
                        .setWantedNodeId(wanted.value())
                        .setStoreNumber(settings.stores().ownNumber())
                        .setReplacesLost(settings.stores().ownReplacesLost())
                        .setAddress(settings.address()))
                .build();
    }

    private void ping(ChannelHandlerContext ctx) {
        if (isTakingBytes(ctx)) {
            lastHeardNanos = System.nanoTime();
        }
        long silentMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastHeardNanos);
        if (silentMs > settings.silenceTimeoutMs()) {
            end(ctx, "the peer has answered nothing for longer than " + settings.silenceTimeoutMs() + " ms");
        } else {
            send(
                    ctx,
                    PeerFrame.newBuilder()
                            .setPing(Ping.newBuilder().setNumber(++pings))
                            .build());
        }
    }

    /**
     * Whether a peer with much on its way to it goes on taking it, although its answer to a ping behind all that has to wait.
     * Says nothing about one with little on its way: the system takes that, whether or not the peer is there.
     */
    private boolean isTakingBytes(ChannelHandlerContext ctx) {
        ChannelOutboundBuffer waiting = ctx.channel().unsafe().outboundBuffer();
        long pending = waiting == null ? 0 : waiting.totalPendingWriteBytes();
        long takenBefore = takenBytes;
        takenBytes = submittedBytes - Math.min(pending, submittedBytes);
        return pending > 0 && takenBytes > takenBefore;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object frame, ChannelPromise promise) {
        submittedBytes += ((ByteBuf) frame).readableBytes();
        ctx.write(frame, promise);
    }

    private static void send(ChannelHandlerContext ctx, PeerFrame frame) {
        ctx.writeAndFlush(FrameWriter.frame(ctx.alloc(), frame), ctx.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object payload) throws IOException {
        lastHeardNanos = System.nanoTime();
        try {
            PeerFrame frame = PeerFrame.parseFrom(((ByteBuf) payload).nioBuffer());
            if (frame.hasHelloReply()) {
                onHelloReply(ctx, frame.getHelloReply());
            }
        } finally {
            ReferenceCountUtil.release(payload);
        }
    }

    private void onHelloReply(ChannelHandlerContext ctx, HelloReply reply) {
        if (reply.getRefusal().isEmpty()) {
            link.onReady(ctx.channel(), new HashSet<>(reply.getCapabilitiesList()));
        } else {
            link.onRefused(ctx.channel(), reply.getRefusalKind());
            end(ctx, "refused by the peer: " + RefusalLog.said(reply.getRefusal()));
        }
    }

    private void end(ChannelHandlerContext ctx, String why) {
        reason = why;
        ctx.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        end(ctx, String.valueOf(cause.getMessage()));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (pinging != null) {
            pinging.cancel(false);
        }
        link.onFailure(ctx.channel(), reason);
    }
}
