package io.mqcontroller.agent.rocketmq;

import java.io.IOException;
import org.apache.rocketmq.logging.org.slf4j.Logger;
import org.apache.rocketmq.logging.org.slf4j.LoggerFactory;
import org.apache.rocketmq.store.DefaultMessageStore;
import org.apache.rocketmq.store.ha.autoswitch.AutoSwitchHAClient;
import org.apache.rocketmq.store.ha.autoswitch.AutoSwitchHAService;
import org.apache.rocketmq.store.ha.autoswitch.EpochFileCache;

/**
 * RocketMQ's copying of the master's log, which goes on after a disk was full. The log is mapped into memory: touching a page for
 * which there is no room throws an error that is no exception, and RocketMQ's thread ends by it, for good and without closing its
 * connection.
 */
class LastingHaClient extends AutoSwitchHAClient {
    private static final Logger LOG = LoggerFactory.getLogger("RocketmqBroker");

    LastingHaClient(AutoSwitchHAService service, DefaultMessageStore store, EpochFileCache epochs, Long brokerId)
            throws IOException {
        super(service, store, epochs, brokerId);
    }

    @Override
    public void run() {
        while (!isStopped()) {
            try {
                super.run();
            } catch (InternalError noRoom) {
                LOG.warn("agent: the log could not be read or written; copying begins anew", noRoom);
                closeMasterAndWait();
            }
        }
    }
}
