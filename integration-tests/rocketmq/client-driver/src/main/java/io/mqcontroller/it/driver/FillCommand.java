package io.mqcontroller.it.driver;

import java.util.Random;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.message.Message;

/** {@code fill NAMESRV TOPIC MEBIBYTES}: a message for each mebibyte, one after the other, all acknowledged or it fails. */
final class FillCommand {
    private static final int MEBIBYTE = 1 << 20;
    private static final int TIMEOUT_MS = 10_000;

    private FillCommand() {}

    static void run(String[] args) throws Exception {
        DefaultMQProducer producer = ProduceCommand.producer(args[0], "fill", TIMEOUT_MS);
        producer.setRetryTimesWhenSendFailed(5);
        // What cannot be compressed is not worth trying.
        producer.setCompressMsgBodyOverHowmuch(Integer.MAX_VALUE);
        producer.start();
        byte[] body = new byte[MEBIBYTE];
        new Random(1).nextBytes(body);
        int count = Integer.parseInt(args[2]);
        for (int i = 0; i < count; i++) {
            SendResult result = producer.send(new Message(args[1], "", "fill-" + i, body));
            if (result.getSendStatus() != SendStatus.SEND_OK) {
                throw new IllegalStateException("message " + i + ": " + result);
            }
        }
        producer.shutdown();
        ClientDriver.report("END " + count);
    }
}
