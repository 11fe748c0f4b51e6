package io.mqcontroller.raft.transport;

import io.mqcontroller.proto.frame.FrameDecoder;
import io.mqcontroller.raft.core.Bytes;
import io.mqcontroller.raft.core.Message;
import io.mqcontroller.raft.core.NodeId;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * Members over TCP. Each member dials each other one and sends over the connection that it dialled; what it receives comes
 * over connections that others dialled, and that the owner of the listening port hands to {@link #accept}.
 */
public final class NettyTransport implements Transport {
    /** What fits into a frame beside its wrapping. */
    public static final int MAX_APPLICATION_BYTES = FrameDecoder.MAX_PAYLOAD_BYTES - 16;

    private final PeerSettings settings;
    private final EventLoops loops;
    private final PeerLinks links;
    private final Admission admission;

    /** Resolves names of peers: it may block, which no event loop may. */
    private final ExecutorService resolver;

    /** Remembers the stores of peers, which may wait for the disk: beside the other, so that no name server holds it up. */
    private final ExecutorService memory;

    /** The connection that each peer sends over: the newest one counts. */
    private final Map<NodeId, Channel> inbound = new ConcurrentHashMap<>();

    private final RefusalLog refusals = new RefusalLog();
    private volatile Optional<Receiver> receiver = Optional.empty();

    /** @param loops for dialled connections; stay the caller's */
    public NettyTransport(PeerSettings settings, EventLoops loops) {
        this.settings = settings;
        this.loops = loops;
        this.resolver = threadNamed("raft-resolver-" + settings.self());
        this.memory = threadNamed("raft-peers-" + settings.self());
        this.admission = new Admission(settings, memory);
        this.links = new PeerLinks(settings, loops, resolver, new Answers());
    }

    private static ExecutorService threadNamed(String name) {
        return Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
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
                .addLast(new InboundPeerHandler(settings, receiver.get(), inbound, refusals, admission, links));
    }

    @Override
    public void start(Receiver receiver) {
        this.receiver = Optional.of(receiver);
    }

    @Override
    public void send(NodeId to, Message message) {
        links.find(to).ifPresent(link -> link.send(Outgoing.of(message)));
    }

    /** @throws IllegalArgumentException if the payload is longer than {@link #MAX_APPLICATION_BYTES} */
    @Override
    public void sendApplication(NodeId to, Bytes payload) {
        if (payload.size() > MAX_APPLICATION_BYTES) {
            throw new IllegalArgumentException("a message of the application has up to " + MAX_APPLICATION_BYTES
                    + " bytes, this one has " + payload.size());
        }
        links.find(to).ifPresent(link -> link.send(Outgoing.of(payload)));
    }

    @Override
    public void reach(SortedMap<NodeId, String> members) {
        links.reach(members);
    }

    @Override
    public void refuse(SortedSet<NodeId> removed) {
        admission.refuse(removed);
        removed.forEach(peer -> Optional.ofNullable(inbound.get(peer)).ifPresent(Channel::close));
    }

    @Override
    public void greet() {
        links.greet();
    }

    @Override
    public SortedSet<NodeId> without(String capability) {
        return links.without(capability);
    }

    @Override
    public boolean allHave(String capability) {
        return links.allHave(capability);
    }

    @Override
    public CompletableFuture<Long> incarnationOf(NodeId wanted, String address) {
        CompletableFuture<Long> answer = new CompletableFuture<>();
        Optional<InetSocketAddress> at = PeerAddress.parse(address);
        if (at.isEmpty()) {
            answer.completeExceptionally(new IOException("\"" + address + "\" is not host:port"));
            return answer;
        }
        try {
            resolver.execute(() -> PeerQuestion.ask(
                    settings,
                    wanted,
                    new InetSocketAddress(at.get().getHostString(), at.get().getPort()),
                    loops,
                    answer));
        } catch (RejectedExecutionException closing) {
            answer.completeExceptionally(new IOException("the transport is closed", closing));
        }
        return answer;
    }

    /** Ends all connections; nothing is delivered any more once they are closed. */
    @Override
    public void close() {
        receiver = Optional.empty();
        links.close();
        inbound.values().forEach(Channel::close);
        resolver.shutdownNow();
        memory.shutdownNow();
    }

    /** Passes on how peers answer. */
    private final class Answers implements PeerLink.Observer {
        @Override
        public void onWelcome(NodeId peer) {
            receiver.ifPresent(told -> told.onWelcome(peer));
        }

        @Override
        public void onRefused(NodeId peer, Refusal refusal) {
            receiver.ifPresent(told -> told.onRefused(peer, refusal));
        }
    }
}
