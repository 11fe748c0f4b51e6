package io.mqcontroller.raft.transport;

import io.mqcontroller.proto.frame.FrameDecoder;
import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Message;
import io.mqcontroller.raft.core.NodeId;
import io.netty.channel.Channel;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Members over TCP. Each member dials each other one and sends over the connection that it dialled; what it receives comes
 * over connections that others dialled, and that the owner of the listening port hands to {@link #accept}.
 */
public final class NettyTransport implements Transport {
    /** What fits into a frame beside its wrapping. */
    public static final int MAX_APPLICATION_BYTES = FrameDecoder.MAX_PAYLOAD_BYTES - 16;

    private final PeerSettings settings;
    private final SortedMap<NodeId, PeerLink> links;

    /** Resolves names of peers: it may block, which no event loop may. */
    private final ExecutorService resolver;

    /** The connection that each peer sends over: the newest one counts. */
    private final Map<NodeId, Channel> inbound = new ConcurrentHashMap<>();

    private final RefusalLog refusals = new RefusalLog();
    private volatile Optional<Receiver> receiver = Optional.empty();

    /** @param loops for dialled connections; stay the caller's */
    public NettyTransport(PeerSettings settings, EventLoops loops) {
        this.settings = settings;
        this.resolver = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "raft-resolver-" + settings.self());
            thread.setDaemon(true);
            return thread;
        });
        SortedMap<NodeId, PeerLink> dialled = new TreeMap<>();
        settings.peers().forEach((peer, address) -> dialled.put(peer, new PeerLink(settings, peer, loops, resolver)));
        this.links = Collections.unmodifiableSortedMap(dialled);
    }

    /**
     * Takes over a connection that somebody dialled and that began with {@link FrameDecoder#PREFACE}. Adds its handlers at
     * the end of the channel's pipeline; the caller passes on everything received, the preface included, to them (as a
     * {@code ByteToMessageDecoder} does that removes itself). Called on the channel's event loop.
     */
    public void accept(Channel channel) {
        if (receiver.isEmpty()) {
            channel.close();
            return;
        }
        channel.pipeline()
                .addLast(new FrameDecoder(FrameDecoder.PEER_PREFACE))
                .addLast(new InboundPeerHandler(settings, receiver.get(), inbound, refusals));
    }

    @Override
    public void start(Receiver receiver) {
        this.receiver = Optional.of(receiver);
    }

    @Override
    public void send(NodeId to, Message message) {
        linkTo(to).send(Outgoing.of(message));
    }

    /** @throws IllegalArgumentException if the payload is longer than {@link #MAX_APPLICATION_BYTES} */
    @Override
    public void sendApplication(NodeId to, Bytes payload) {
        if (payload.size() > MAX_APPLICATION_BYTES) {
            throw new IllegalArgumentException("a message of the application has up to " + MAX_APPLICATION_BYTES
                    + " bytes, this one has " + payload.size());
        }
        linkTo(to).send(Outgoing.of(payload));
    }

    private PeerLink linkTo(NodeId to) {
        PeerLink link = links.get(to);
        if (link == null) {
            throw new IllegalArgumentException(to + " is none of the peers " + links.keySet());
        }
        return link;
    }

    /** Ends all connections; nothing is delivered any more once they are closed. */
    @Override
    public void close() {
        receiver = Optional.empty();
        links.values().forEach(PeerLink::close);
        inbound.values().forEach(Channel::close);
        resolver.shutdownNow();
    }
}
