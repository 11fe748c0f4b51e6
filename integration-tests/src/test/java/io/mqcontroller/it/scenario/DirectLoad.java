package io.mqcontroller.it.scenario;

import io.mqcontroller.it.check.NothingAcknowledgedIsLost;
import io.mqcontroller.it.cluster.Broker;
import io.mqcontroller.it.cluster.ClientProcess;
import io.mqcontroller.it.cluster.TestCluster;
import io.mqcontroller.it.history.Send;
import io.mqcontroller.it.history.Stored;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Sends to every broker of the group all the time, master or not, and many before the first is answered. */
final class DirectLoad implements AutoCloseable {
    private static final AtomicInteger TOPICS = new AtomicInteger();
    private static final int QUEUES = 4;
    private static final int RATE_PER_S = 100;
    /** Longer than a master stays frozen: what waits in its sockets is seen to the end. */
    private static final int SEND_TIMEOUT_MS = 20_000;

    private final TestCluster cluster;
    private final String topic;
    private final ClientProcess client;

    private DirectLoad(TestCluster cluster, String topic, ClientProcess client) {
        this.cluster = cluster;
        this.topic = topic;
        this.client = client;
    }

    /** Makes a topic on every broker and starts to send; returns when messages flow. */
    static DirectLoad start(TestCluster cluster) {
        String topic = "direct" + TOPICS.incrementAndGet();
        List<String> brokers = cluster.brokers().stream().map(Broker::address).toList();
        ClientProcess.createTopic(cluster.folder(), cluster.nameServer().address(), topic, QUEUES, brokers);
        DirectLoad load = new DirectLoad(
                cluster,
                topic,
                ClientProcess.direct(cluster.folder(), topic, topic, RATE_PER_S, SEND_TIMEOUT_MS, brokers));
        load.awaitMore(50);
        return load;
    }

    List<Send> sends() {
        return Send.parse(client.lines());
    }

    /** Waits until so many more messages have been acknowledged than now. */
    void awaitMore(int count) {
        long enough = acknowledged() + count;
        cluster.await(count + " more messages are acknowledged", 60, () -> acknowledged() >= enough);
    }

    /** Waits until this broker has acknowledged a message since then. */
    void awaitAcknowledgedBy(Broker broker, long sinceMs) {
        cluster.await(broker.address() + " acknowledges", 60, () -> sends().stream()
                .anyMatch(send -> send.isAcknowledged()
                        && send.startMs() > sinceMs
                        && send.detail().startsWith(broker.address() + " ")));
    }

    /** Ends the client; all sends. */
    List<Send> finish() {
        client.finish();
        return sends();
    }

    /** What of these sends became of the log; empty when all is well. */
    List<String> lost(List<Send> sends) {
        List<Stored> stored = Stored.parse(
                ClientProcess.read(cluster.folder(), cluster.nameServer().address(), topic));
        System.out.println("CHECKED " + topic + ": " + sends.size() + " sends, "
                + sends.stream().filter(Send::isAcknowledged).count() + " acknowledged, " + stored.size() + " stored");
        return NothingAcknowledgedIsLost.violations(sends, stored);
    }

    private long acknowledged() {
        return sends().stream().filter(Send::isAcknowledged).count();
    }

    @Override
    public void close() {
        client.close();
    }
}
