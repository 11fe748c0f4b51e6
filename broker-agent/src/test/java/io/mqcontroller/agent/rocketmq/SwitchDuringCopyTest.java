package io.mqcontroller.agent.rocketmq;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.common.CountDownLatch2;
import org.apache.rocketmq.common.ServiceThread;
import org.apache.rocketmq.store.DefaultMessageStore;
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
        Client client = new Client() {
            private final CountDownLatch refused = new CountDownLatch(1);
            private final CountDownLatch called = new CountDownLatch(1);

            @Override
            public void changeCurrentState(HAConnectionState state) {
                super.changeCurrentState(state);
                if (state == HAConnectionState.SHUTDOWN) {
                    master.sendHeartbeat();
                    pass(refused);
                }
            }

            @Override
            protected void waitForRunning(long ms) {
                if (ms == 1) {
                    refused.countDown();
                    pass(called);
                }
                super.waitForRunning(ms);
            }

            @Override
            public void wakeup() {
                super.wakeup();
                if (getCurrentState() == HAConnectionState.SHUTDOWN) {
                    called.countDown();
                }
            }
        };
        client.copyFrom(master);
        client.endsWithTheSwitch();
    }

    /** Whoever calls just before the thread lies down is not heard, and neither is whoever calls after that. */
    @Test
    void aCallThatIsLostDoesNotDelayTheSwitch() throws Exception {
        Client client = new Client();
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

    private static void pass(CountDownLatch latch) {
        try {
            if (!latch.await(WITHIN_S, TimeUnit.SECONDS)) {
                throw new AssertionError("never came to the moment of this test");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** RocketMQ's own, with naps that are too long to be missed. */
    private static class Client extends AutoSwitchHAClient {
        Client() throws Exception {
            this(StoreWithoutFiles.make());
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
            super.waitForRunning(ms == NAP_MS ? TimeUnit.HOURS.toMillis(1) : ms);
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

    /** Says what a master with an empty log says. */
    private static final class Master {
        private static final int HANDSHAKE_BYTES = 20;
        private static final int TRANSFER_BYTES = 36;
        private static final int REQUEST_BYTES = 16;
        private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final CompletableFuture<Socket> slave = CompletableFuture.supplyAsync(this::accept);

        Master() throws IOException {}

        String address() {
            return server.getInetAddress().getHostAddress() + ":" + server.getLocalPort();
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
            if (slave.isDone()) {
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
