package io.mqcontroller.agent.rocketmq;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.broker.BrokerController;
import org.apache.rocketmq.broker.out.BrokerOuterAPI;
import org.apache.rocketmq.logging.org.slf4j.Logger;
import org.apache.rocketmq.logging.org.slf4j.LoggerFactory;
import org.apache.rocketmq.remoting.protocol.DataVersion;

/**
 * Copies topics, subscriptions and offsets from the master, in RocketMQ's own rhythm, and knows whether a slave has had all of
 * them since it follows this master.
 */
final class SlaveTables {
    private static final Logger LOG = LoggerFactory.getLogger("RocketmqBroker");
    private static final long TIMER_PERIOD_MS = 3_000;
    private static final long TABLES_PERIOD_MS = 10_000;
    private static final long RETRY_PERIOD_MS = 1_000;

    private final BrokerController broker;
    private ScheduledFuture<?> task;
    private long lastCopyNanos;
    private volatile String master;
    private volatile boolean complete = true;

    SlaveTables(BrokerController broker) {
        this.broker = broker;
    }

    /** From now on copies from there; null: this is the master. */
    synchronized void follow(String masterAddress) {
        if (task != null) {
            task.cancel(false);
            task = null;
        }
        master = masterAddress;
        complete = masterAddress == null;
        broker.getSlaveSynchronize().setMasterAddr(masterAddress);
        if (masterAddress != null) {
            lastCopyNanos = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(TABLES_PERIOD_MS);
            task = broker.getScheduledExecutorService()
                    .scheduleWithFixedDelay(this::copyIfDue, 0, RETRY_PERIOD_MS, TimeUnit.MILLISECONDS);
        }
    }

    /** The master that is followed; null: none. */
    String master() {
        return master;
    }

    /** Whether topics and subscriptions were once equal to the master's since it is followed. */
    boolean complete() {
        return complete;
    }

    private void copyIfDue() {
        try {
            long sinceMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastCopyNanos);
            if (!complete || sinceMs >= TABLES_PERIOD_MS) {
                lastCopyNanos = System.nanoTime();
                broker.getSlaveSynchronize().syncAll();
            }
            if (sinceMs >= TIMER_PERIOD_MS) {
                broker.getSlaveSynchronize().syncTimerCheckPoint();
            }
            if (!complete) {
                complete = isLikeThoseOf(master);
            }
        } catch (Exception e) {
            LOG.warn(
                    "agent: the tables of " + master + " could not be copied; tried again in " + RETRY_PERIOD_MS
                            + " ms",
                    e);
        }
    }

    private boolean isLikeThoseOf(String address) throws Exception {
        if (address == null) {
            return true;
        }
        BrokerOuterAPI outer = broker.getBrokerOuterAPI();
        DataVersion topics = outer.getAllTopicConfig(address).getDataVersion();
        DataVersion subscriptions = outer.getAllSubscriptionGroupConfig(address).getDataVersion();
        return topics.equals(broker.getTopicConfigManager().getDataVersion())
                && subscriptions.equals(broker.getSubscriptionGroupManager().getDataVersion());
    }
}
