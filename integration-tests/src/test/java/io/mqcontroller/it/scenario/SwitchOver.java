package io.mqcontroller.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mqcontroller.it.cluster.GroupView;
import io.mqcontroller.it.cluster.TestCluster;
import io.mqcontroller.it.fault.Report;
import io.mqcontroller.it.history.Send;
import io.mqcontroller.proto.controller.ServerFrame;
import io.mqcontroller.proto.controller.StatusCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Planned switch-overs, there and back ({@code -Dit.switchOvers}, 1), under a producer with RocketMQ's own retries: no send fails,
 * and nothing that was acknowledged is lost, whatever the rule for acknowledging.
 */
final class SwitchOver {
    private static final int TIMES = Integer.getInteger("it.switchOvers", 1);
    private static final long POLL_MS = Long.getLong("it.pollMs", 2_000);

    private SwitchOver() {}

    static void run(TestCluster cluster, String title) throws IOException {
        List<Long> silencesMs = new ArrayList<>();
        List<Long> tookMs = new ArrayList<>();
        try (Workload workload = Workload.startOrdinary(cluster, POLL_MS)) {
            for (int i = 0; i < TIMES; i++) {
                GroupView before = cluster.awaitAllInSync();
                long to = before.inSync().stream()
                        .filter(id -> !before.isMaster(id))
                        .findFirst()
                        .orElseThrow();
                workload.awaitMore(50);
                long askedAtMs = System.currentTimeMillis();
                ServerFrame answer = cluster.await(
                        "replica " + to + " is eligible, and master",
                        30,
                        () -> MembersTool.switchOver(cluster.controllers().awaitLeader(), to),
                        frame -> !isTooEarly(frame));
                tookMs.add(System.currentTimeMillis() - askedAtMs);
                assertEquals(StatusCode.OK, answer.getStatus().getCode(), answer + cluster.describe());
                assertEquals(to, answer.getSwitchOver().getGroup().getMaster());
                workload.awaitMore(100);
                GroupView after = cluster.awaitAllInSync();
                assertEquals(before.masterEpoch() + 1, after.masterEpoch(), "one election");
                silencesMs.add(Send.longestSilenceMs(workload.sends(), askedAtMs));
            }
            workload.finishAndCheck();
            assertEquals(
                    List.of(),
                    workload.sends().stream()
                            .filter(send -> !send.isAcknowledged())
                            .toList(),
                    cluster.describe());
        }
        Report.line(title + ", " + TIMES + " planned switch-overs: writes paused for " + median(silencesMs)
                + " ms (all: " + silencesMs + "), answered after " + median(tookMs) + " ms (all: " + tookMs + ")");
    }

    /** A slave calls itself unfit until it has the topics and subscriptions of its new master. */
    private static boolean isTooEarly(ServerFrame answer) {
        return answer.getStatus().getMessage().startsWith("NOT_ELIGIBLE: ");
    }

    private static long median(List<Long> values) {
        List<Long> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }
}
