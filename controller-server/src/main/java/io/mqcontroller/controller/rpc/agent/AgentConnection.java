package io.mqcontroller.controller.rpc.agent;

import com.google.protobuf.InvalidProtocolBufferException;
import io.mqcontroller.controller.controller.service.ConnectionId;
import io.mqcontroller.controller.controller.service.RoleView;
import io.mqcontroller.controller.remoting.LogThrottle;
import io.mqcontroller.controller.remoting.ReadGate;
import io.mqcontroller.controller.remoting.ReadGate.Obstacle;
import io.mqcontroller.controller.rpc.agent.AgentObserver.Cut;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.NodeKind;
import io.mqcontroller.proto.controller.ServerFrame;
import io.mqcontroller.proto.controller.StatusCode;
import io.mqcontroller.proto.frame.FrameDecoder;
import io.mqcontroller.proto.frame.FrameException;
import io.mqcontroller.proto.frame.FrameWriter;
import io.mqcontroller.raft.core.NodeId;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of an agent or a tool, after its frames have been cut. Owned by its event loop. Answers and pushes come from
 * other threads: they wait for one task that writes all that is there and flushes once. At most {@link
 * AgentSettings#maxInFlight} requests are under way; beyond that nothing is read.
 */
final class AgentConnection extends SimpleChannelInboundHandler<ByteBuf> {
    private static final Logger LOG = LoggerFactory.getLogger(AgentConnection.class);
    private static final LogThrottle CUT_LOG = new LogThrottle(10_000);

    private final ConnectionId id;
    private final AgentRouter router;
    private final AgentConnections connections;
    private final AgentSettings settings;
    private final AgentObserver observer;
    private final Queue<Runnable> outgoing = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean writeScheduled = new AtomicBoolean();
    private ChannelHandlerContext context;
    private AgentRequests requests;
    private ReadGate gate;
    private Future<?> helloDeadline;
    private Future<?> slowReaderDeadline;
    private int inFlight;
    private boolean greeted;
    private boolean ofAgent;
    private boolean ended;

    AgentConnection(
            ConnectionId id,
            AgentRouter router,
            AgentConnections connections,
            AgentSettings settings,
            AgentObserver observer) {
        this.id = id;
        this.router = router;
        this.connections = connections;
        this.settings = settings;
        this.observer = observer;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        gate = new ReadGate(ctx.channel());
        helloDeadline = ctx.executor()
                .schedule(
                        () -> cut(Cut.NO_HELLO, "no hello in time"), settings.helloTimeoutMs(), TimeUnit.MILLISECONDS);
        ctx.writeAndFlush(FrameWriter.preface(ctx.alloc(), FrameDecoder.CLIENT_PREFACE), ctx.voidPromise());
        observer.onConnectionOpened();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf payload) {
        if (ended) {
            return;
        }
        ClientFrame frame;
        try {
            frame = ClientFrame.parseFrom(payload.nioBuffer());
        } catch (InvalidProtocolBufferException e) {
            cut(Cut.BAD_FRAME, "the payload of a frame cannot be read: " + e.getMessage());
            return;
        }
        if (frame.getRequestId() == 0) {
            cut(Cut.BAD_FRAME, "a request has no number");
        } else if (greeted) {
            serve(frame);
        } else if (frame.hasHello()) {
            greet(frame);
        } else {
            cut(Cut.NO_HELLO, "it begins with " + frame.getKindCase());
        }
    }

    private void greet(ClientFrame frame) {
        ServerFrame.Builder answer = router.hello(frame.getHello());
        StatusCode code = answer.getStatus().getCode();
        observer.onRequest(ClientFrame.KindCase.HELLO, code, 0);
        write(frame.getRequestId(), answer);
        if (code == StatusCode.OK) {
            greeted = true;
            requests = router.requestsOf(
                    id, frame.getHello(), String.valueOf(context.channel().remoteAddress()));
            ofAgent = frame.getHello().getKind() == NodeKind.AGENT;
            helloDeadline.cancel(false);
            connections.add(id, this);
            context.flush();
        } else {
            refuse(answer.getStatus().getMessage());
        }
    }

    private void refuse(String reason) {
        end(Cut.REFUSED_HELLO, reason);
        context.writeAndFlush(context.alloc().buffer(0)).addListener(ChannelFutureListener.CLOSE);
    }

    private void serve(ClientFrame frame) {
        long startedNanos = System.nanoTime();
        if (++inFlight == settings.maxInFlight()) {
            pause(Obstacle.TOO_MANY_IN_FLIGHT);
        }
        router.serve(frame, requests, answer -> enqueue(() -> complete(frame, answer, startedNanos)));
    }

    /** News of a group. Any thread. */
    void push(RoleView view) {
        enqueue(() -> {
            if (!ended) {
                context.write(
                        FrameWriter.frame(
                                context.alloc(),
                                ServerFrame.newBuilder()
                                        .setChanged(AgentAnswers.of(view))
                                        .build()),
                        context.voidPromise());
            }
        });
    }

    /** Who leads the controllers now; of no use to a tool. Any thread. */
    void pushLeader(NodeId leader) {
        enqueue(() -> {
            if (!ended && ofAgent) {
                ServerFrame frame =
                        ServerFrame.newBuilder().setLeader(router.hint(leader)).build();
                context.write(FrameWriter.frame(context.alloc(), frame), context.voidPromise());
            }
        });
    }

    private void enqueue(Runnable write) {
        outgoing.add(write);
        if (writeScheduled.compareAndSet(false, true)) {
            context.executor().execute(this::writeOutgoing);
        }
    }

    private void writeOutgoing() {
        // Before the queue is emptied: what is added after the last poll schedules the next task.
        writeScheduled.set(false);
        for (Runnable write = outgoing.poll(); write != null; write = outgoing.poll()) {
            write.run();
        }
        context.flush();
    }

    private void complete(ClientFrame frame, Supplier<ServerFrame.Builder> maker, long startedNanos) {
        ServerFrame.Builder answer;
        try {
            answer = maker.get();
        } catch (RuntimeException e) {
            LOG.error("event=answer_failed kind={}", frame.getKindCase(), e);
            answer = AgentAnswers.failed(StatusCode.UNKNOWN_OUTCOME, "the answer could not be made: " + e);
        }
        observer.onRequest(frame.getKindCase(), answer.getStatus().getCode(), System.nanoTime() - startedNanos);
        if (!ended) {
            write(frame.getRequestId(), answer);
        }
        // Half, so that reading does not stop and go with each answer.
        if (--inFlight <= settings.maxInFlight() / 2) {
            gate.remove(Obstacle.TOO_MANY_IN_FLIGHT);
        }
    }

    private void write(long requestId, ServerFrame.Builder answer) {
        ServerFrame frame =
                answer.setRequestId(requestId).setLeader(router.leader()).build();
        context.write(FrameWriter.frame(context.alloc(), frame), context.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.flush();
        ctx.fireChannelReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            cancelSlowReaderDeadline();
            gate.remove(Obstacle.NOT_WRITABLE);
        } else if (!ended) {
            pause(Obstacle.NOT_WRITABLE);
            cancelSlowReaderDeadline();
            slowReaderDeadline = ctx.executor()
                    .schedule(
                            () -> cut(Cut.SLOW_READER, "it takes nothing of what it is sent"),
                            settings.slowReaderTimeoutMs(),
                            TimeUnit.MILLISECONDS);
        }
    }

    private void cancelSlowReaderDeadline() {
        if (slowReaderDeadline != null) {
            slowReaderDeadline.cancel(false);
        }
    }

    private void pause(Obstacle obstacle) {
        if (gate.add(obstacle)) {
            observer.onReadingPaused();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof IdleStateEvent) {
            cut(Cut.IDLE, "silent for " + settings.idleTimeoutMs() + " ms");
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ended = true;
        helloDeadline.cancel(false);
        cancelSlowReaderDeadline();
        observer.onConnectionClosed();
        if (greeted) {
            connections.remove(id);
            router.connectionClosed(id);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof FrameException) {
            cut(Cut.BAD_FRAME, cause.getMessage());
            return;
        }
        // An IOException is how a connection ends whose other side was killed.
        if (!(cause instanceof IOException) && CUT_LOG.admits()) {
            LOG.warn("event=agent_connection_failed remote={}", ctx.channel().remoteAddress(), cause);
        }
        ctx.close();
    }

    private void cut(Cut reason, String detail) {
        if (!ended) {
            end(reason, detail);
            context.close();
        }
    }

    private void end(Cut reason, String detail) {
        ended = true;
        observer.onConnectionCut(reason);
        if (reason != Cut.IDLE && CUT_LOG.admits()) {
            LOG.warn(
                    "event=agent_connection_cut remote={} reason={} detail=\"{}\" skipped={}",
                    context.channel().remoteAddress(),
                    reason,
                    detail,
                    CUT_LOG.takeSkipped());
        }
    }
}
