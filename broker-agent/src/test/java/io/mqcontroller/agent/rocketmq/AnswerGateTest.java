package io.mqcontroller.agent.rocketmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.agent.spi.WritePermit;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.rocketmq.remoting.netty.NettyEncoder;
import org.apache.rocketmq.remoting.netty.NettyRequestProcessor;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.RequestCode;
import org.apache.rocketmq.remoting.protocol.ResponseCode;
import org.apache.rocketmq.remoting.protocol.SerializeType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers on their way through threads and handlers as in RocketMQ's server, to a client at a real socket. */
class AnswerGateTest {
    private static final int WITHIN_MS = 20_000;
    private static final int MAX_FRAME = 65_536;

    private final WritePermit permit = new WritePermit();
    private final WritesInProgress writes = new WritesInProgress(permit);
    private final AnswerGate gate = new AnswerGate(writes);
    private final KeptSends nothingKept =
            new KeptSends(new SendRelay(() -> null, Optional::empty, SendRelay.Limits.DEFAULT), () -> null);
    private final EventLoopGroup sockets = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final DefaultEventExecutorGroup codecs = new DefaultEventExecutorGroup(1);
    private final Broker broker = new Broker();
    private Socket client;

    @BeforeEach
    void connect() throws IOException {
        Channel server = new ServerBootstrap()
                .group(sockets)
                .channel(NioServerSocketChannel.class)
                .childHandler(broker)
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
        client = new Socket(InetAddress.getLoopbackAddress(), ((InetSocketAddress) server.localAddress()).getPort());
        client.setSoTimeout(WITHIN_MS);
        permit.grantWithoutEnd(4);
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        sockets.shutdownGracefully();
        codecs.shutdownGracefully();
    }

    @Test
    void answersUnderThePermitAreGivenAsTheyAre() throws Exception {
        for (int i = 1; i <= 3; i++) {
            send(i);
            RemotingCommand answer = answer();
            assertEquals(i, answer.getOpaque());
            assertEquals(ResponseCode.SUCCESS, answer.getCode());
            assertEquals(Map.of("n", Integer.toString(i)), answer.getExtFields());
        }
    }

    /** As when the process is frozen after it has decided upon the answer, and wakes when there is another master. */
    @Test
    void anAnswerThatIsHeldUpOnItsWayToTheSocketPromisesNothingAnyMore() throws Exception {
        send(1);
        assertEquals(ResponseCode.SUCCESS, answer().getCode());
        broker.frozen = new CountDownLatch(1);
        send(2);
        RemotingCommand decided = broker.decided.get(WITHIN_MS, TimeUnit.MILLISECONDS);
        assertEquals(ResponseCode.SUCCESS, decided.getCode());
        permit.grantWithoutEnd(6);
        broker.frozen.countDown();
        RemotingCommand given = answer();
        assertEquals(2, given.getOpaque());
        assertTrue(given.isResponseType());
        assertEquals(ResponseCode.SYSTEM_ERROR, given.getCode());
        assertTrue(given.getRemark().contains("may be stored or not"), given.getRemark());
        send(3);
        assertEquals(ResponseCode.SUCCESS, answer().getCode(), "the connection goes on");
    }

    @Test
    void anAnswerThatPromisesNothingIsNotLookedAt() throws Exception {
        send(1);
        assertEquals(1, answer().getOpaque());
        RemotingCommand request = RemotingCommand.createRequestCommand(RequestCode.SEND_MESSAGE_V2, null);
        RemotingCommand refusal = WriteAnswers.refused(request);
        permit.revoke();
        assertEquals(refusal, gate.guard(null, 4, request, refusal));
        assertNull(refusal.getExtFields());
    }

    private void send(int opaque) throws IOException {
        RemotingCommand request = RemotingCommand.createRequestCommand(RequestCode.SEND_MESSAGE_V2, null);
        request.setSerializeTypeCurrentRPC(SerializeType.ROCKETMQ);
        request.setOpaque(opaque);
        client.getOutputStream().write(request.encode().array());
    }

    private RemotingCommand answer() throws Exception {
        DataInputStream in = new DataInputStream(client.getInputStream());
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        return RemotingCommand.decode(frame);
    }

    /** Stores whatever comes; while it is frozen, nothing goes into a socket. */
    private final class Broker extends ChannelInitializer<Channel> implements NettyRequestProcessor {
        private final PermittedProcessor permitted = new PermittedProcessor(this, writes, gate, nothingKept);
        private final AtomicInteger processed = new AtomicInteger();
        private final CompletableFuture<RemotingCommand> decided = new CompletableFuture<>();
        private volatile CountDownLatch frozen = new CountDownLatch(0);

        @Override
        @SuppressWarnings("deprecation") // As RocketMQ does it.
        protected void initChannel(Channel channel) {
            channel.pipeline()
                    .addLast(
                            codecs,
                            new NettyEncoder(),
                            new LengthFieldBasedFrameDecoder(MAX_FRAME, 0, 4, 0, 4),
                            new Reader());
        }

        @Override
        public RemotingCommand processRequest(ChannelHandlerContext ctx, RemotingCommand request) throws Exception {
            if (frozen.getCount() > 0) {
                CountDownLatch held = new CountDownLatch(1);
                ctx.channel().eventLoop().execute(() -> {
                    held.countDown();
                    pass(frozen);
                });
                pass(held);
            }
            RemotingCommand answer = RemotingCommand.createResponseCommand(ResponseCode.SUCCESS, "stored");
            answer.addExtField("n", Integer.toString(processed.incrementAndGet()));
            return answer;
        }

        @Override
        public boolean rejectRequest() {
            return false;
        }

        private void answer(ChannelHandlerContext ctx, RemotingCommand request) throws Exception {
            boolean held = frozen.getCount() > 0;
            RemotingCommand answer = permitted.processRequest(ctx, request);
            answer.setSerializeTypeCurrentRPC(SerializeType.ROCKETMQ);
            answer.setOpaque(request.getOpaque());
            answer.markResponseType();
            ctx.channel().writeAndFlush(answer);
            if (held) {
                decided.complete(answer);
            }
        }

        private final class Reader extends SimpleChannelInboundHandler<ByteBuf> {
            @Override
            protected void channelRead0(ChannelHandlerContext ctx, ByteBuf frame) throws Exception {
                answer(ctx, RemotingCommand.decode(frame));
            }
        }
    }

    private static void pass(CountDownLatch latch) {
        try {
            assertTrue(latch.await(WITHIN_MS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
