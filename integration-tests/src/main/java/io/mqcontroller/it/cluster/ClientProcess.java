package io.mqcontroller.it.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Apache's client in a process of its own, through the client driver. */
public final class ClientProcess implements AutoCloseable {
    private final ManagedProcess process;

    private ClientProcess(String name, Path folder, String... arguments) {
        List<String> command = ApacheCommand.driver(
                "5.5.0", folder.resolve("home-" + name), "-Xmx96m -XX:+UseSerialGC -XX:TieredStopAtLevel=1", arguments);
        process = ManagedProcess.start(name, folder, command, Map.of());
    }

    /** Makes a topic on each of the brokers. */
    public static void createTopic(Path folder, String nameServer, String topic, int queues, List<String> brokers) {
        List<String> arguments = new ArrayList<>(List.of("topic", nameServer, topic, Integer.toString(queues)));
        arguments.addAll(brokers);
        List<String> report = ClientErrands.run(folder, 60, arguments.toArray(new String[0]));
        if (report.stream().noneMatch(line -> line.startsWith("END "))) {
            throw new IllegalStateException("cannot make topic " + topic + ":\n" + String.join("\n", report));
        }
    }

    /** Sends until {@link #finish}: so many messages a second, each tried once with this time limit. */
    public static ClientProcess producer(
            Path folder, String nameServer, String topic, String keyPrefix, int ratePerSecond, int timeoutMs) {
        return new ClientProcess(
                "producer-" + keyPrefix,
                folder,
                "produce",
                nameServer,
                topic,
                keyPrefix,
                Integer.toString(ratePerSecond),
                Integer.toString(timeoutMs));
    }

    /** Sends until {@link #finish} as RocketMQ's producers do by themselves, but asks the name server so often. */
    public static ClientProcess ordinaryProducer(
            Path folder, String nameServer, String topic, String keyPrefix, int ratePerSecond, long pollMs) {
        return new ClientProcess(
                "producer-" + keyPrefix,
                folder,
                "produce-ordinarily",
                nameServer,
                topic,
                keyPrefix,
                Integer.toString(ratePerSecond),
                Long.toString(pollMs));
    }

    /** Sends to each of these brokers until {@link #finish}, master or not, without waiting for answers. */
    public static ClientProcess direct(
            Path folder, String topic, String keyPrefix, int ratePerSecond, int timeoutMs, List<String> brokers) {
        List<String> arguments = new ArrayList<>(
                List.of("direct", topic, keyPrefix, Integer.toString(ratePerSecond), Integer.toString(timeoutMs)));
        arguments.addAll(brokers);
        return new ClientProcess("direct-" + keyPrefix, folder, arguments.toArray(new String[0]));
    }

    /** As {@link #producer}, but does not wait for answers: it sends on, in turn over so many connections. */
    public static ClientProcess pressingProducer(
            Path folder,
            String nameServer,
            String topic,
            String keyPrefix,
            int ratePerSecond,
            int timeoutMs,
            int connections) {
        return new ClientProcess(
                "producer-" + keyPrefix,
                folder,
                "press",
                nameServer,
                topic,
                keyPrefix,
                Integer.toString(ratePerSecond),
                Integer.toString(timeoutMs),
                Integer.toString(connections));
    }

    /** Sends so many mebibytes, a mebibyte a message; returns when all of it is acknowledged. */
    public static void fill(Path folder, String nameServer, String topic, int mebibytes) {
        try (ClientProcess client =
                new ClientProcess("fill-" + topic, folder, "fill", nameServer, topic, Integer.toString(mebibytes))) {
            if (client.process.awaitExit(300) != 0) {
                throw new IllegalStateException("cannot fill topic " + topic + ":\n" + client.process.tail(30));
            }
        }
    }

    /** Consumes until {@link #finish}. */
    public static ClientProcess consumer(Path folder, String nameServer, String topic, String group) {
        return new ClientProcess("consumer-" + group, folder, "consume", nameServer, topic, group);
    }

    /** Reads all of a topic once; the lines it printed, and what it was doing if it did not come to an end. */
    public static List<String> read(Path folder, String nameServer, String topic) {
        return ClientErrands.run(folder, 60, "read", nameServer, topic, "40000");
    }

    /** The report so far. */
    public List<String> lines() {
        return process.lines();
    }

    /** Lets the client finish what it has begun and end. */
    public void finish() {
        process.endInput(30);
    }

    public ManagedProcess process() {
        return process;
    }

    @Override
    public void close() {
        process.close();
    }
}
