package io.mqcontroller.it.scenario;

import io.mqcontroller.it.check.MastersNeverOverlap;
import io.mqcontroller.it.check.NothingAcknowledgedIsLost;
import io.mqcontroller.it.check.OneAcknowledgesAtATime;
import io.mqcontroller.it.check.OneMasterPerEpoch;
import io.mqcontroller.it.cluster.Broker;
import io.mqcontroller.it.cluster.ClientProcess;
import io.mqcontroller.it.cluster.TestCluster;
import io.mqcontroller.it.fault.GroupWatch;
import io.mqcontroller.it.fault.Report;
import io.mqcontroller.it.history.Seen;
import io.mqcontroller.it.history.Send;
import io.mqcontroller.it.history.Stored;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Every broker is sent to all the time, master or not, by a producer that asks nobody where to send, and who is master is
 * watched; while a scenario runs.
 */
final class TwoSides implements AutoCloseable {
    private static final AtomicInteger TOPICS = new AtomicInteger();
    private static final int QUEUES = 4;
    private static final int RATE_PER_S = 100;
    /** Longer than any broker waits for a slave: an acknowledgement that comes late is seen. */
    private static final int SEND_TIMEOUT_MS = 10_000;

    private final TestCluster cluster;
    private final String topic;
    private final ClientProcess producers;
    private final GroupWatch watch;

    private TwoSides(TestCluster cluster, String topic) {
        this.cluster = cluster;
        this.topic = topic;
        List<String> brokers = cluster.brokers().stream().map(Broker::address).toList();
        ClientProcess.createTopic(cluster.folder(), cluster.nameServer().address(), topic, QUEUES, brokers);
        producers = ClientProcess.direct(cluster.folder(), topic, topic, RATE_PER_S, SEND_TIMEOUT_MS, brokers);
        watch = new GroupWatch(cluster::group);
    }

    /** Makes a topic on every broker and starts to send to each; returns when the master acknowledges. */
    static TwoSides watch(TestCluster cluster) {
        TwoSides sides = new TwoSides(cluster, "sides" + TOPICS.incrementAndGet());
        sides.awaitMore(cluster.master(), 50);
        return sides;
    }

    /** Waits until this broker has acknowledged so many more messages than now. */
    void awaitMore(Broker broker, int count) {
        long enough = acknowledgedSince(broker, 0) + count;
        cluster.await(
                "broker " + broker.id().orElse(-1) + " acknowledges " + count + " more messages",
                60,
                () -> acknowledgedSince(broker, 0) >= enough);
    }

    /** Number of messages that this broker has acknowledged and that were begun later than this. */
    long acknowledgedSince(Broker broker, long ms) {
        return sends(broker).stream()
                .filter(send -> send.isAcknowledged() && send.startMs() > ms)
                .count();
    }

    /** All that was sent to one broker and has an outcome. */
    List<Send> sends(Broker broker) {
        return sends().stream()
                .filter(send -> send.detail().startsWith(broker.address() + " "))
                .toList();
    }

    /** Who was master, so far. */
    List<Seen> masters() {
        return watch.seen();
    }

    /** Milliseconds from the given moment until a controller showed another master than this broker, or -1. */
    long electedAfterMs(long ms, Broker old) {
        long id = old.id().orElseThrow();
        return watch.seen().stream()
                .filter(seen -> seen.atMs() >= ms
                        && seen.master().isPresent()
                        && seen.master().getAsLong() != id)
                .mapToLong(seen -> seen.atMs() - ms)
                .findFirst()
                .orElse(-1);
    }

    /** From the given moment until this broker acknowledged something for the last time, or -1. */
    long lastAcknowledgedAfterMs(long ms, Broker broker) {
        return sends(broker).stream()
                .filter(send -> send.isAcknowledged() && send.endMs() > ms)
                .mapToLong(send -> send.endMs() - ms)
                .max()
                .orElse(-1);
    }

    /** From the given moment until this broker acknowledged something for the first time after it, or -1. */
    long firstAcknowledgedAfterMs(long ms, Broker broker) {
        return sends(broker).stream()
                .filter(send -> send.isAcknowledged() && send.startMs() > ms)
                .mapToLong(send -> send.endMs() - ms)
                .min()
                .orElse(-1);
    }

    /** Ends the producers; nothing is begun after this. */
    void finish() {
        producers.finish();
        watch.close();
    }

    /** Where the brokers acknowledged at the same time; empty when they never did. */
    List<String> overlaps() {
        return OneAcknowledgesAtATime.violations(sendsByBroker(), watch.seen());
    }

    /** Fails unless the group has all that any broker has acknowledged; after {@link #finish}. */
    void checkNothingLost() {
        fail(NothingAcknowledgedIsLost.violations(sends(), stored()));
    }

    /** Number of messages that were acknowledged and are gone, where the ack rule allows it; after {@link #finish}. */
    int lost() {
        return NothingAcknowledgedIsLost.lost(sends(), stored()).size();
    }

    /** Fails if one broker acknowledged anything after the other, which followed it as master, had begun to. */
    void checkHandover(Broker old, Broker successor) {
        fail(MastersNeverOverlap.violations(sends(), old.address(), successor.address()));
    }

    /** Fails unless the brokers took turns and each epoch had one master; after {@link #finish}. */
    void checkTurns() {
        fail(overlaps());
        fail(OneMasterPerEpoch.violations(watch.seen()));
    }

    /** One line for people: how much was acknowledged, and how long by nobody. */
    void report(String title, String times) {
        Map<String, List<Send>> sends = sendsByBroker();
        StringBuilder counts = new StringBuilder(":");
        sends.forEach((id, all) -> counts.append(" broker ")
                .append(id)
                .append(' ')
                .append(all.stream().filter(Send::isAcknowledged).count())
                .append(" of ")
                .append(all.size()));
        String silence = OneAcknowledgesAtATime.longestSilence(sends)
                .map(longest -> longest.lengthMs() + " ms from broker " + longest.from() + " to " + longest.to())
                .orElse("ever");
        String turns = overlaps().isEmpty() ? "one after the other" : "both at once";
        Report.line(title + ": " + times + "; nobody acknowledged for " + silence + "; acknowledged " + turns + counts);
    }

    private List<Stored> stored() {
        return Stored.parse(
                ClientProcess.read(cluster.folder(), cluster.nameServer().address(), topic));
    }

    private List<Send> sends() {
        return Send.parse(producers.lines());
    }

    private Map<String, List<Send>> sendsByBroker() {
        Map<String, List<Send>> sends = new TreeMap<>();
        cluster.brokers().forEach(broker -> sends.put(Long.toString(broker.id().orElseThrow()), sends(broker)));
        return sends;
    }

    private void fail(List<String> violations) {
        if (!violations.isEmpty()) {
            throw new AssertionError(violations.size() + " violations, the first:\n"
                    + String.join("\n", violations.subList(0, Math.min(25, violations.size()))) + "\nmasters "
                    + watch.seen() + "\n" + cluster.describe());
        }
    }

    @Override
    public void close() {
        producers.close();
        watch.close();
    }
}
