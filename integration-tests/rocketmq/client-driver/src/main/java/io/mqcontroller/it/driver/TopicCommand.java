package io.mqcontroller.it.driver;

import org.apache.rocketmq.common.TopicConfig;
import org.apache.rocketmq.tools.admin.DefaultMQAdminExt;

/** {@code topic NAMESRV TOPIC QUEUES ADDRESS...}: makes the topic on each of the brokers. */
final class TopicCommand {
    private TopicCommand() {}

    static void run(String[] args) throws Exception {
        DefaultMQAdminExt admin = new DefaultMQAdminExt(5_000);
        admin.setNamesrvAddr(args[0]);
        admin.setInstanceName("topic");
        admin.start();
        try {
            int queues = Integer.parseInt(args[2]);
            for (int i = 3; i < args.length; i++) {
                admin.createAndUpdateTopicConfig(args[i], new TopicConfig(args[1], queues, queues));
            }
        } finally {
            admin.shutdown();
        }
        ClientDriver.report("END " + (args.length - 3));
    }
}
