package io.mqcontroller.it.driver;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.rocketmq.client.consumer.DefaultLitePullConsumer;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.tools.admin.DefaultMQAdminExt;

/** {@code read NAMESRV TOPIC DEADLINE_MS}: every message of every queue once, from the first to the last offset of now. */
final class ReadCommand {
    private ReadCommand() {}

    static void run(String[] args) throws Exception {
        DefaultMQAdminExt admin = new DefaultMQAdminExt(5_000);
        admin.setNamesrvAddr(args[0]);
        admin.setInstanceName("read-admin");
        admin.start();
        // A group that has read nothing yet begins with the first message. A seek would come after the first pulls, and
        // what they brought would be seen twice.
        DefaultLitePullConsumer consumer = new DefaultLitePullConsumer("reader-" + System.nanoTime());
        consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
        consumer.setNamesrvAddr(args[0]);
        consumer.setInstanceName("read");
        consumer.setAutoCommit(false);
        consumer.start();
        Collection<MessageQueue> queues = consumer.fetchMessageQueues(args[1]);
        Map<MessageQueue, Long> missing = new HashMap<>();
        for (MessageQueue queue : queues) {
            long end = admin.maxOffset(queue);
            if (end > admin.minOffset(queue)) {
                missing.put(queue, end);
            }
        }
        consumer.assign(queues);
        int count = readAll(consumer, missing, System.currentTimeMillis() + Long.parseLong(args[2]));
        consumer.shutdown();
        admin.shutdown();
        ClientDriver.report(missing.isEmpty() ? "END " + count : "UNREAD " + missing);
    }

    /** Takes a queue out of {@code missing} when its last message has been read. */
    private static int readAll(DefaultLitePullConsumer consumer, Map<MessageQueue, Long> missing, long deadlineMs) {
        int count = 0;
        while (!missing.isEmpty() && System.currentTimeMillis() < deadlineMs) {
            for (MessageExt message : consumer.poll(500)) {
                count++;
                ClientDriver.report(
                        "MESSAGE " + message.getQueueId() + " " + message.getQueueOffset() + " " + message.getKeys());
                MessageQueue queue =
                        new MessageQueue(message.getTopic(), message.getBrokerName(), message.getQueueId());
                missing.computeIfPresent(queue, (q, end) -> message.getQueueOffset() + 1 >= end ? null : end);
            }
        }
        return count;
    }
}
