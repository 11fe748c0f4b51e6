package io.mqcontroller.benchmark;

import io.mqcontroller.it.cluster.ControllerClient;
import io.mqcontroller.it.cluster.RemotingClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Heartbeats as they come in truth: each over a connection of its own, spread over time, none behind another. */
final class PacedHeartbeats {
    private static final int CONNECTIONS = 500;
    private static final long ROUND_MS = 100;

    private PacedHeartbeats() {}

    /** CPU of all controllers for one heartbeat. */
    static double cpuMs(Target target, double seconds) throws IOException, InterruptedException {
        List<RemotingClient> brokers = new ArrayList<>();
        try {
            String leader = target.leader();
            for (int i = 0; i < CONNECTIONS; i++) {
                brokers.add(new RemotingClient(leader));
            }
            round(brokers);
            long cpuBeforeMs = target.cpuMs();
            long rounds = Math.round(seconds * 1_000 / ROUND_MS);
            long startNanos = System.nanoTime();
            for (long i = 0; i < rounds; i++) {
                round(brokers);
                long aheadMs = (i + 1) * ROUND_MS - (System.nanoTime() - startNanos) / 1_000_000;
                if (aheadMs > 0) {
                    Thread.sleep(aheadMs);
                }
            }
            return (double) (target.cpuMs() - cpuBeforeMs) / (rounds * CONNECTIONS);
        } finally {
            brokers.forEach(RemotingClient::close);
        }
    }

    private static void round(List<RemotingClient> brokers) throws IOException {
        for (int i = 0; i < brokers.size(); i++) {
            brokers.get(i).sendOneway(ControllerClient.HEARTBEAT, Heartbeats.fields("paced-" + i, 1));
        }
    }
}
