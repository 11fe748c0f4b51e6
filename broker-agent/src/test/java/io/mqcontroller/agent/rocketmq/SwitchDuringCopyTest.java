package io.mqcontroller.agent.rocketmq;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.rocketmq.common.CountDownLatch2;
import org.apache.rocketmq.common.ServiceThread;
import org.apache.rocketmq.store.DefaultMessageStore;
import org.apache.rocketmq.store.config.MessageStoreConfig;
import org.apache.rocketmq.store.ha.HAConnectionState;
import org.apache.rocketmq.store.ha.autoswitch.AutoSwitchHAClient;
import org.apache.rocketmq.store.ha.autoswitch.AutoSwitchHAService;
import org.apache.rocketmq.store.ha.autoswitch.EpochFileCache;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * RocketMQ's thread that copies the master's log, in the moments in which it misses that it has to end. Whatever would be a nap
 * of 5 s lasts an hour here.
 */
class SwitchDuringCopyTest {
    private static final long NAP_MS = 5_000;
    private static final int WITHIN_S = 20;

    private Master master;

    @BeforeEach
    void open() throws IOException {
        master = new Master();
    }

    @AfterEach
    void close() throws IOException {
        master.close();
    }

    /**
     * The switch marks the thread as ended before it stops it; what the master sends between the two ends the connection,
     * and a wait of a millisecond swallows the call to stop.
     */
    @Test
    void aMasterThatStillSendsDoesNotDelayTheSwitch() throws Exception {
        HeldBeforeReading config = new HeldBeforeReading();
        Client client = new Client(config) {
            private final CountDownLatch called = new CountDownLatch(1);

            @Override
            public void changeCurrentState(HAConnectionState state) {
                if (state == HAConnectionState.SHUTDOWN) {
                    config.hold();
                    master.sendHeartbeat();
                }
                super.changeCurrentState(state);
                if (state == HAConnectionState.SHUTDOWN) {
                    config.release();
                }
            }

            @Override
            protected void waitForRunning(long ms) {
                if (ms == 1) {
                    pass(called);
                }
                super.waitForRunning(ms);
            }

            @Override
            public void wakeup() {
                super.wakeup();
                if (isStopped()) {
                    called.countDown();
                }
            }
        };
        client.copyFrom(master);
        client.endsWithTheSwitch();
        assertTrue(client.wasRefused(), "the moment of this test");
    }

    /** Whoever calls just before the thread lies down is not heard, and neither is whoever calls after that. */
    @Test
    void aCallThatIsLostDoesNotDelayTheSwitch() throws Exception {
        Client client = new Client(new MessageStoreConfig());
        CountDownLatch asleep = new CountDownLatch(1);
        client.replaceWaitPoint(new CountDownLatch2(1) {
            @Override
            public void reset() {
                client.wakeup();
                super.reset();
                asleep.countDown();
            }
        });
        client.copyFrom(master);
        master.close();
        pass(asleep);
        client.endsWithTheSwitch();
    }

    /** The connection was closed when the master ended, and now its machine is gone: to connect takes until the time is up. */
    @Test
    void aMasterThatIsGoneDoesNotDelayTheSwitch() throws Exception {
        CountDownLatch connecting = new CountDownLatch(1);
        AtomicBoolean timeWasUp = new AtomicBoolean();
        Client client = new Client(new MessageStoreConfig()) {
            @Override
            public boolean connectMaster() throws IOException {
                connecting.countDown();
                boolean connected = super.connectMaster();
                timeWasUp.set(!Thread.currentThread().isInterrupted());
                return connected;
            }
        };
        try (Unreachable gone = new Unreachable()) {
            client.updateHaMasterAddress(gone.address());
            client.start();
            pass(connecting);
            client.endsWithTheSwitch();
            assertFalse(timeWasUp.get(), "it was broken off");
        }
    }

    private static void pass(CountDownLatch latch) {
        try {
            if (!latch.await(WITHIN_S, TimeUnit.SECONDS)) {
                throw new AssertionError("never came to the moment of this test");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Asked by the thread each time before it waits for something to read. */
    private static final class HeldBeforeReading extends MessageStoreConfig {
        private final CountDownLatch held = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private volatile boolean holds;

        @Override
        public int getHaSendHeartbeatInterval() {
            if (holds) {
                held.countDown();
                pass(released);
            }
            return super.getHaSendHeartbeatInterval();
        }

        void hold() {
            holds = true;
            pass(held);
        }

        void release() {
            released.countDown();
        }
    }

    /** RocketMQ's own, with naps that are too long to be missed. */
    private static class Client extends AutoSwitchHAClient {
        private volatile boolean refused;

        Client(MessageStoreConfig config) throws Exception {
            this(StoreWithoutFiles.make(config));
        }

        private Client(DefaultMessageStore store) throws IOException {
            super(new Service(store), store, new EpochFileCache(), 2L);
        }

        @Override
        public String getServiceName() {
            return "AutoSwitchHAClient";
        }

        @Override
        protected void waitForRunning(long ms) {
            refused |= ms == 1;
            super.waitForRunning(ms == NAP_MS ? TimeUnit.HOURS.toMillis(1) : ms);
        }

        /** Whether what the master sent did not fit the state. */
        boolean wasRefused() {
            return refused;
        }

        void replaceWaitPoint(CountDownLatch2 other) throws ReflectiveOperationException {
            Field field = ServiceThread.class.getDeclaredField("waitPoint");
            field.setAccessible(true);
            field.set(this, other);
        }

        void copyFrom(Master master) {
            updateHaMasterAddress(master.address());
            start();
            await().atMost(WITHIN_S, TimeUnit.SECONDS)
                    .until(() -> getCurrentState() == HAConnectionState.TRANSFER && master.isFollowed());
        }

        void endsWithTheSwitch() {
            CompletableFuture<Boolean> done = CompletableFuture.supplyAsync(this::changeRole);
            await().atMost(WITHIN_S, TimeUnit.SECONDS).until(done::isDone);
            done.join();
        }

        private boolean changeRole() {
            try {
                return StoreParts.copyThread(this).orElseThrow().awakeDuring(() -> {
                    shutdown();
                    return true;
                });
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static final class Service extends AutoSwitchHAService {
        Service(DefaultMessageStore store) {
            defaultMessageStore = store;
        }
    }

    /** An address from which nothing comes back: nobody accepts, and the queue of those who wait is full. */
    private static final class Unreachable implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final List<Socket> waiting = new ArrayList<>();

        Unreachable() throws IOException {
            boolean answers = true;
            while (answers) {
                Socket socket = new Socket();
                waiting.add(socket);
                try {
                    socket.connect(server.getLocalSocketAddress(), 300);
                } catch (SocketTimeoutException full) {
                    answers = false;
                }
            }
        }

        String address() {
            return addressOf(server);
        }

        @Override
        public void close() throws IOException {
            for (Socket socket : waiting) {
                socket.close();
            }
            server.close();
        }
    }

    private static String addressOf(ServerSocket server) {
        return server.getInetAddress().getHostAddress() + ":" + server.getLocalPort();
    }

    /** Says what a master with an empty log says. */
    private static final class Master {
        private static final int HANDSHAKE_BYTES = 20;
        private static final int TRANSFER_BYTES = 36;
        private static final int REQUEST_BYTES = 16;
        private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final CompletableFuture<Socket> slave = CompletableFuture.supplyAsync(this::accept);

        Master() throws IOException {}

        String address() {
            return addressOf(server);
        }

        boolean isFollowed() {
            return slave.isDone();
        }

        private Socket accept() {
            try {
                Socket socket = server.accept();
                socket.getInputStream().readNBytes(REQUEST_BYTES);
                send(socket, header(HAConnectionState.HANDSHAKE, HANDSHAKE_BYTES));
                return socket;
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        void sendHeartbeat() {
            send(slave.join(), header(HAConnectionState.TRANSFER, TRANSFER_BYTES));
        }

        /** Nobody can connect any more, and whoever is connected is no longer. */
        void close() throws IOException {
            server.close();
            if (slave.isDone() && !slave.isCompletedExceptionally()) {
                slave.join().close();
            }
        }

        private static byte[] header(HAConnectionState state, int bytes) {
            return ByteBuffer.allocate(bytes).putInt(state.ordinal()).array();
        }

        private static void send(Socket socket, byte[] bytes) {
            try {
                socket.getOutputStream().write(bytes);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
