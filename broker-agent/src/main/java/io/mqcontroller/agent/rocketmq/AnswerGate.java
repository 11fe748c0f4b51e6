package io.mqcontroller.agent.rocketmq;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import java.nio.ByteBuffer;
import java.util.NoSuchElementException;
import org.apache.rocketmq.remoting.netty.NettyEncoder;
import org.apache.rocketmq.remoting.netty.NettyRemotingServer;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;

/**
 * Looks at the permit for the last time in the moment in which an answer goes into the socket. From where it is decided an answer
 * passes two threads, and a process that is frozen in between would send it when it wakes, long after there is another
 * master.
 *
 * <p>The ticket travels as a field of the answer up to {@link Mark}, which takes it off again and hands both over to {@link Last}, on
 * the socket's own thread, which flushes at once. Two things wait behind the gate: under TLS all bytes, so that the mark's look is
 * the last one, and what a client does not read.
 */
final class AnswerGate {
    private static final String TICKET_FIELD = "_mqcAnswerTicket";
    private static final String LAST = "mqagent-last-look";
    private static final String MARK = "mqagent-ticket";

    private final WritesInProgress writes;
    private final Last last = new Last();
    private final Mark mark = new Mark();

    AnswerGate(WritesInProgress writes) {
        this.writes = writes;
    }

    /** An answer on its way from {@link Mark} to {@link Last}; the encoder in between lets it pass. */
    private record Ticketed(long ticket, RemotingCommand answer) {}

    /** The answer to a write with this ticket: the given one, with whatever is needed to look again, or one that promises nothing. */
    RemotingCommand guard(ChannelHandlerContext ctx, long ticket, RemotingCommand request, RemotingCommand response) {
        if (!WriteAnswers.promises(response.getCode())) {
            return response;
        }
        if (!writes.mayAcknowledge(ticket)) {
            return WriteAnswers.overtaken(request);
        }
        if (!request.isOnewayRPC() && isInstalled(ctx)) {
            response.addExtField(TICKET_FIELD, Long.toString(ticket));
        }
        return response;
    }

    /** Beside RocketMQ's encoder, and on its thread, so that answers pass no more threads than before. */
    @SuppressWarnings("deprecation") // The way in which RocketMQ gives its handlers executors of their own.
    private boolean isInstalled(ChannelHandlerContext ctx) {
        ChannelPipeline pipeline = ctx.pipeline();
        if (pipeline.get(MARK) != null) {
            return true;
        }
        synchronized (ctx.channel()) {
            ChannelHandlerContext encoder = pipeline.context(NettyEncoder.class);
            if (pipeline.get(MARK) == null && encoder != null) {
                try {
                    pipeline.addFirst(LAST, last);
                    pipeline.addAfter(encoder.executor(), encoder.name(), MARK, mark);
                } catch (NoSuchElementException closed) {
                    return false;
                }
            }
            return pipeline.get(MARK) != null;
        }
    }

    /** Sees each answer before it is encoded. */
    @Sharable
    private final class Mark extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            ctx.write(message instanceof RemotingCommand answer ? looked(ctx, answer) : message, promise);
        }

        private Object looked(ChannelHandlerContext ctx, RemotingCommand answer) {
            String field =
                    answer.getExtFields() == null ? null : answer.getExtFields().remove(TICKET_FIELD);
            if (field == null) {
                return answer;
            }
            long ticket = Long.parseLong(field);
            if (!writes.mayAcknowledge(ticket)) {
                return WriteAnswers.overtaken(answer);
            }
            boolean encrypted = ctx.pipeline().get(NettyRemotingServer.TLS_HANDLER_NAME) != null;
            return encrypted ? answer : new Ticketed(ticket, answer);
        }
    }

    /** On the thread that writes into the socket. */
    @Sharable
    private final class Last extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            if (message instanceof Ticketed ticketed) {
                ByteBuffer bytes = ticketed.answer().encode();
                boolean holds = writes.mayAcknowledge(ticketed.ticket());
                ByteBuffer given = holds
                        ? bytes
                        : WriteAnswers.overtaken(ticketed.answer()).encode();
                ctx.writeAndFlush(Unpooled.wrappedBuffer(given), promise);
            } else {
                ctx.write(message, promise);
            }
        }
    }
}
