package io.mqcontroller.agent.rocketmq;

import io.netty.channel.ChannelHandlerContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.rocketmq.logging.org.slf4j.Logger;
import org.apache.rocketmq.logging.org.slf4j.LoggerFactory;
import org.apache.rocketmq.remoting.InvokeCallback;
import org.apache.rocketmq.remoting.RemotingClient;
import org.apache.rocketmq.remoting.exception.RemotingConnectException;
import org.apache.rocketmq.remoting.exception.RemotingException;
import org.apache.rocketmq.remoting.exception.RemotingTooMuchRequestException;
import org.apache.rocketmq.remoting.netty.ResponseFuture;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.ResponseCode;

/**
 * What clients still send to a broker that has given its role back and is about to end: it is kept until there is a new master and
 * passed on to that one, whose answer goes back. RocketMQ's producers look for a new master every 30 s, and try again
 * at once, on the same broker, when they are refused: without this a planned stop fails their sends until they look.
 */
final class SendRelay {
    /** In the answer: who gave it. Clients skip what they don't know. */
    static final String RELAYED_FIELD = "_mqcRelayedTo";

    /** In a request: it comes from another broker's relay, and is not kept once more. */
    private static final String PASSED_ON_FIELD = "_mqcPassedOn";

    private static final long RETRY_MS = 10;
    private static final Logger LOG = LoggerFactory.getLogger("RocketmqBroker");

    private final Supplier<RemotingClient> client;
    private final Supplier<Optional<String>> successor;
    private final Limits limits;
    /** Gets more only while it is open; whoever closes it answers all that are left. */
    private final BlockingQueue<Kept> kept;

    private final Object openOrClosed = new Object();
    private boolean open;
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile long lastSentNanos;
    private volatile boolean refused;

    /**
     * @param quietMs a producer that sends as seldom as this finds the old address once it is gone
     * @param keptMs longer than an election with nothing to wait for takes; less than clients wait for an answer by default (3 s)
     * @param maxKept what comes when so many wait is refused
     */
    record Limits(long quietMs, long keptMs, int maxKept) {
        static final Limits DEFAULT = new Limits(3_000, 2_500, 10_000);
    }

    private record Kept(ChannelHandlerContext ctx, RemotingCommand request, long sinceNanos) {}

    /** @param successor address of the master that clients are told of now, if it is another broker; may block */
    SendRelay(Supplier<RemotingClient> client, Supplier<Optional<String>> successor, Limits limits) {
        this.client = client;
        this.successor = successor;
        this.limits = limits;
        kept = new LinkedBlockingQueue<>(limits.maxKept());
    }

    /** Takes sends while the role is given back, and passes them on when it was; answers them all if that fails, too. */
    void during(Runnable givesRoleBack, long withinMs) {
        open();
        try {
            givesRoleBack.run();
        } finally {
            run(withinMs);
        }
    }

    /** From now on sends are taken. */
    void open() {
        lastSentNanos = System.nanoTime();
        synchronized (openOrClosed) {
            open = true;
        }
    }

    /** True: it will be answered. Any thread. */
    boolean take(ChannelHandlerContext ctx, RemotingCommand request) {
        if (request.getExtFields() != null && request.getExtFields().containsKey(PASSED_ON_FIELD)) {
            return false;
        }
        long nowNanos = System.nanoTime();
        lastSentNanos = nowNanos;
        return keep(new Kept(ctx, request, nowNanos));
    }

    /** In one step, so that nothing is kept after {@link #close} has looked for the last time. */
    private boolean keep(Kept one) {
        synchronized (openOrClosed) {
            return open && kept.offer(one);
        }
    }

    private void close() {
        List<Kept> left = new ArrayList<>();
        synchronized (openOrClosed) {
            open = false;
            kept.drainTo(left);
        }
        left.forEach(SendRelay::refuse);
    }

    /** Passes on what comes until nobody sends any more, or until the time is over, or there is no new master for too long. */
    void run(long withinMs) {
        long beganNanos = System.nanoTime();
        long masterSeenNanos = beganNanos;
        Optional<String> master = Optional.empty();
        try {
            while (msSince(beganNanos) < withinMs && msSince(lastSentNanos) < limits.quietMs()) {
                if (refused) {
                    // It may have begun meanwhile, or not be the master any more.
                    refused = false;
                    Thread.sleep(RETRY_MS);
                    master = Optional.empty();
                }
                if (master.isEmpty()) {
                    master = successor.get();
                }
                if (master.isPresent()) {
                    masterSeenNanos = System.nanoTime();
                    passOnNext(master.get());
                } else if (msSince(masterSeenNanos) > limits.keptMs()) {
                    break;
                } else {
                    Thread.sleep(RETRY_MS);
                }
            }
            close();
            awaitAnswers();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close();
        }
    }

    private void awaitAnswers() throws InterruptedException {
        long sinceNanos = System.nanoTime();
        while (underWay.get() > 0 && msSince(sinceNanos) < limits.keptMs()) {
            Thread.sleep(RETRY_MS);
        }
    }

    private void passOnNext(String master) throws InterruptedException {
        Kept next = kept.poll(RETRY_MS, TimeUnit.MILLISECONDS);
        if (next == null) {
            return;
        }
        if (isOver(next)) {
            refuse(next);
            return;
        }
        underWay.incrementAndGet();
        try {
            client.get().invokeAsync(master, copyOf(next.request), limits.keptMs(), new Answer(next, master));
        } catch (RemotingException | RuntimeException e) {
            fail(next, master, e);
        } catch (InterruptedException notSent) {
            underWay.decrementAndGet();
            refuse(next);
            throw notSent;
        }
    }

    private void fail(Kept one, String master, Throwable failure) {
        LOG.warn("agent: a message could not be passed on to " + master, failure);
        if (failure instanceof RemotingConnectException || failure instanceof RemotingTooMuchRequestException) {
            again(one);
        } else {
            underWay.decrementAndGet();
            answer(one, WriteAnswers.unknown(one.request, "the new master did not answer: " + failure));
        }
    }

    /** It was not stored: the new master may not have begun yet. */
    private void again(Kept one) {
        underWay.decrementAndGet();
        refused = true;
        if (isOver(one) || !keep(one)) {
            refuse(one);
        }
    }

    private boolean isOver(Kept one) {
        return msSince(one.sinceNanos) > limits.keptMs();
    }

    private static RemotingCommand copyOf(RemotingCommand request) {
        RemotingCommand copy = RemotingCommand.createRequestCommand(request.getCode(), null);
        copy.setLanguage(request.getLanguage());
        copy.setVersion(request.getVersion());
        copy.setExtFields(request.getExtFields() == null ? new HashMap<>() : new HashMap<>(request.getExtFields()));
        copy.getExtFields().put(PASSED_ON_FIELD, "true");
        copy.setBody(request.getBody());
        return copy;
    }

    private static void refuse(Kept one) {
        answer(one, WriteAnswers.refused(one.request));
    }

    private static void answer(Kept one, RemotingCommand response) {
        if (!one.request.isOnewayRPC()) {
            response.setOpaque(one.request.getOpaque());
            response.markResponseType();
            one.ctx.writeAndFlush(response);
        }
    }

    private static long msSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    /** What the new master says. */
    private final class Answer implements InvokeCallback {
        private final Kept one;
        private final String master;

        Answer(Kept one, String master) {
            this.one = one;
            this.master = master;
        }

        @Override
        public void operationComplete(ResponseFuture future) {
            // The two below are called.
        }

        @Override
        public void operationSucceed(RemotingCommand response) {
            if (response.getCode() == ResponseCode.SERVICE_NOT_AVAILABLE) {
                again(one);
                return;
            }
            RemotingCommand passed = RemotingCommand.createResponseCommand(response.getCode(), response.getRemark());
            HashMap<String, String> fields =
                    response.getExtFields() == null ? new HashMap<>() : new HashMap<>(response.getExtFields());
            fields.put(RELAYED_FIELD, master);
            passed.setExtFields(fields);
            passed.setBody(response.getBody());
            answer(one, passed);
            underWay.decrementAndGet();
        }

        @Override
        public void operationFail(Throwable failure) {
            fail(one, master, failure);
        }
    }
}
