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
    private final Admission admission;
    private final PeerLinks links;

    private boolean greeted;
    private Optional<NodeId> from = Optional.empty();
    private boolean refused;
    private long lastHeardNanos = System.nanoTime();
    private ScheduledFuture<?> watching;

    InboundPeerHandler(
            PeerSettings settings,
            Transport.Receiver receiver,
            Map<NodeId, Channel> inbound,
            RefusalLog refusals,
            Admission admission,
            PeerLinks links) {
        this.settings = settings;
        this.receiver = receiver;
        this.inbound = inbound;
        this.refusals = refusals;
        this.admission = admission;
        this.links = links;
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
        if (!greeted) {
            onFirstFrame(ctx, frame);
        } else if (from.isEmpty()) {
            // It speaks on before it was answered, which a member does not do, except for pings.
            return;
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

    /** Nothing more is read before it is decided whether the connection is taken. */
    private void onFirstFrame(ChannelHandlerContext ctx, PeerFrame frame) {
        greeted = true;
        ctx.channel().config().setAutoRead(false);
        if (!frame.hasHello()) {
            String reason = "a connection begins with hello, not with " + frame.getKindCase();
            answer(ctx, frame.getHello(), Optional.of(Admission.Refused.because(reason)));
            return;
        }
        admission.decide(
                frame.getHello(), refused -> ctx.executor().execute(() -> answer(ctx, frame.getHello(), refused)));
    }

    private void answer(ChannelHandlerContext ctx, Hello hello, Optional<Admission.Refused> decision) {
        HelloReply.Builder reply = HelloReply.newBuilder()
                .setProtocolVersion(PROTOCOL_VERSION)
                .setIncarnation(settings.stores().ownIncarnation())
                .addCapabilities(Transport.MEMBERSHIP)
                .addAllCapabilities(settings.capabilities());
        decision.ifPresent(no -> reply.setRefusal(no.reason()).setRefusalKind(no.kind()));
        ctx.write(FrameWriter.preface(ctx.alloc(), FrameDecoder.PEER_PREFACE));
        ByteBuf frame = FrameWriter.frame(
                ctx.alloc(), PeerFrame.newBuilder().setHelloReply(reply).build());
        if (decision.isPresent()) {
            refused = true;
            refusals.log(ctx.channel(), decision.get().reason());
            ctx.writeAndFlush(frame).addListener(ChannelFutureListener.CLOSE);
            return;
        }
        NodeId peer = new NodeId(hello.getNodeId());
        from = Optional.of(peer);
        links.onHello(peer, hello.getAddress());
        Channel older = inbound.put(peer, ctx.channel());
        if (older != null) {
            older.close();
        }
        if (!ctx.channel().isActive()) {
            // Closed while it was decided: then nobody will take it out again.
            inbound.remove(peer, ctx.channel());
        }
        ctx.writeAndFlush(frame, ctx.voidPromise());
        ctx.channel().config().setAutoRead(true);
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
