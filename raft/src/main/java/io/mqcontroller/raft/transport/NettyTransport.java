package io.mqcontroller.raft.transport;

import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Message;
import io.mqcontroller.raft.core.NodeId;
import io.netty.channel.Channel;

/**
 * Members over TCP. Each member dials each other one and sends over the connection that it dialled; what it receives comes
 * over connections that others dialled, and that the owner of the listening port hands to {@link #accept}.
 */
public final class NettyTransport implements Transport {
    private final PeerSettings settings;

    /** @param loops for dialled connections; stay the caller's */
    public NettyTransport(PeerSettings settings, EventLoops loops) {
        this.settings = settings;
    }

    /**
     * Takes over a connection that somebody dialled and that began with {@link
     * io.mqcontroller.proto.frame.FrameDecoder#PREFACE}. Adds its handlers at the end of the channel's pipeline; the caller
     * passes on everything received, the preface included, to them (as a {@code ByteToMessageDecoder} does that removes
     * itself). Called on the channel's event loop.
     */
    public void accept(Channel channel) {
        throw new AssertionError("accept by " + settings.self());
    }

    @Override
    public void start(Receiver receiver) {
        throw new AssertionError("start");
    }

    @Override
    public void send(NodeId to, Message message) {
        throw new AssertionError("send");
    }

    @Override
    public void sendApplication(NodeId to, Bytes payload) {
        throw new AssertionError("sendApplication");
    }

    @Override
    public void close() {
        throw new AssertionError("close");
    }
}
