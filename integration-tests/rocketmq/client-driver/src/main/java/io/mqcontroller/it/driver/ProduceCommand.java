package io.mqcontroller.it.driver;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.remoting.exception.RemotingException;
import org.apache.rocketmq.remoting.protocol.ResponseCode;

/**
 * {@code produce NAMESRV TOPIC KEY_PREFIX RATE_PER_S TIMEOUT_MS}: one message after the other, each sent exactly once, so
 * that every line is one attempt with one outcome.
 *
 * <p>{@code produce-ordinarily NAMESRV TOPIC KEY_PREFIX RATE_PER_S POLL_MS}: with RocketMQ's own retries and timeout, so that every
 * line is what an application sees; only that it asks the name server so often.
 */
final class ProduceCommand {
    private final DefaultMQProducer producer;
    private final String topic;
    private final String keyPrefix;
    private final long pauseMs;

    private ProduceCommand(String[] args, DefaultMQProducer producer) {
        this.producer = producer;
        topic = args[1];
        keyPrefix = args[2];
        pauseMs = Math.max(1, 1_000 / Integer.parseInt(args[3]));
    }

    /** A producer with a connection of its own that tries once and soon learns of a new master. */
    static DefaultMQProducer producer(String nameServer, String name, int timeoutMs) {
        DefaultMQProducer producer = ordinaryProducer(nameServer, name);
        producer.setSendMsgTimeout(timeoutMs);
        producer.setRetryTimesWhenSendFailed(0);
        producer.setRetryTimesWhenSendAsyncFailed(0);
        producer.setRetryAnotherBrokerWhenNotStoreOK(false);
        // A client normally looks every 30 s; the test measures the servers, not this.
        producer.setPollNameServerInterval(100);
        return producer;
    }

    private static DefaultMQProducer ordinaryProducer(String nameServer, String name) {
        DefaultMQProducer producer = new DefaultMQProducer("producer-" + name);
        producer.setNamesrvAddr(nameServer);
        producer.setInstanceName(name);
        return producer;
    }

    static void run(String[] args) throws Exception {
        new ProduceCommand(args, producer(args[0], args[2], Integer.parseInt(args[4]))).run();
    }

    static void runOrdinarily(String[] args) throws Exception {
        DefaultMQProducer producer = ordinaryProducer(args[0], args[2]);
        producer.setPollNameServerInterval(Integer.parseInt(args[4]));
        new ProduceCommand(args, producer).run();
    }

    private void run() throws Exception {
        producer.start();
        AtomicBoolean running = new AtomicBoolean(true);
        Thread sender = new Thread(() -> sendWhile(running), "sender");
        sender.start();
        ClientDriver.report("READY");
        ClientDriver.awaitEndOfInput();
        running.set(false);
        sender.join();
        producer.shutdown();
    }

    private void sendWhile(AtomicBoolean running) {
        for (long n = 0; running.get(); n++) {
            sendOne(keyPrefix + "-" + n);
            try {
                Thread.sleep(pauseMs);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void sendOne(String key) {
        Message message = new Message(topic, "", key, key.getBytes(StandardCharsets.UTF_8));
        long startMs = System.currentTimeMillis();
        String outcome;
        try {
            outcome = outcomeOf(producer.send(message), key);
        } catch (MQBrokerException e) {
            outcome = outcomeOf(e, key);
        } catch (MQClientException e) {
            // No route, or no broker in it: nothing was put on the wire.
            String cause =
                    e.getCause() == null ? "none" : e.getCause().getClass().getSimpleName();
            String said = e.getCause() instanceof MQBrokerException broker ? " " + broker.getErrorMessage() : "";
            String outcomeWord = e.getCause() == null ? "refused " : "unknown ";
            outcome = outcomeWord + key + " -1 -1 client=" + e.getResponseCode() + ",cause=" + cause + said;
        } catch (RemotingException | IllegalStateException e) {
            // The latter is thrown for the first name server that does not answer; the next send asks the next one.
            outcome = "unknown " + key + " -1 -1 " + e.getClass().getSimpleName();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            outcome = "unknown " + key + " -1 -1 interrupted";
        }
        ClientDriver.report("SEND " + startMs + " " + System.currentTimeMillis() + " " + outcome);
    }

    static String outcomeOf(MQBrokerException e, String key) {
        // A broker that fails half-way says "system error": stored or not.
        String outcomeWord = e.getResponseCode() == ResponseCode.SYSTEM_ERROR ? "unknown " : "refused ";
        return outcomeWord + key + " -1 -1 code=" + e.getResponseCode();
    }

    static String outcomeOf(SendResult result, String key) {
        // Anything but SEND_OK means stored here and perhaps nowhere else: no promise was made.
        String word = result.getSendStatus() == SendStatus.SEND_OK ? "ok" : "unknown";
        return word + " " + key + " " + result.getMessageQueue().getQueueId() + " " + result.getQueueOffset() + " "
                + result.getSendStatus();
    }
}
