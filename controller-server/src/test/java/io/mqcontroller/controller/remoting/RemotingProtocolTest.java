package io.mqcontroller.controller.remoting;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mqcontroller.controller.controller.history.EventHistory;
import io.mqcontroller.controller.controller.history.OperatorActions;
import io.mqcontroller.controller.controller.service.ConnectionIds;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.raft.core.RoleName;
import io.mqcontroller.raft.transport.EventLoops;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Over a real socket, with answers that come from another thread, as the controller loop gives them. */
class RemotingProtocolTest {
    private final EventLoops loops = EventLoops.start("test", 1);
    private final FakeControllerService service = new FakeControllerService();
    private final AtomicInteger flushes = new AtomicInteger();
    private Channel listener;

    @BeforeEach
    void listen() {
        RemotingProtocol protocol = new RemotingProtocol(
                service,
                TestConnection.members(TestConnection.status(RoleName.LEADER, true, TestConnection.N0)),
                new NoConfiguration(),
                Runnable::run,
                new OperatorActions(
                        TestConnection.N0,
                        () -> TestConnection.status(RoleName.LEADER, true, TestConnection.N0),
                        new EventHistory(1, () -> 1)),
                new ConnectionIds(),
                RemotingSettings.DEFAULT,
                RemotingObserver.NONE);
        listener = new ServerBootstrap()
                .group(loops.group())
                .channel(loops.serverChannel())
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new FlushCounter());
                        protocol.accept(channel);
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }

    @AfterEach
    void stop() {
        listener.close().awaitUninterruptibly();
        loops.close();
    }

    @Test
    void answersThatComeTogetherAreFlushedTogether() throws Exception {
        CompletableFuture<Reply<?>> late = new CompletableFuture<>();
        service.next = late;
        try (Socket socket = connect()) {
            socket.getOutputStream().write(requests(100));
            await().until(() -> service.calls.size() == 100);
            CountDownLatch completed = new CountDownLatch(1);
            loops.group().next().execute(() -> awaitUninterruptibly(completed));
            late.complete(new Reply.Done<>(FakeControllerService.view(FakeControllerService.GROUP, true)));
            completed.countDown();

            DataInputStream in = new DataInputStream(socket.getInputStream());
            List<Integer> opaques = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                opaques.add(read(in).opaque());
            }
            assertEquals(100, opaques.stream().distinct().count());
            assertEquals(1, flushes.get());
        }
    }

    @Test
    void answersThatAreThereAtOnceAreFlushedAfterTheRead() throws Exception {
        try (Socket socket = connect()) {
            CountDownLatch sent = new CountDownLatch(1);
            loops.group().next().execute(() -> awaitUninterruptibly(sent));
            socket.getOutputStream().write(requests(10));
            sent.countDown();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            for (int i = 0; i < 10; i++) {
                assertEquals(i, read(in).opaque());
            }
            assertEquals(1, flushes.get());
        }
    }

    @Test
    void aConnectionThatIsKilledEndsForTheController() throws Exception {
        Socket socket = connect();
        socket.getOutputStream().write(requests(1));
        read(new DataInputStream(socket.getInputStream()));
        socket.setSoLinger(true, 0);
        socket.close();
        await().until(() -> service.closed.size() == 1);
    }

    private Socket connect() throws IOException {
        InetSocketAddress address = (InetSocketAddress) listener.localAddress();
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static byte[] requests(int count) {
        ByteBuf requests = Unpooled.buffer();
        for (int opaque = 0; opaque < count; opaque++) {
            requests.writeBytes(Frames.request(HeaderType.BINARY, 1004, opaque, "", "brokerName", "b"));
        }
        byte[] bytes = new byte[requests.readableBytes()];
        requests.readBytes(bytes);
        return bytes;
    }

    private static ReceivedAnswer read(DataInputStream in) throws IOException {
        int length = in.readInt();
        byte[] rest = new byte[length];
        in.readFully(rest);
        return ReceivedAnswer.read(Unpooled.buffer().writeInt(length).writeBytes(rest));
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class FlushCounter extends ChannelOutboundHandlerAdapter {
        @Override
        public void flush(ChannelHandlerContext ctx) {
            flushes.incrementAndGet();
            ctx.flush();
        }
    }

    private static final class NoConfiguration implements ConfigurationAccess {
        @Override
        public String effectiveProperties() {
            return "";
        }

        @Override
        public Optional<String> update(Map<String, String> changes, String by) {
            return Optional.of("nothing may be changed");
        }
    }
}
