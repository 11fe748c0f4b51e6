package io.mqcontroller.controller.rpc;

import io.mqcontroller.controller.remoting.LogThrottle;
import io.mqcontroller.controller.rpc.RpcObserver.Protocol;
import io.mqcontroller.controller.rpc.RpcObserver.Turned;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands at the beginning of each connection until its first bytes have told what it speaks; then hands it over and leaves.
 * What was received meanwhile is passed on by the decoder's own removal.
 */
final class PortUnification extends ByteToMessageDecoder {
    private static final Logger LOG = LoggerFactory.getLogger(PortUnification.class);
    private static final LogThrottle TURNED_AWAY_LOG = new LogThrottle(10_000);

    private final Handover peers;
    private final Handover remoting;
    private final Handover agents;
    private final RpcSettings settings;
    private final RpcObserver observer;
    private final boolean onlyPeers;
    private final boolean behindProxyHeader;
    private Future<?> deadline;
    private boolean decided;

    /** @param onlyPeers there are too many connections already: everybody else is turned away */
    PortUnification(
            Handover peers,
            Handover remoting,
            Handover agents,
            RpcSettings settings,
            RpcObserver observer,
            boolean onlyPeers) {
        this(peers, remoting, agents, settings, observer, onlyPeers, false);
    }

    private PortUnification(
            Handover peers,
            Handover remoting,
            Handover agents,
            RpcSettings settings,
            RpcObserver observer,
            boolean onlyPeers,
            boolean behindProxyHeader) {
        this.peers = peers;
        this.remoting = remoting;
        this.agents = agents;
        this.settings = settings;
        this.observer = observer;
        this.onlyPeers = onlyPeers;
        this.behindProxyHeader = behindProxyHeader;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        deadline = ctx.executor()
                .schedule(() -> turnAwayForSilence(ctx), settings.firstBytesTimeoutMs(), TimeUnit.MILLISECONDS);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        deadline.cancel(false);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (decided) {
            in.skipBytes(in.readableBytes());
            return;
        }
        FirstBytes.Kind kind = FirstBytes.kindOf(in);
        switch (kind) {
            case NOT_YET_KNOWN -> {}
            case PEER -> handOver(ctx, Protocol.PEER, peers);
            case REMOTING -> handOverUnlessFull(ctx, Protocol.REMOTING, remoting);
            case AGENT -> handOverUnlessFull(ctx, Protocol.AGENT, agents);
            case PROXY -> readProxyHeader(ctx);
            case OTHER_PEER_VERSION ->
                turnAway(
                        ctx,
                        Turned.UNKNOWN_PEER_VERSION,
                        "a peer of protocol version " + in.getUnsignedByte(in.readerIndex() + 3));
            case OTHER_AGENT_VERSION ->
                turnAway(
                        ctx,
                        Turned.UNKNOWN_AGENT_VERSION,
                        "an agent with frames of version " + in.getUnsignedByte(in.readerIndex() + 3));
            case TLS ->
                turnAway(
                        ctx,
                        Turned.TLS,
                        "it wants TLS, which this controller does not offer: start brokers and tools without"
                                + " -Dtls.enable=true");
            case HTTP -> refuseHttp(ctx);
            case UNKNOWN ->
                turnAway(ctx, Turned.UNKNOWN_PROTOCOL, "its first bytes belong to nothing that is spoken here");
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            ctx.close();
        } else {
            turnAway(ctx, behindProxyHeader ? Turned.BAD_PROXY_HEADER : Turned.UNKNOWN_PROTOCOL, cause.toString());
        }
    }

    private void handOverUnlessFull(ChannelHandlerContext ctx, Protocol protocol, Handover to) {
        if (onlyPeers) {
            turnAway(
                    ctx,
                    Turned.TOO_MANY_CONNECTIONS,
                    "there are " + settings.maxConnections() + " connections already");
        } else {
            handOver(ctx, protocol, to);
        }
    }

    private void handOver(ChannelHandlerContext ctx, Protocol protocol, Handover to) {
        decided = true;
        observer.onAccepted(protocol);
        to.accept(ctx.channel());
        ctx.pipeline().remove(this);
    }

    /** Behind the header the connection begins anew, once. */
    private void readProxyHeader(ChannelHandlerContext ctx) {
        if (behindProxyHeader) {
            turnAway(ctx, Turned.BAD_PROXY_HEADER, "a second PROXY header");
            return;
        }
        decided = true;
        ChannelPipeline pipeline = ctx.pipeline();
        pipeline.addLast(new HAProxyMessageDecoder());
        pipeline.addLast(new ProxyHeaderSink());
        pipeline.addLast(new PortUnification(peers, remoting, agents, settings, observer, onlyPeers, true));
        pipeline.remove(this);
    }

    private void refuseHttp(ChannelHandlerContext ctx) {
        String text = "This port speaks RocketMQ's protocol and that of the controllers among themselves.\n"
                + "Metrics and health are served over HTTP at port " + settings.httpPort() + " (httpListenPort).\n";
        String response = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: "
                + text.length() + "\r\nConnection: close\r\n\r\n" + text;
        decide(Turned.HTTP, "it speaks HTTP, which is served at httpListenPort " + settings.httpPort(), ctx);
        ctx.writeAndFlush(Unpooled.copiedBuffer(response, StandardCharsets.US_ASCII))
                .addListener(ChannelFutureListener.CLOSE);
    }

    /** A broker that waits for a master only opens a connection to see that it can: no line for that. */
    private void turnAwayForSilence(ChannelHandlerContext ctx) {
        if (!decided && actualReadableBytes() == 0) {
            decided = true;
            observer.onTurnedAway(Turned.SILENT);
        }
        turnAway(ctx, Turned.SILENT, "too few bytes came in time to tell what it speaks");
    }

    private void turnAway(ChannelHandlerContext ctx, Turned reason, String detail) {
        if (!decided) {
            decide(reason, detail, ctx);
        }
        ctx.close();
    }

    private void decide(Turned reason, String detail, ChannelHandlerContext ctx) {
        decided = true;
        observer.onTurnedAway(reason);
        if (TURNED_AWAY_LOG.admits()) {
            LOG.warn(
                    "event=connection_turned_away remote={} reason={} detail=\"{}\" skipped={}",
                    ctx.channel().remoteAddress(),
                    reason,
                    detail,
                    TURNED_AWAY_LOG.takeSkipped());
        }
    }
}
