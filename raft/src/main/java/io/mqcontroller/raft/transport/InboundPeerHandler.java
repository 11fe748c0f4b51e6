package io.mqcontroller.raft.transport;

import io.mqcontroller.proto.frame.FrameDecoder;
import io.mqcontroller.proto.frame.FrameWriter;
import io.mqcontroller.proto.raft.Hello;
import io.mqcontroller.proto.raft.HelloReply;
import io.mqcontroller.proto.raft.PeerFrame;
import io.mqcontroller.proto.raft.Pong;
import io.mqcontroller.raft.codec.MessageCodec;
import io.mqcontroller.raft.core.Message;
import io.mqcontroller.raft.core.NodeId;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * The accepting end: checks who dialled, then delivers what it sends. Closes a connection that says nothing for the silence
 * timeout: the dialling end pings four times in that time.
 */
final class InboundPeerHandler extends SimpleChannelInboundHandler<ByteBuf> {
    static final int PROTOCOL_VERSION = 1;

    private final PeerSettings settings;
    private final Transport.Receiver receiver;
    private final Map<NodeId, Channel> inbound;
    private final RefusalLog refusals;

    private Optional<NodeId> from = Optional.empty();
    private boolean refused;
    private long lastHeardNanos = System.nanoTime();
    private ScheduledFuture<?> watching;

    InboundPeerHandler(
            PeerSettings settings, Transport.Receiver receiver, Map<NodeId, Channel> inbound, RefusalLog refusals) {
        this.settings = settings;
        this.receiver = receiver;
        this.inbound = inbound;
        this.refusals = refusals;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        long timeoutMs = settings.silenceTimeoutMs();
        watching = ctx.executor()
                .scheduleAtFixedRate(() -> closeIfSilent(ctx), timeoutMs, timeoutMs / 2, TimeUnit.MILLISECONDS);
    }

    private void closeIfSilent(ChannelHandlerContext ctx) {
        long silentMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastHeardNanos);
        if (silentMs > settings.silenceTimeoutMs()) {
            ctx.close();
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf payload) throws IOException {
        lastHeardNanos = System.nanoTime();
        if (refused) {
            return;
        }
        PeerFrame frame = PeerFrame.parseFrom(payload.nioBuffer());
        if (from.isEmpty()) {
            onFirstFrame(ctx, frame);
        } else if (frame.hasPing()) {
            ctx.write(FrameWriter.frame(
                    ctx.alloc(),
                    PeerFrame.newBuilder()
                            .setPong(Pong.newBuilder().setNumber(frame.getPing().getNumber()))
                            .build()));
        } else if (frame.getKindCase() == PeerFrame.KindCase.APPLICATION) {
            receiver.onApplicationMessage(from.get(), MessageCodec.decodeApplication(frame));
        } else {
            Optional<Message> message = MessageCodec.decode(frame);
            if (message.isPresent()) {
                receiver.onMessage(from.get(), message.get());
            }
        }
    }

    private void onFirstFrame(ChannelHandlerContext ctx, PeerFrame frame) {
        Optional<String> refusal = frame.hasHello()
                ? refusalOf(frame.getHello())
                : Optional.of("a connection begins with hello, not with " + frame.getKindCase());
        ctx.write(FrameWriter.preface(ctx.alloc(), FrameDecoder.PEER_PREFACE));
        PeerFrame reply = PeerFrame.newBuilder()
                .setHelloReply(HelloReply.newBuilder()
                        .setProtocolVersion(PROTOCOL_VERSION)
                        .setRefusal(refusal.orElse("")))
                .build();
        if (refusal.isPresent()) {
            refused = true;
            refusals.log(ctx.channel(), refusal.get());
            ctx.writeAndFlush(FrameWriter.frame(ctx.alloc(), reply)).addListener(ChannelFutureListener.CLOSE);
            return;
        }
        NodeId peer = new NodeId(frame.getHello().getNodeId());
        from = Optional.of(peer);
        Channel older = inbound.put(peer, ctx.channel());
        if (older != null) {
            older.close();
        }
        ctx.writeAndFlush(FrameWriter.frame(ctx.alloc(), reply), ctx.voidPromise());
    }

    /**
     * What the dialling end says of itself holds for every frame of its connection, so this is the one place where members of
     * other clusters, and strangers, are kept out.
     */
    private Optional<String> refusalOf(Hello hello) {
        String dialler = RefusalLog.said(hello.getNodeId());
        if (!hello.getCluster().equals(settings.cluster())) {
            return Optional.of(dialler + " is a member of cluster " + RefusalLog.said(hello.getCluster())
                    + ", and this is " + settings.self() + " of cluster " + settings.cluster());
        }
        if (!hello.getWantedNodeId().equals(settings.self().value())) {
            return Optional.of("this is member " + settings.self() + ", and " + dialler + " wants "
                    + RefusalLog.said(hello.getWantedNodeId()));
        }
        if (settings.peers().keySet().stream().noneMatch(peer -> peer.value().equals(hello.getNodeId()))) {
            return Optional.of(dialler + " is none of the peers of " + settings.self() + ", "
                    + settings.peers().keySet());
        }
        if (hello.getProtocolVersion() < PROTOCOL_VERSION) {
            return Optional.of(dialler + " speaks protocol version " + hello.getProtocolVersion() + ", older than "
                    + PROTOCOL_VERSION);
        }
        return Optional.empty();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.flush();
    }

    /** What can't be read ends this connection and nothing else. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!refused) {
            refused = true;
            refusals.log(ctx.channel(), RefusalLog.said(String.valueOf(cause.getMessage())));
        }
        ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        watching.cancel(false);
        from.ifPresent(peer -> inbound.remove(peer, ctx.channel()));
    }
}
