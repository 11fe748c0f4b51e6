package io.mqcontroller.it.driver;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendCallback;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.common.message.Message;

/**
 * {@code press NAMESRV TOPIC KEY_PREFIX RATE_PER_S TIMEOUT_MS CONNECTIONS}: sends on without waiting for answers, each
 * message once, in turn over so many connections. A broker that does not answer finds all of them in its sockets.
 */
final class PressCommand {
    private final List<DefaultMQProducer> producers = new ArrayList<>();
    private final Phaser underWay = new Phaser(1);
    private final String topic;
    private final String keyPrefix;
    private final long pauseMs;
    private final int timeoutMs;

    private PressCommand(String[] args) {
        topic = args[1];
        keyPrefix = args[2];
        pauseMs = Math.max(1, 1_000 / Integer.parseInt(args[3]));
        timeoutMs = Integer.parseInt(args[4]);
        for (int i = 0; i < Integer.parseInt(args[5]); i++) {
            producers.add(ProduceCommand.producer(args[0], keyPrefix + "-" + i, timeoutMs));
        }
    }

    static void run(String[] args) throws Exception {
        new PressCommand(args).run();
    }

    private void run() throws Exception {
        for (DefaultMQProducer producer : producers) {
            producer.start();
        }
        AtomicBoolean running = new AtomicBoolean(true);
        Thread sender = new Thread(() -> sendWhile(running), "sender");
        sender.start();
        ClientDriver.report("READY");
        ClientDriver.awaitEndOfInput();
        running.set(false);
        sender.join();
        underWay.arriveAndAwaitAdvance();
    }

    private void sendWhile(AtomicBoolean running) {
        for (int n = 0; running.get(); n++) {
            sendOne(producers.get(n % producers.size()), keyPrefix + "-" + n);
            try {
                Thread.sleep(pauseMs);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void sendOne(DefaultMQProducer producer, String key) {
        Message message = new Message(topic, "", key, key.getBytes(StandardCharsets.UTF_8));
        Attempt attempt = new Attempt(key, System.currentTimeMillis());
        underWay.register();
        try {
            producer.send(message, attempt, timeoutMs);
        } catch (Exception e) {
            attempt.onException(e);
        }
    }

    private final class Attempt implements SendCallback {
        private final String key;
        private final long startMs;

        Attempt(String key, long startMs) {
            this.key = key;
            this.startMs = startMs;
        }

        @Override
        public void onSuccess(SendResult result) {
            end(ProduceCommand.outcomeOf(result, key));
        }

        @Override
        public void onException(Throwable e) {
            end(
                    e instanceof MQBrokerException refused
                            ? ProduceCommand.outcomeOf(refused, key)
                            : "unknown " + key + " -1 -1 " + e.getClass().getSimpleName());
        }

        private void end(String outcome) {
            ClientDriver.report("SEND " + startMs + " " + System.currentTimeMillis() + " " + outcome);
            underWay.arriveAndDeregister();
        }
    }
}
