package io.mqcontroller.controller.http;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.ElectionReason;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.remoting.RequestCode;
import io.mqcontroller.raft.core.LogPosition;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.core.Rejection;
import io.mqcontroller.raft.core.RoleName;
import io.mqcontroller.raft.node.ProposalResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names, labels, units and buckets are those that a board for RocketMQ's controller asks for. */
class ApacheMetricsTest {
    private static final String COMMON =
            "address=\"h:9877\",%s,group=\"demo\",otel_scope_name=\"controller\",peer_id=\"n0\"";
    private static final GroupKey GROUP = new GroupKey("C", "broker-a");

    @TempDir
    Path folder;

    private Metrics metrics;
    private ApacheMetrics apache;
    private RoleName role = RoleName.LEADER;

    @BeforeEach
    void create() {
        metrics = new Metrics("1.2.3", folder);
        apache = new ApacheMetrics(metrics, "demo", "n0", "h:9877");
    }

    @AfterEach
    void close() {
        metrics.close();
    }

    private RaftStatus status() {
        LogPosition nowhere = new LogPosition(0, 0);
        return new RaftStatus(
                new NodeId("n0"), role, true, 1, Optional.empty(), 0, 0, nowhere, 0, nowhere, 0, List.of());
    }

    private String scrape() {
        return new String(metrics.page().answer(new HttpPage.Query("", false)).body(), StandardCharsets.UTF_8);
    }

    private void assertHas(String line) {
        String page = scrape();
        assertTrue(
                page.lines().anyMatch(line::equals),
                () -> line + " is not among\n"
                        + page.lines().filter(l -> l.contains("n0")).toList());
    }

    @Test
    void requestsAreCountedAndTimedByTheirNames() {
        RemotingMetrics remoting = new RemotingMetrics(metrics, apache);
        remoting.onRequest(RequestCode.ELECT_MASTER, 2012, 2_000_000);
        remoting.onRequest(RequestCode.ELECT_MASTER, 2, 2_000_000);
        remoting.onRequest(31_337, 3, 1_000);

        String type = "request_type=\"CONTROLLER_ELECT_MASTER\"";
        String labels = "address=\"h:9877\",group=\"demo\",otel_scope_name=\"controller\",peer_id=\"n0\",";
        assertHas("request_total{" + labels + "request_handle_status=\"success\"," + type + "} 1.0");
        assertHas("request_total{" + labels + "request_handle_status=\"failed\"," + type + "} 1.0");
        assertHas("request_latency_microseconds_bucket{" + labels + type + ",le=\"1000.0\"} 0");
        assertHas("request_latency_microseconds_bucket{" + labels + type + ",le=\"3000.0\"} 2");
        assertHas("request_latency_microseconds_sum{" + labels + type + "} 4000.0");
    }

    @Test
    void electionsAreCountedByGroupAndResult() {
        ControllerMetrics controller = new ControllerMetrics(metrics, apache);
        controller.onElection(GROUP, ElectionReason.MASTER_DEAD, Optional.of(new BrokerId(2)), false);
        controller.onElection(GROUP, ElectionReason.MASTER_DEAD, Optional.empty(), false);

        String labels = COMMON.formatted("broker_set=\"broker-a\",cluster=\"C\",election_result=\"%s\"");
        assertHas("election_total{" + labels.formatted("new_master_elected") + "} 1.0");
        assertHas("election_total{" + labels.formatted("no_master_elected") + "} 1.0");
    }

    @Test
    void proposalsAreCountedAndTimedByResult() {
        RaftMetrics raft = new RaftMetrics(metrics, apache);
        raft.onCommitted(700_000);
        raft.onNotCommitted(new ProposalResult.NotDone(Rejection.OVERLOADED, Optional.empty()));

        String labels = COMMON.formatted("dLedger_operation_status=\"%s\",dledger_operation=\"append\"");
        assertHas("dledger_op_total{" + labels.formatted("success") + "} 1.0");
        assertHas("dledger_op_total{" + labels.formatted("failed") + "} 1.0");
        assertHas("dledger_op_latency_microseconds_sum{" + labels.formatted("success") + "} 700.0");
    }

    @Test
    void roleDiskAndLiveBrokersAreShownAsTheyAre() {
        TreeMap<GroupKey, Integer> active = new TreeMap<>(Map.of(GROUP, 2));
        apache.watch(this::status, () -> 4096, () -> active);

        String labels = COMMON.replace("%s,", "");
        assertHas("role{" + labels + "} 1.0");
        assertHas("dledger_disk_usage_bytes{" + labels + "} 4096.0");
        assertHas("active_broker_num{" + COMMON.formatted("broker_set=\"broker-a\",cluster=\"C\"") + "} 2.0");
        role = RoleName.FOLLOWER;
        active.clear();
        assertHas("role{" + labels + "} 0.0");
        assertFalse(scrape().contains("active_broker_num{"), "gone with the leadership");
    }

    @Test
    void withoutTheSwitchNoneOfThemIsThere() {
        new RemotingMetrics(metrics).onRequest(RequestCode.ELECT_MASTER, 0, 1);
        assertFalse(scrape().contains("\nrequest_total"), "only our own names");
    }
}
