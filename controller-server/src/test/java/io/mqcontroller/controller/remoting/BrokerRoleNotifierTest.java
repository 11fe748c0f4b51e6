package io.mqcontroller.controller.remoting;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mqcontroller.controller.metadata.BrokerGroup;
import io.mqcontroller.raft.transport.EventLoops;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BrokerRoleNotifierTest {
    private final EventLoops loops = EventLoops.start("test", 1);
    private final ExecutorService blockingCalls = Executors.newSingleThreadExecutor();
    private final List<Boolean> outcomes = new CopyOnWriteArrayList<>();
    private final BrokerRoleNotifier notifier = new BrokerRoleNotifier(loops, blockingCalls, new RemotingObserver() {
        @Override
        public void onNotification(boolean sent) {
            outcomes.add(sent);
        }
    });

    @AfterEach
    void stop() {
        notifier.close();
        blockingCalls.shutdownNow();
        loops.close();
    }

    @Test
    void aBrokerIsToldAsApacheTellsIt() throws IOException {
        try (ServerSocket broker = listen()) {
            notifier.notifyRole(address(broker), FakeControllerService.group(1, 4, List.of(1L), 9));
            try (Socket connection = broker.accept()) {
                ReceivedAnswer frame = read(connection);
                assertEquals(1008, frame.code());
                assertEquals(FrameWriter.ONEWAY_REQUEST, frame.flag());
                assertEquals(
                        Map.of(
                                "masterAddress", "127.0.0.1:10911",
                                "masterBrokerId", "1",
                                "masterEpoch", "4",
                                "syncStateSetEpoch", "9"),
                        frame.fields());
                assertEquals("{\"syncStateSet\":[1],\"syncStateSetEpoch\":9}", frame.body());
            }
        }
    }

    @Test
    void oneConnectionServesOneNotificationAfterTheOther() throws IOException {
        try (ServerSocket broker = listen()) {
            notifier.notifyRole(address(broker), withEpoch(4));
            try (Socket connection = broker.accept()) {
                assertEquals("4", read(connection).fields().get("masterEpoch"));
                notifier.notifyRole(address(broker), withEpoch(5));
                assertEquals("5", read(connection).fields().get("masterEpoch"));
            }
        }
    }

    @Test
    void onlyTheNewestWaitsForAConnection() throws Exception {
        try (ServerSocket broker = listen()) {
            CountDownLatch allAreQueued = new CountDownLatch(1);
            loops.group().next().execute(() -> awaitUninterruptibly(allAreQueued));
            notifier.notifyRole(address(broker), withEpoch(5));
            notifier.notifyRole(address(broker), withEpoch(7));
            notifier.notifyRole(address(broker), withEpoch(6));
            allAreQueued.countDown();
            try (Socket connection = broker.accept()) {
                assertEquals("7", read(connection).fields().get("masterEpoch"));
                notifier.notifyRole(address(broker), withEpoch(8));
                assertEquals("8", read(connection).fields().get("masterEpoch"));
            }
        }
    }

    @Test
    void aBrokerThatCameBackIsToldAgain() throws IOException {
        int port;
        try (ServerSocket broker = listen()) {
            port = broker.getLocalPort();
        }
        notifier.notifyRole("127.0.0.1:" + port, withEpoch(4));
        await().until(() -> outcomes.equals(List.of(false)));

        try (ServerSocket broker = new ServerSocket(port, 10, InetAddress.getLoopbackAddress())) {
            notifier.notifyRole(address(broker), withEpoch(5));
            try (Socket connection = broker.accept()) {
                assertEquals("5", read(connection).fields().get("masterEpoch"));
            }
        }
    }

    @Test
    void aBrokerThatClosedTheConnectionIsDialledAnew() throws IOException {
        try (ServerSocket broker = listen()) {
            notifier.notifyRole(address(broker), withEpoch(4));
            try (Socket connection = broker.accept()) {
                read(connection);
            }
            await().until(() -> {
                notifier.notifyRole(address(broker), withEpoch(5));
                return outcomes.size() > 1;
            });
            try (Socket connection = broker.accept()) {
                assertEquals("5", read(connection).fields().get("masterEpoch"));
            }
        }
    }

    @Test
    void aHostNameIsLookedUpElsewhere() throws IOException {
        try (ServerSocket broker = listen()) {
            notifier.notifyRole("localhost:" + broker.getLocalPort(), withEpoch(4));
            try (Socket connection = broker.accept()) {
                assertEquals("4", read(connection).fields().get("masterEpoch"));
            }
        }
    }

    @Test
    void anAddressThatIsNoneFailsAlone() {
        notifier.notifyRole("nowhere", withEpoch(4));
        await().until(() -> outcomes.equals(List.of(false)));
    }

    @Test
    void nobodyIsToldOfAGroupWithoutAMaster() {
        notifier.notifyRole("nowhere", FakeControllerService.group(0, 4, List.of(1L), 9));
        notifier.notifyRole("nowhere", withEpoch(4));
        await().until(() -> outcomes.equals(List.of(false)));
    }

    private static BrokerGroup withEpoch(int masterEpoch) {
        return FakeControllerService.group(1, masterEpoch, List.of(1L), 9);
    }

    private static ServerSocket listen() throws IOException {
        ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static String address(ServerSocket socket) {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    private static ReceivedAnswer read(Socket connection) throws IOException {
        connection.setSoTimeout(10_000);
        DataInputStream in = new DataInputStream(connection.getInputStream());
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
}
