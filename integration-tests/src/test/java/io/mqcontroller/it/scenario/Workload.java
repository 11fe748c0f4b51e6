package io.mqcontroller.it.scenario;

import io.mqcontroller.it.check.NothingAcknowledgedIsLost;
import io.mqcontroller.it.cluster.AdminTool;
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
    private static final int PRESSING_RATE_PER_S = 500;
    private static final int PRESSING_CONNECTIONS = 4;

    /** Longer than a master is frozen in any scenario: what waits for it is still wanted when it wakes. */
    private static final int PRESSING_TIMEOUT_MS = 30_000;

    private final TestCluster cluster;
    private final String topic;
    private final ClientProcess producer;

    private Workload(TestCluster cluster, String topic, ClientProcess producer) {
        this.cluster = cluster;
        this.topic = topic;
        this.producer = producer;
    }

    /** Makes the topic on every broker and starts to send, one after the other; returns when messages flow. */
    public static Workload start(TestCluster cluster) {
        String topic = createTopic(cluster);
        return flowing(
                cluster,
                topic,
                ClientProcess.producer(
                        cluster.folder(), cluster.nameServer().address(), topic, topic, RATE_PER_S, SEND_TIMEOUT_MS));
    }

    /** With RocketMQ's own retries and timeout: its outcomes are what an application sees. */
    public static Workload startOrdinary(TestCluster cluster, long pollMs) {
        String topic = createTopic(cluster);
        return flowing(
                cluster,
                topic,
                ClientProcess.ordinaryProducer(
                        cluster.folder(), cluster.nameServer().address(), topic, topic, RATE_PER_S, pollMs));
    }

    /** The same with a producer that sends on without waiting for answers. */
    public static Workload startPressing(TestCluster cluster) {
        String topic = createTopic(cluster);
        return flowing(
                cluster,
                topic,
                ClientProcess.pressingProducer(
                        cluster.folder(),
                        cluster.nameServer().address(),
                        topic,
                        topic,
                        PRESSING_RATE_PER_S,
                        PRESSING_TIMEOUT_MS,
                        PRESSING_CONNECTIONS));
    }

    private static String createTopic(TestCluster cluster) {
        String topic = "topic" + TOPICS.incrementAndGet();
        ClientProcess.createTopic(
                cluster.folder(),
                cluster.nameServer().address(),
                topic,
                QUEUES,
                cluster.brokers().stream().map(Broker::address).toList());
        return topic;
    }

    private static Workload flowing(TestCluster cluster, String topic, ClientProcess producer) {
        Workload workload = new Workload(cluster, topic, producer);
        try {
            cluster.await("messages flow", 60, () -> workload.acknowledged() > 50);
        } catch (AssertionError e) {
            throw new AssertionError(workload.whatClientsSee() + e.getMessage(), e);
        }
        return workload;
    }

    private String whatClientsSee() {
        List<String> lines = producer.lines();
        String route =
                new AdminTool("5.5.0", cluster.folder(), cluster.nameServer().address()).run("topicRoute", "-t", topic);
        return "the producer's last words: " + lines.subList(Math.max(0, lines.size() - 5), lines.size())
                + "\nthe name server's route: " + route + "\n";
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
        List<Stored> stored = finishAndRead();
        failOn(NothingAcknowledgedIsLost.violations(sends(), stored));
        System.out.println("CHECKED " + topic + ": " + counts(stored) + ", nothing lost");
    }

    /** As {@link #finishAndCheck} when several groups have the topic: offsets and queues are each group's own. */
    public void finishAndCheckAcrossGroups() {
        List<Stored> stored = finishAndRead();
        failOn(NothingAcknowledgedIsLost.lost(sends(), stored).stream()
                .map(send -> "acknowledged and gone: " + send)
                .toList());
        System.out.println("CHECKED " + topic + ": " + counts(stored) + ", nothing lost");
    }

    /** As {@link #finishAndCheck}, but lost messages are the caller's to judge. */
    public List<Send> finishAndFindLost() {
        List<Stored> stored = finishAndRead();
        failOn(NothingAcknowledgedIsLost.otherThanLost(sends(), stored));
        List<Send> lost = NothingAcknowledgedIsLost.lost(sends(), stored);
        System.out.println("CHECKED " + topic + ": " + counts(stored) + ", " + lost.size() + " lost");
        return lost;
    }

    private List<Stored> finishAndRead() {
        producer.finish();
        return Stored.parse(
                ClientProcess.read(cluster.folder(), cluster.nameServer().address(), topic));
    }

    private String counts(List<Stored> stored) {
        return sends().size() + " sends, " + acknowledged() + " acknowledged, " + stored.size() + " stored";
    }

    private void failOn(List<String> violations) {
        if (!violations.isEmpty()) {
            throw new AssertionError(violations.size() + " violations, the first:\n"
                    + String.join("\n", violations.subList(0, Math.min(20, violations.size()))) + "\n"
                    + cluster.describe());
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
