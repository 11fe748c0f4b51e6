package io.mqcontroller.raft.transport;

import io.mqcontroller.proto.frame.FrameDecoder;
import io.mqcontroller.proto.frame.FrameWriter;
import io.mqcontroller.proto.raft.HelloRefusal;
import io.mqcontroller.raft.core.NodeId;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to one peer: a bounded queue, and a connection that is dialled when there is something to send. One event loop
 * owns all but the queue.
 *
 * <p>States: idle (nothing dialled, perhaps waiting out a pause after a failure), dialling (resolving, connecting, waiting for
 * the answer to hello), ready. What is sent while dialling waits; what is sent during a pause is dropped.
 */
final class PeerLink {
    private static final Logger LOG = LoggerFactory.getLogger(PeerLink.class);

    /** Beyond this bulk is dropped, beyond twice this everything. */
    private static final long MAX_QUEUED_BYTES = 32L << 20;

    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(8 << 20, 16 << 20);
    private static final long FIRST_PAUSE_MS = 20;
    private static final long LONGEST_PAUSE_MS = 1_000;

    private enum State {
        IDLE,
        DIALLING,
        READY,
        CLOSED
    }

    private final PeerSettings settings;
    private final NodeId peer;
    private final InetSocketAddress address;
    private final EventLoops loops;
    private final EventLoop loop;
    private final ExecutorService resolver;
    private final Observer observer;

    private final Queue<Outgoing> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong queuedBytes = new AtomicLong();
    private final AtomicBoolean drainScheduled = new AtomicBoolean();

    /** What the peer said of itself when it last answered. */
    private volatile Set<String> capabilities = Set.of();

    private volatile boolean welcomed;

    // Owned by the event loop.
    private State state = State.IDLE;
    private Optional<Channel> channel = Optional.empty();
    private long pauseMs = FIRST_PAUSE_MS;
    private long notBeforeNanos = System.nanoTime();
    private Optional<String> loggedFailure = Optional.empty();

    /** Hears how peers answer hello. Called on event loops. */
    interface Observer {
        void onWelcome(NodeId peer);

        void onRefused(NodeId peer, Refusal refusal);
    }

    PeerLink(
            PeerSettings settings,
            NodeId peer,
            InetSocketAddress address,
            EventLoops loops,
            ExecutorService resolver,
            Observer observer) {
        this.settings = settings;
        this.peer = peer;
        this.address = address;
        this.observer = observer;
        this.loops = loops;
        this.loop = loops.group().next();
        this.resolver = resolver;
    }

    InetSocketAddress address() {
        return address;
    }

    /** Whether the peer has answered, without naming this. */
    boolean lacks(String capability) {
        return welcomed && !capabilities.contains(capability);
    }

    /** Whether the peer has answered, and named this. */
    boolean has(String capability) {
        return welcomed && capabilities.contains(capability);
    }

    /** Dials if that is not done and not to be waited with. From any thread. */
    void greet() {
        onLoop(() -> {
            if (mayDial()) {
                dial();
            }
        });
    }

    /** From any thread. */
    void send(Outgoing message) {
        long limit = message.urgent() ? 2 * MAX_QUEUED_BYTES : MAX_QUEUED_BYTES;
        if (queuedBytes.get() + message.roughBytes() > limit) {
            return;
        }
        queuedBytes.addAndGet(message.roughBytes());
        queue.add(message);
        if (drainScheduled.compareAndSet(false, true)) {
            onLoop(this::drain);
        }
    }

    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException loopEnded) {
            LOG.debug("event=peer_loop_ended peer={}", peer);
        }
    }

    private void drain() {
        // Before looking at the queue: what is added from here on schedules another drain.
        drainScheduled.set(false);
        if (mayDial() && !queue.isEmpty()) {
            dial();
        }
        if (state == State.READY) {
            writeQueue(channel.orElseThrow());
        } else if (state != State.DIALLING) {
            clearQueue();
        }
    }

    private boolean mayDial() {
        return state == State.IDLE && System.nanoTime() - notBeforeNanos >= 0;
    }

    private void writeQueue(Channel to) {
        boolean wrote = false;
        for (Outgoing message = queue.poll(); message != null; message = queue.poll()) {
            queuedBytes.addAndGet(-message.roughBytes());
            if (message.urgent() || to.isWritable()) {
                to.write(FrameWriter.frame(to.alloc(), message.frame().get()), to.voidPromise());
                wrote = true;
            }
        }
        if (wrote) {
            to.flush();
        }
    }

    private void clearQueue() {
        for (Outgoing message = queue.poll(); message != null; message = queue.poll()) {
            queuedBytes.addAndGet(-message.roughBytes());
        }
    }

    private void dial() {
        state = State.DIALLING;
        try {
            resolver.execute(() -> {
                InetSocketAddress resolved = new InetSocketAddress(address.getHostString(), address.getPort());
                onLoop(() -> connect(resolved));
            });
        } catch (RejectedExecutionException closing) {
            state = State.CLOSED;
        }
    }

    private void connect(InetSocketAddress resolved) {
        if (state != State.DIALLING) {
            return;
        }
        if (resolved.isUnresolved()) {
            fail("no address is known for " + resolved.getHostString());
            return;
        }
        ChannelFuture connecting = new Bootstrap()
                .group(loop)
                .channel(loops.clientChannel())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.min(settings.silenceTimeoutMs(), 10_000))
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel created) {
                        created.pipeline()
                                .addLast(new FrameDecoder(FrameDecoder.PEER_PREFACE))
                                .addLast(new OutboundPeerHandler(settings, peer, PeerLink.this));
                    }
                })
                .connect(resolved);
        channel = Optional.of(connecting.channel());
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                onFailure(connecting.channel(), String.valueOf(done.cause().getMessage()));
            }
        });
    }

    /** The peer has answered hello. On the event loop. */
    void onReady(Channel answered, Set<String> known) {
        if (state != State.DIALLING || !channel.equals(Optional.of(answered))) {
            return;
        }
        state = State.READY;
        capabilities = Set.copyOf(known);
        welcomed = true;
        pauseMs = FIRST_PAUSE_MS;
        loggedFailure = Optional.empty();
        LOG.info("event=peer_connected peer={} address={}:{}", peer, address.getHostString(), address.getPort());
        observer.onWelcome(peer);
        drain();
    }

    /** The peer has answered hello with a refusal. On the event loop; the connection ends after it. */
    void onRefused(Channel refusing, HelloRefusal kind) {
        if (channel.equals(Optional.of(refusing)) && kind == HelloRefusal.REMOVED) {
            observer.onRefused(peer, Refusal.REMOVED);
        } else if (channel.equals(Optional.of(refusing)) && kind == HelloRefusal.ANOTHER_STORE) {
            observer.onRefused(peer, Refusal.ANOTHER_STORE);
        }
    }

    /** The connection, or the try to make one, is over. On the event loop; the first reason counts. */
    void onFailure(Channel failed, String reason) {
        if (state != State.CLOSED && channel.equals(Optional.of(failed))) {
            fail(reason);
        }
    }

    private void fail(String reason) {
        state = State.IDLE;
        channel.ifPresent(Channel::close);
        channel = Optional.empty();
        clearQueue();
        // A random part, so that members that lost each other at once don't dial in step.
        long pause = pauseMs + ThreadLocalRandom.current().nextLong(pauseMs);
        notBeforeNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pause);
        pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
        // One line per kind of failure, not one per attempt.
        if (!loggedFailure.equals(Optional.of(reason))) {
            loggedFailure = Optional.of(reason);
            LOG.warn(
                    "event=peer_unreachable peer={} address={}:{} cause=\"{}\"",
                    peer,
                    address.getHostString(),
                    address.getPort(),
                    reason);
        }
    }

    void close() {
        onLoop(() -> {
            state = State.CLOSED;
            channel.ifPresent(Channel::close);
            channel = Optional.empty();
            clearQueue();
        });
    }
}
