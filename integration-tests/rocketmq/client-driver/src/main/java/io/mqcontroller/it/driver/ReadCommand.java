package io.mqcontroller.it.driver;

import java.util.Set;
import org.apache.rocketmq.client.consumer.DefaultMQPullConsumer;
import org.apache.rocketmq.client.consumer.PullResult;
import org.apache.rocketmq.client.consumer.PullStatus;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.exception.RemotingException;

/**
 * {@code read NAMESRV TOPIC DEADLINE_MS}: every message of every queue once, from the first to the last offset of now. A
 * queue that cannot be read to its end in time is reported with what the broker said last: {@code UNREAD queue offset end
 * detail}.
 */
@SuppressWarnings(
        "deprecation") // The newer consumers prefetch on threads of their own; here one read follows the other.
final class ReadCommand {
    private static final int BATCH = 32;
    private static final long PULL_TIMEOUT_MS = 3_000;
    private static final long RETRY_MS = 200;

    private final DefaultMQPullConsumer consumer = new DefaultMQPullConsumer("reader");
    private final long deadlineMs;
    private int count;

    private ReadCommand(String nameServer, long deadlineMs) {
        this.deadlineMs = deadlineMs;
        consumer.setNamesrvAddr(nameServer);
        consumer.setInstanceName("read");
        consumer.setPollNameServerInterval(500);
    }

    static void run(String[] args) throws Exception {
        long deadlineMs = System.currentTimeMillis() + Long.parseLong(args[2]);
        new ReadCommand(args[0], deadlineMs).readTopic(args[1]);
    }

    private void readTopic(String topic) throws Exception {
        consumer.start();
        try {
            boolean whole = true;
            for (MessageQueue queue : queuesOf(topic)) {
                whole &= readQueue(queue);
            }
            if (whole) {
                ClientDriver.report("END " + count);
            }
        } finally {
            consumer.shutdown();
        }
    }

    /** A name server that has just started has no routes yet, until the brokers have told it. */
    private Set<MessageQueue> queuesOf(String topic) throws Exception {
        while (true) {
            try {
                return consumer.fetchSubscribeMessageQueues(topic);
            } catch (MQClientException | IllegalStateException e) {
                if (System.currentTimeMillis() >= deadlineMs) {
                    throw e;
                }
                Thread.sleep(RETRY_MS);
            }
        }
    }

    /** False when the deadline came first. */
    private boolean readQueue(MessageQueue queue) throws InterruptedException {
        long offset = -1;
        long end = -1;
        String last = "not asked";
        while (System.currentTimeMillis() < deadlineMs) {
            try {
                if (end < 0) {
                    offset = consumer.minOffset(queue);
                    end = consumer.maxOffset(queue);
                }
                if (offset >= end) {
                    return true;
                }
                PullResult result = consumer.pull(queue, "*", offset, BATCH, PULL_TIMEOUT_MS);
                last = result.toString().replace('\n', ' ');
                if (result.getPullStatus() == PullStatus.FOUND) {
                    result.getMsgFoundList().forEach(this::report);
                    offset = result.getNextBeginOffset();
                    continue;
                }
            } catch (MQClientException | MQBrokerException | RemotingException e) {
                last = e.toString().replace('\n', ' ');
            }
            Thread.sleep(RETRY_MS);
        }
        ClientDriver.report("UNREAD " + queue.getQueueId() + " " + offset + " " + end + " " + last);
        return false;
    }

    private void report(MessageExt message) {
        count++;
        ClientDriver.report(
                "MESSAGE " + message.getQueueId() + " " + message.getQueueOffset() + " " + message.getKeys());
    }
}
