package io.mqcontroller.agent.rocketmq;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.store.DefaultMessageStore;
import org.apache.rocketmq.store.config.MessageStoreConfig;
import org.apache.rocketmq.store.ha.autoswitch.AutoSwitchHAService;
import org.apache.rocketmq.store.ha.autoswitch.EpochFileCache;
import org.junit.jupiter.api.Test;

class LastingHaClientTest {
    /** With RocketMQ's own client the thread ends with the first error. */
    @Test
    void copyingGoesOnWhenThereWasNoRoomForAPage() throws Exception {
        CountDownLatch attempts = new CountDownLatch(3);
        Client client = new Client(StoreWithoutFiles.make(new MessageStoreConfig()), attempts);
        client.start();
        try {
            assertTrue(attempts.await(20, TimeUnit.SECONDS));
        } finally {
            client.shutdown();
        }
    }

    /** Without room for its log, and without naps. */
    private static final class Client extends LastingHaClient {
        private final CountDownLatch attempts;

        Client(DefaultMessageStore store, CountDownLatch attempts) throws IOException {
            super(new Service(store), store, new EpochFileCache(), 2L);
            this.attempts = attempts;
        }

        @Override
        public String getServiceName() {
            return "LastingHaClient";
        }

        @Override
        public boolean connectMaster() {
            attempts.countDown();
            throw new InternalError("a fault occurred in an unsafe memory access operation");
        }

        @Override
        protected void waitForRunning(long ms) {
            super.waitForRunning(1);
        }
    }

    private static final class Service extends AutoSwitchHAService {
        Service(DefaultMessageStore store) {
            defaultMessageStore = store;
        }
    }
}
