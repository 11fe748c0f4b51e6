package io.mqcontroller.it.scenario;

import io.mqcontroller.it.check.NothingAcknowledgedIsLost;
import io.mqcontroller.it.cluster.Broker;
import io.mqcontroller.it.cluster.ClientProcess;
import io.mqcontroller.it.cluster.TestCluster;
import io.mqcontroller.it.history.Send;
import io.mqcontroller.it.history.Stored;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A producer on a topic of its own while a scenario runs, and the check of what became of its messages. */
final class Workload implements AutoCloseable {
    private static final AtomicInteger TOPICS = new AtomicInteger();
    private static final int QUEUES = 4;
    private static final int RATE_PER_S = 100;
    private static final int SEND_TIMEOUT_MS = 500;

    private final TestCluster cluster;
    private final String topic;
    private final ClientProcess producer;

    private Workload(TestCluster cluster, String topic, ClientProcess producer) {
        this.cluster = cluster;
        this.topic = topic;
        this.producer = producer;
    }

    /** Makes the topic on every broker and starts to send; returns when messages flow. */
    public static Workload start(TestCluster cluster) {
        String topic = "topic" + TOPICS.incrementAndGet();
        String nameServer = cluster.nameServer().address();
        ClientProcess.createTopic(
                cluster.folder(),
                nameServer,
                topic,
                QUEUES,
                cluster.brokers().stream().map(Broker::address).toList());
        Workload workload = new Workload(
                cluster,
                topic,
                ClientProcess.producer(cluster.folder(), nameServer, topic, topic, RATE_PER_S, SEND_TIMEOUT_MS));
        cluster.await("messages flow", 60, () -> workload.acknowledged() > 50);
        return workload;
    }

    public String topic() {
        return topic;
    }

    public List<Send> sends() {
        return Send.parse(producer.lines());
    }

    public long acknowledged() {
        return sends().stream().filter(Send::isAcknowledged).count();
    }

    /** Waits until so many more messages have been acknowledged than now. */
    public void awaitMore(int count) {
        long enough = acknowledged() + count;
        cluster.await(count + " more messages are acknowledged", 60, () -> acknowledged() >= enough);
    }

    /** Ends the producer, reads the whole topic and fails with every message that was promised and is not there. */
    public void finishAndCheck() {
        producer.finish();
        List<Send> sends = sends();
        List<Stored> stored = Stored.parse(
                ClientProcess.read(cluster.folder(), cluster.nameServer().address(), topic));
        List<String> violations = NothingAcknowledgedIsLost.violations(sends, stored);
        if (!violations.isEmpty()) {
            throw new AssertionError(violations.size() + " violations, the first:\n"
                    + String.join("\n", violations.subList(0, Math.min(20, violations.size()))) + "\n"
                    + cluster.describe());
        }
        System.out.println("CHECKED " + topic + ": " + sends.size() + " sends, "
                + sends.stream().filter(Send::isAcknowledged).count() + " acknowledged, " + stored.size()
                + " stored, nothing lost");
    }

    @Override
    public void close() {
        producer.close();
    }
}
