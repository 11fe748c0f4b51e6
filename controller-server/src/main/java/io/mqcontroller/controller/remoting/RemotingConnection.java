package io.mqcontroller.controller.remoting;

import io.mqcontroller.controller.controller.service.ConnectionId;
import io.mqcontroller.controller.remoting.ReadGate.Obstacle;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of a broker or a tool: cuts its bytes into requests, hands them to the router and writes the answers.
 *
 * <p>Owned by its event loop. Answers come from other threads: they wait in {@link #completed} for one task that writes all
 * that is there and flushes once. At most {@link RemotingSettings#maxInFlight} requests are under way; beyond that nothing
 * is read, which bounds that queue and everything behind it.
 */
final class RemotingConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(RemotingConnection.class);
    private static final LogThrottle CUT_LOG = new LogThrottle(10_000);
    private static final LogThrottle FAILURE_LOG = new LogThrottle(10_000);

    private final RequestCodeRouter router;
    private final RemotingSettings settings;
    private final RemotingObserver observer;
    private final Requests requests;
    private final FrameReader frames = new FrameReader();
    private final Queue<PendingAnswer> completed = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean writeScheduled = new AtomicBoolean();
    private ChannelHandlerContext context;
    private ReadGate gate;
    private Future<?> firstRequestDeadline;
    private ByteBuf input;
    private int inFlight;
    private boolean trusted;
    private boolean reading;
    private boolean flushDue;
    private boolean ended;

    RemotingConnection(
            ConnectionId id, RequestCodeRouter router, RemotingSettings settings, RemotingObserver observer) {
        this.router = router;
        this.settings = settings;
        this.observer = observer;
        requests = new Requests(id);
    }

    Requests requests() {
        return requests;
    }

    /** Address of the other side. */
    String remote() {
        return String.valueOf(context.channel().remoteAddress());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        gate = new ReadGate(ctx.channel());
        firstRequestDeadline = ctx.executor()
                .schedule(
                        () -> cut(ClosedBecause.NO_FIRST_REQUEST, "no whole request in time"),
                        settings.firstRequestTimeoutMs(),
                        TimeUnit.MILLISECONDS);
        observer.onConnectionOpened();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (ended) {
            bytes.release();
            return;
        }
        input = input == null ? bytes : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), input, bytes);
        readFrames();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        flushIfDue();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            resume(Obstacle.NOT_WRITABLE);
        } else {
            pause(Obstacle.NOT_WRITABLE);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof IdleStateEvent) {
            cut(ClosedBecause.IDLE, "silent for " + settings.idleTimeoutMs() + " ms");
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        firstRequestDeadline.cancel(false);
        stopReading();
        observer.onConnectionClosed();
        if (trusted) {
            router.connectionClosed(requests.connection());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // An IOException is how a connection ends whose other side was killed.
        if (!(cause instanceof IOException) && FAILURE_LOG.admits()) {
            LOG.warn(
                    "event=connection_failed remote={} skipped={}",
                    ctx.channel().remoteAddress(),
                    FAILURE_LOG.takeSkipped(),
                    cause);
        }
        ctx.close();
    }

    /** The request waits for its answer from now on. */
    PendingAnswer begin(IncomingFrame frame) {
        inFlight++;
        if (inFlight == settings.maxInFlight()) {
            pause(Obstacle.TOO_MANY_IN_FLIGHT);
        }
        return new PendingAnswer(this, frame, System.nanoTime());
    }

    /** The answer of {@code pending} is there. Any thread. */
    void completed(PendingAnswer pending) {
        if (context.executor().inEventLoop()) {
            write(pending);
            if (!reading) {
                flushIfDue();
            }
            return;
        }
        completed.add(pending);
        if (writeScheduled.compareAndSet(false, true)) {
            context.executor().execute(this::writeCompleted);
        }
    }

    private void writeCompleted() {
        // Before the queue is emptied: what is added after the last poll schedules the next task.
        writeScheduled.set(false);
        for (PendingAnswer pending = completed.poll(); pending != null; pending = completed.poll()) {
            write(pending);
        }
        flushIfDue();
    }

    private void write(PendingAnswer pending) {
        Answer answer = makeAnswer(pending);
        if (!pending.isOneway() && !ended) {
            context.write(
                    FrameWriter.response(context.alloc(), pending.headerType(), pending.opaque(), answer),
                    context.voidPromise());
            flushDue = true;
        }
        observer.onRequest(
                router.knownCode(pending.requestCode()), answer.code(), System.nanoTime() - pending.startedNanos());
        inFlight--;
        if (answer.code() == ResponseCode.SYSTEM_BUSY) {
            pauseForOverload();
        }
        // Half, so that reading does not stop and go with each answer.
        if (inFlight <= settings.maxInFlight() / 2) {
            resume(Obstacle.TOO_MANY_IN_FLIGHT);
        }
    }

    private static Answer makeAnswer(PendingAnswer pending) {
        try {
            return pending.makeAnswer();
        } catch (RuntimeException e) {
            LOG.error("event=answer_failed request={}", pending.requestCode(), e);
            return Answer.of(ResponseCode.SYSTEM_ERROR, "the answer could not be made: " + e);
        }
    }

    private void pauseForOverload() {
        if (!ended) {
            pause(Obstacle.OVERLOAD);
            context.executor()
                    .schedule(() -> resume(Obstacle.OVERLOAD), settings.overloadPauseMs(), TimeUnit.MILLISECONDS);
        }
    }

    private void pause(Obstacle obstacle) {
        if (gate.add(obstacle)) {
            observer.onReadingPaused();
        }
    }

    private void resume(Obstacle obstacle) {
        if (gate.remove(obstacle) && !reading) {
            readFrames();
            flushIfDue();
        }
    }

    private void readFrames() {
        reading = true;
        try {
            while (input != null && gate.isOpen() && readFrame()) {
                cancelDeadlineOnceTrusted();
            }
        } catch (MalformedFrameException e) {
            cut(e.reason(), e.getMessage());
        } finally {
            reading = false;
            keepRest();
        }
    }

    private boolean readFrame() throws MalformedFrameException {
        IncomingFrame frame = frames.read(input, trusted ? settings.maxFrameBytes() : settings.maxFirstFrameBytes());
        if (frame == null) {
            return false;
        }
        // Nothing was asked of a broker that it could answer.
        if (!frame.isResponse()) {
            trusted |= router.serve(frame, this);
        }
        return true;
    }

    private void cancelDeadlineOnceTrusted() {
        if (trusted && !firstRequestDeadline.isDone()) {
            firstRequestDeadline.cancel(false);
        }
    }

    private void keepRest() {
        if (input != null && !input.isReadable()) {
            input.release();
            input = null;
        } else if (input != null && input.refCnt() == 1) {
            input.discardSomeReadBytes();
        }
    }

    private void flushIfDue() {
        if (flushDue) {
            flushDue = false;
            context.flush();
        }
    }

    private void cut(ClosedBecause reason, String detail) {
        if (ended) {
            return;
        }
        stopReading();
        observer.onConnectionCut(reason);
        if (reason != ClosedBecause.IDLE && CUT_LOG.admits()) {
            LOG.warn(
                    "event=connection_cut remote={} reason={} detail=\"{}\" skipped={}",
                    context.channel().remoteAddress(),
                    reason,
                    detail,
                    CUT_LOG.takeSkipped());
        }
        // What was asked before was sound, and is answered.
        flushIfDue();
        context.close();
    }

    private void stopReading() {
        ended = true;
        if (input != null) {
            input.release();
            input = null;
        }
    }
}
