package io.mqcontroller.it.driver;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.rocketmq.common.message.MessageConst;
import org.apache.rocketmq.common.message.MessageDecoder;
import org.apache.rocketmq.remoting.InvokeCallback;
import org.apache.rocketmq.remoting.exception.RemotingConnectException;
import org.apache.rocketmq.remoting.netty.NettyClientConfig;
import org.apache.rocketmq.remoting.netty.NettyRemotingClient;
import org.apache.rocketmq.remoting.netty.ResponseFuture;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.RequestCode;
import org.apache.rocketmq.remoting.protocol.ResponseCode;
import org.apache.rocketmq.remoting.protocol.header.SendMessageRequestHeader;

/**
 * {@code direct TOPIC KEY_PREFIX RATE_PER_S TIMEOUT_MS ADDRESS...}: sends to every broker named, master or not, without asking
 * any name server, and does not wait for one answer before the next message. So a broker that was frozen finds many of them
 * waiting, and two brokers that both acknowledge are seen by one clock. The detail of each line is the address of the broker that
 * answered: one that ends passes sends on to another and says so.
 */
final class DirectCommand {
    private static final int QUEUES = 4;
    private static final long LOOK_EVERY_MS = 20;
    private static final String RELAYED_FIELD = "_mqcRelayedTo";

    private final NettyRemotingClient client = new NettyRemotingClient(new NettyClientConfig());
    private final String topic;
    private final String keyPrefix;
    private final long pauseMs;
    private final long timeoutMs;
    private final List<String> addresses;
    private final AtomicInteger unanswered = new AtomicInteger();

    private DirectCommand(String[] args) {
        topic = args[0];
        keyPrefix = args[1];
        pauseMs = Math.max(1, 1_000 / Integer.parseInt(args[2]));
        timeoutMs = Long.parseLong(args[3]);
        addresses = List.of(Arrays.copyOfRange(args, 4, args.length));
    }

    static void run(String[] args) throws Exception {
        new DirectCommand(args).run();
    }

    private void run() throws Exception {
        client.start();
        // One thread a broker: a connection that can't be made holds up nobody else.
        ScheduledExecutorService senders = Executors.newScheduledThreadPool(addresses.size());
        for (int i = 0; i < addresses.size(); i++) {
            Sender sender = new Sender(addresses.get(i), i);
            senders.scheduleWithFixedDelay(sender, 0, pauseMs, TimeUnit.MILLISECONDS);
        }
        ClientDriver.report("READY");
        ClientDriver.awaitEndOfInput();
        senders.shutdown();
        senders.awaitTermination(timeoutMs, TimeUnit.MILLISECONDS);
        for (long waitedMs = 0; unanswered.get() > 0 && waitedMs < timeoutMs; waitedMs += LOOK_EVERY_MS) {
            Thread.sleep(LOOK_EVERY_MS);
        }
        client.shutdown();
    }

    /** Sends to one broker. */
    private final class Sender implements Runnable {
        private final String address;
        private final int number;
        private long sent;

        Sender(String address, int number) {
            this.address = address;
            this.number = number;
        }

        @Override
        public void run() {
            String key = keyPrefix + "-" + number + "-" + sent++;
            long startMs = System.currentTimeMillis();
            unanswered.incrementAndGet();
            try {
                client.invokeAsync(address, request(key, (int) (sent % QUEUES)), timeoutMs, new Answer(startMs, key));
            } catch (RemotingConnectException e) {
                report(startMs, "refused", key, "not connected");
            } catch (InterruptedException e) {
                unanswered.decrementAndGet();
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                report(startMs, "unknown", key, e.getClass().getSimpleName());
            }
        }

        private void report(long startMs, String outcome, String key, String why) {
            report(startMs, outcome, key, why, address);
        }

        private void report(long startMs, String outcome, String key, String why, String answering) {
            unanswered.decrementAndGet();
            ClientDriver.report("SEND " + startMs + " " + System.currentTimeMillis() + " " + outcome + " " + key
                    + " -1 -1 " + answering + " " + why);
        }

        /** The answer to one send. */
        private final class Answer implements InvokeCallback {
            private final long startMs;
            private final String key;

            Answer(long startMs, String key) {
                this.startMs = startMs;
                this.key = key;
            }

            @Override
            public void operationComplete(ResponseFuture future) {
                // The two below are called.
            }

            @Override
            public void operationSucceed(RemotingCommand response) {
                Map<String, String> fields = response.getExtFields() == null ? Map.of() : response.getExtFields();
                String answering = fields.getOrDefault(RELAYED_FIELD, address);
                report(startMs, outcomeOf(response.getCode()), key, "code=" + response.getCode(), answering);
            }

            @Override
            public void operationFail(Throwable failure) {
                report(startMs, "unknown", key, failure.getClass().getSimpleName());
            }
        }
    }

    private static String outcomeOf(int code) {
        return switch (code) {
            case ResponseCode.SUCCESS -> "ok";
            case ResponseCode.SYSTEM_ERROR,
                    ResponseCode.FLUSH_DISK_TIMEOUT,
                    ResponseCode.FLUSH_SLAVE_TIMEOUT,
                    ResponseCode.SLAVE_NOT_AVAILABLE -> "unknown";
            default -> "refused";
        };
    }

    private RemotingCommand request(String key, int queue) {
        SendMessageRequestHeader header = new SendMessageRequestHeader();
        header.setProducerGroup("direct");
        header.setTopic(topic);
        header.setDefaultTopic("TBW102");
        header.setDefaultTopicQueueNums(QUEUES);
        header.setQueueId(queue);
        header.setSysFlag(0);
        header.setBornTimestamp(System.currentTimeMillis());
        header.setFlag(0);
        header.setReconsumeTimes(0);
        header.setProperties(MessageDecoder.messageProperties2String(
                Map.of(MessageConst.PROPERTY_KEYS, key, MessageConst.PROPERTY_UNIQ_CLIENT_MESSAGE_ID_KEYIDX, key)));
        RemotingCommand request = RemotingCommand.createRequestCommand(RequestCode.SEND_MESSAGE, header);
        request.setBody(key.getBytes(StandardCharsets.UTF_8));
        return request;
    }
}
